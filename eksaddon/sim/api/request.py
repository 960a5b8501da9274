"""Request parameters, validated against the service model."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.frozen import dataclass
from eksaddon.sim.api.identities import Caller
from eksaddon.sim.http.messages import RefusalError

MOST_PER_PAGE = 100


def invalid(message: str, **members: Json) -> RefusalError:
    return RefusalError(400, "InvalidParameterException", message, **members)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One call of an operation.

    Attributes:
        now: Seconds since the epoch.
    """

    operation: str
    params: Mapping[str, Json]
    caller: Caller
    region: str
    now: float

    @property
    def scope(self) -> Scope:
        return Scope(self.caller.account.id, self.region)

    @property
    def ref(self) -> ClusterRef:
        name = self.text("clusterName") or self.required("name")
        return ClusterRef(self.caller.account.id, self.region, name)

    def text(self, name: str) -> str:
        """A string member; empty if absent.

        Raises:
            RefusalError: It has another type.
        """
        value = self.params.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(f"Value at '{name}' failed to satisfy constraint: Member must be a string")
        return value or ""

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid(f"Value at '{name}' failed to satisfy constraint: Member must not be null")
        return value

    def optional(self, name: str) -> str | None:
        """A string member; None if absent, as opposed to empty."""
        return self.text(name) if self.params.get(name) is not None else None

    def one_of(self, name: str, words: Sequence[str]) -> str:
        """A value of an enumeration; empty if absent."""
        value = self.text(name)
        if value and value not in words:
            raise invalid(
                f"Value '{value}' at '{name}' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(words)}]"
            )
        return value

    def objects(self, name: str) -> tuple[JsonObject, ...] | None:
        """A list of objects; None if absent."""
        value = self.params.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise invalid(f"Value at '{name}' failed to satisfy constraint: Member must be a list of objects")
        return tuple(value)

    def number(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        value = self.params.get(name, default)
        try:
            number = int(str(value))
        except ValueError:
            number = minimum - 1
        if not minimum <= number <= maximum:
            raise invalid(
                f"Value '{value}' at '{name}' failed to satisfy constraint: "
                f"Member must have value between {minimum} and {maximum}"
            )
        return number


@dataclass(frozen=True, slots=True)
class Cut:
    """A page of a sorted list, and the token of the next page; empty on the last."""

    items: tuple[str, ...]
    token: str


def page(names: Sequence[str], *, size: int, token: str, what: str) -> Cut:
    """Cut a page from sorted names; the token holds the last name, so that it survives insertions.

    Args:
        token: Token of the previous page; empty for the first page.
        what: Name of the list; tokens of other lists are rejected.

    Raises:
        ValueError: The token was not issued for this list.
    """
    last = _read_token(token, what) if token else None
    rest = [name for name in names if last is None or name > last]
    items = tuple(rest[:size])
    return Cut(items, _token(what, items[-1]) if len(rest) > size else "")


def _token(what: str, last: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([what, last]).encode()).decode()


def _read_token(token: str, what: str) -> str:
    try:
        kind, last = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (binascii.Error, TypeError, ValueError) as error:
        raise ValueError(token) from error
    if kind != what or not isinstance(last, str):
        raise ValueError(token)
    return last
