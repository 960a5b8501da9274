"""HTTP/1.1 requests out of bytes that come in any pieces (source: RFC 9112); no sockets here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eksaddon.sim.http.messages import Request

MOST_HEAD = 64 * 1024
"""Bytes of request line and headers together."""

MOST_BODY = 4 * 1024 * 1024

_MOST_CHUNK_LINE = 256

_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+) HTTP/1\.([01])")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?")


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


@dataclass(frozen=True, slots=True)
class _Head:
    method: str
    target: str
    headers: dict[str, str]
    keep_alive: bool


class Parser:
    """Collects bytes until they make requests."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._head: _Head | None = None
        self._continue = False

    def feed(self, data: bytes) -> None:
        self._bytes += data

    def take_wish_to_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body; true only once."""
        wanted, self._continue = self._continue, False
        return wanted

    def next(self) -> Received | None:
        """Take the next request; None as long as it is not whole.

        Raises:
            BadRequestError: It never will be.
        """
        if self._head is None:
            self._head = self._read_head()
        if self._head is None:
            return None
        body = self._read_body(self._head.headers)
        if body is None:
            return None
        head, self._head = self._head, None
        self._continue = False
        return Received(Request(head.method, head.target, head.headers, body), head.keep_alive)

    def __iter__(self) -> Iterator[Received]:
        while (received := self.next()) is not None:
            yield received

    def _read_head(self) -> _Head | None:
        while self._bytes.startswith(b"\r\n"):  # RFC 9112, 2.2: between requests
            del self._bytes[:2]
        end = self._bytes.find(b"\r\n\r\n", 0, MOST_HEAD + 4)
        if end < 0:
            if len(self._bytes) > MOST_HEAD:
                raise BadRequestError(431, "Request headers are too large")
            return None
        lines = self._bytes[:end].decode("latin-1").split("\r\n")
        del self._bytes[: end + 4]
        head = _head(lines)
        self._continue = head.headers.get("expect", "").lower() == "100-continue"
        return head

    def _read_body(self, headers: dict[str, str]) -> bytes | None:
        if "transfer-encoding" in headers:
            return self._read_chunks(headers)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise BadRequestError(400, "Content-Length is no number")
        size = int(length[:20])
        if size > MOST_BODY:
            raise BadRequestError(413, "The request body is too large")
        return self._take(size) if len(self._bytes) >= size else None

    def _read_chunks(self, headers: dict[str, str]) -> bytes | None:
        """Read a chunked body only when the whole of it is there, which keeps the state small."""
        if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
            raise BadRequestError(
                400, "Only chunked transfer encoding is supported, and not with a Content-Length"
            )
        body = bytearray()
        at = 0
        while True:
            line_end = self._bytes.find(b"\r\n", at)
            if line_end < 0:
                if len(self._bytes) - at > _MOST_CHUNK_LINE:
                    raise BadRequestError(400, "A chunk has no size")
                return None
            size = _chunk_size(bytes(self._bytes[at:line_end]))
            at = line_end + 2
            if not size:
                return self._after_trailers(at, bytes(body))
            if len(body) + size > MOST_BODY:
                raise BadRequestError(413, "The request body is too large")
            if len(self._bytes) < at + size + 2:
                return None
            body += self._bytes[at : at + size]
            if self._bytes[at + size : at + size + 2] != b"\r\n":
                raise BadRequestError(400, "A chunk is longer than it says")
            at += size + 2

    def _after_trailers(self, at: int, body: bytes) -> bytes | None:
        while True:
            line_end = self._bytes.find(b"\r\n", at)
            if line_end < 0:
                if len(self._bytes) - at > MOST_HEAD:
                    raise BadRequestError(431, "Request trailers are too large")
                return None
            if line_end == at:
                del self._bytes[: at + 2]
                return body
            at = line_end + 2

    def _take(self, size: int) -> bytes:
        body = bytes(self._bytes[:size])
        del self._bytes[:size]
        return body


def _head(lines: list[str]) -> _Head:
    found = _REQUEST_LINE.fullmatch(lines[0])
    if found is None:
        raise BadRequestError(400, "The first line is no HTTP/1 request")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequestError(400, "A header has no name")
        headers[name.lower()] = value.strip()
    wish = headers.get("connection", "").lower()
    keep_alive = wish != "close" if found[3] == "1" else wish == "keep-alive"
    return _Head(found[1], _origin_form(found[2]), headers, keep_alive)


def _origin_form(target: str) -> str:
    """A proxy's client sends the whole URL."""
    if target.startswith("/"):
        return target
    return "/" + target.partition("://")[2].partition("/")[2]


def _chunk_size(line: bytes) -> int:
    found = _CHUNK_SIZE.fullmatch(line)
    if found is None:
        raise BadRequestError(400, "A chunk has no size")
    return int(found[1], 16)
