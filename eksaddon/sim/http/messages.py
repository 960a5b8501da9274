"""Requests and answers as values, whichever way they travel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

from eksaddon.domain.json import Json

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    Attributes:
        target: Path and query as sent, still percent-encoded.
        headers: Names in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, each decoded on its own, so that a `%2F` stays inside its part."""
        path = self.target.partition("?")[0]
        return tuple(unquote(part) for part in path.split("/") if part)

    @property
    def query(self) -> Mapping[str, list[str]]:
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        cut: Bytes that Content-Length announces and that never come; the connection closes instead.
    """

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection breaks before an answer."""


@dataclass(frozen=True, slots=True)
class Unconnected:
    """Nobody can be reached at all."""


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer for as long as the other side cares to wait."""


Answer = Reply | Lost | Unconnected | Silent


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer and how late it comes, in seconds."""

    answer: Answer
    delay: float = 0.0


Handler = Callable[[Request], Delivery]
"""What an adapter needs to know of a simulated server."""


class RefusalError(Exception):
    """A service says no.

    Args:
        code: The error code, as `ResourceInUseException`.
        members: Further members of the error document, as EKS' `clusterName`.
    """

    def __init__(self, status: int, code: str, message: str, **members: Json) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.members = members
