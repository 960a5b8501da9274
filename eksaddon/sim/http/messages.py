"""Requests and responses as values, independent of the transport."""

from collections.abc import Callable, Mapping
from dataclasses import field
from urllib.parse import parse_qs, unquote

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    Attributes:
        target: Path and query as sent, still percent-encoded.
        headers: By lower-case name.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def segments(self) -> tuple[str, ...]:
        """Segments of the path, decoded separately, so that `%2F` remains inside its segment."""
        path = self.target.partition("?")[0]
        return tuple(unquote(part) for part in path.split("/") if part)

    @property
    def query(self) -> Mapping[str, list[str]]:
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response.

    Attributes:
        cut: Bytes announced by Content-Length that are not sent; the connection closes instead.
    """

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is lost before a response."""


@dataclass(frozen=True, slots=True)
class Unconnected:
    """The server cannot be reached."""


@dataclass(frozen=True, slots=True)
class Silent:
    """No response at all; the client times out."""


Answer = Reply | Lost | Unconnected | Silent


@dataclass(frozen=True, slots=True)
class Delivery:
    """A response and its delay in seconds."""

    answer: Answer
    delay: float = 0.0


Handler = Callable[[Request], Delivery]
"""The interface of a simulated server for adapters."""


class RefusalError(Exception):
    """A service rejects a request.

    Args:
        code: Error code, such as `ResourceInUseException`.
        members: Other members of the error document, such as EKS's `clusterName`.
    """

    def __init__(self, status: int, code: str, message: str, **members: Json) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.members = members
