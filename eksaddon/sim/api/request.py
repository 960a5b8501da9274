"""What a request asks for, checked as far as its service's model says."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import ClusterRef, Scope
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
        """A member that is a string; empty where it is absent.

        Raises:
            RefusalError: It is something else.
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
        """A string, or None where it is absent, which is not the same as empty."""
        return self.text(name) if self.params.get(name) is not None else None

    def one_of(self, name: str, words: Sequence[str]) -> str:
        """An enumeration's word; empty where it is absent."""
        value = self.text(name)
        if value and value not in words:
            raise invalid(
                f"Value '{value}' at '{name}' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(words)}]"
            )
        return value

    def objects(self, name: str) -> tuple[JsonObject, ...] | None:
        """A list of objects; None where it is absent."""
        value = self.params.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise invalid(f"Value at '{name}' failed to satisfy constraint: Member must be a list of objects")
        return tuple(value)

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.params.get(name, default)
        try:
            number = int(str(value))
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise invalid(
                f"Value '{value}' at '{name}' failed to satisfy constraint: "
                f"Member must have value between {least} and {most}"
            )
        return number


@dataclass(frozen=True, slots=True)
class Cut:
    """A page of a sorted list, and the token of the next, empty on the last."""

    items: tuple[str, ...]
    token: str


def page(names: Sequence[str], *, size: int, after: str, what: str) -> Cut:
    """Cut a page from sorted names; the token holds the last name, so that it survives insertions.

    Args:
        after: The token that came with the page before, empty for the first.
        what: The list's name; a token of another list is refused.

    Raises:
        ValueError: The token is none that was ever given out for this list.
    """
    last = _read_token(after, what) if after else None
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
