"""HTTP/1.1 requests out of bytes that come in any pieces, by h11; no sockets here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import h11

from eksaddon.sim.http.messages import Request

MOST_HEAD = 64 * 1024
"""Bytes of request line and headers together, of one chunk's head, and of trailers."""

MOST_BODY = 4 * 1024 * 1024


class BadRequestError(Exception):
    """The bytes are no request that this server takes; the connection cannot go on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Received:
    """A whole request.

    Attributes:
        keep_alive: Whether the connection stays open after the answer.
    """

    request: Request
    keep_alive: bool


class Parser:
    """Collects bytes until they make requests.

    h11 reads one request at a time and waits for its answer; here answers are written by somebody else, so
    that each request has a reader of its own, which begins with what the one before left over.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._reader = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._was_told = False
        self._is_between, self._held = True, b""

    def feed(self, data: bytes) -> None:
        """Take more bytes, without empty lines between requests (RFC 9112, 2.2), which h11 refuses."""
        if self._is_between:
            data = self._held + data
            while data.startswith(b"\r\n"):
                data = data[2:]
            self._is_between = data in {b"", b"\r"}
            self._held = data
        if data and not self._is_between:
            self._reader.receive_data(data)

    def take_wish_to_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body; true only once."""
        wanted = self._reader.they_are_waiting_for_100_continue and not self._was_told
        self._was_told = self._was_told or wanted
        return wanted

    def next(self) -> Received | None:
        """Take the next request; None as long as it is not whole.

        Raises:
            BadRequestError: It never will be.
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
                        return self._whole()
                    case _:
                        return None
        except h11.RemoteProtocolError as error:
            raise BadRequestError(error.error_status_hint, str(error)) from None

    def __iter__(self) -> Iterator[Received]:
        while (received := self.next()) is not None:
            yield received

    def _whole(self) -> Received:
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
    """What h11 lets pass and this server does not."""
    _limit_head(head.headers, len(head.target))
    headers = dict(head.headers)
    if head.http_version not in {b"1.0", b"1.1"} or not (head.method.isalpha() and head.method.isupper()):
        raise BadRequestError(400, "The first line is not an HTTP/1 request")
    if b"transfer-encoding" in headers and b"content-length" in headers:
        raise BadRequestError(400, "Transfer-Encoding and Content-Length contradict each other")
    _limit(int(headers.get(b"content-length", 0)))
    return head


def _limit_head(headers: Iterable[tuple[bytes, bytes]], more: int = 0) -> None:
    """h11 only limits what has not come to its end."""
    if more + sum(len(name) + len(value) + len(": \r\n") for name, value in headers) > MOST_HEAD:
        raise BadRequestError(431, "The request headers are too large")


def _limit(size: int) -> None:
    if size > MOST_BODY:
        raise BadRequestError(413, "The request body is too large")


def _origin_form(target: str) -> str:
    """A proxy's client sends the whole URL."""
    if target.startswith("/"):
        return target
    return "/" + target.partition("://")[2].partition("/")[2]
