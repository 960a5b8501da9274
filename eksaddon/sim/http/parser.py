"""Parses HTTP/1.1 requests from bytes with h11; no sockets."""

from collections.abc import Iterable, Iterator

import h11

from eksaddon.frozen import dataclass
from eksaddon.sim.http.messages import Request

MOST_HEAD = 64 * 1024
"""Maximum bytes of request line and headers, of a chunk header, and of trailers."""

MOST_BODY = 4 * 1024 * 1024


class BadRequestError(Exception):
    """The bytes are not a supported request; the connection cannot continue."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Received:
    """A complete request.

    Attributes:
        keep_alive: Whether the connection stays open after the response.
    """

    request: Request
    keep_alive: bool


class Parser:
    """Buffers bytes until requests are complete.

    h11 reads one request and waits for its response. Responses are written elsewhere here, so each request
    has its own h11 connection, which starts with the remaining bytes of the previous one.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._reader = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._was_reported = False
        self._is_between, self._held = True, b""

    def feed(self, data: bytes) -> None:
        """Add bytes; drops empty lines between requests (RFC 9112, 2.2), which h11 rejects."""
        if self._is_between:
            data = self._held + data
            while data.startswith(b"\r\n"):
                data = data[2:]
            self._is_between = data in {b"", b"\r"}
            self._held = data
        if data and not self._is_between:
            self._reader.receive_data(data)

    def take_expect_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body; true only once."""
        is_waiting = self._reader.they_are_waiting_for_100_continue and not self._was_reported
        self._was_reported = self._was_reported or is_waiting
        return is_waiting

    def next(self) -> Received | None:
        """Take the next request; None until it is complete.

        Raises:
            BadRequestError: The request is invalid.
        """
        try:
            while True:
                match self._reader.next_event():
                    case h11.Request() as head:
                        self._head = _checked(head)
                    case h11.Data(data=data):
                        self._body += data
                        _limit(len(self._body))
                    case h11.EndOfMessage(headers=trailers):
                        _limit_head(trailers)
                        return self._received()
                    case _:
                        return None
        except h11.RemoteProtocolError as error:
            raise BadRequestError(error.error_status_hint, str(error)) from None

    def __iter__(self) -> Iterator[Received]:
        while (received := self.next()) is not None:
            yield received

    def _received(self) -> Received:
        head, rest = self._head, self._reader.trailing_data[0]
        assert head is not None  # noqa: S101  # h11 ends no message that it did not begin
        request = Request(
            head.method.decode("latin-1"),
            _origin_form(head.target.decode("latin-1")),
            {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers},
            bytes(self._body),
        )
        received = Received(request, self._reader.their_state is not h11.MUST_CLOSE)
        self._begin()
        self.feed(rest)
        return received


def _checked(head: h11.Request) -> h11.Request:
    """Reject what h11 accepts but this server does not support."""
    _limit_head(head.headers, len(head.target))
    headers = dict(head.headers)
    if head.http_version not in {b"1.0", b"1.1"} or not (head.method.isalpha() and head.method.isupper()):
        raise BadRequestError(400, "The first line is not an HTTP/1 request")
    if b"transfer-encoding" in headers and b"content-length" in headers:
        raise BadRequestError(400, "Transfer-Encoding and Content-Length contradict each other")
    _limit(int(headers.get(b"content-length", 0)))
    return head


def _limit_head(headers: Iterable[tuple[bytes, bytes]], more: int = 0) -> None:
    """Limit complete heads too; h11 limits only incomplete ones."""
    if more + sum(len(name) + len(value) + len(": \r\n") for name, value in headers) > MOST_HEAD:
        raise BadRequestError(431, "The request headers are too large")


def _limit(size: int) -> None:
    if size > MOST_BODY:
        raise BadRequestError(413, "The request body is too large")


def _origin_form(target: str) -> str:
    """Convert the absolute URL that clients send to a proxy."""
    if target.startswith("/"):
        return target
    return "/" + target.partition("://")[2].partition("/")[2]
