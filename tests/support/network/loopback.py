"""A tiny HTTP server for what a well-behaved one cannot show: cut bodies, lost connections, odd pages."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Seen:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer; with `announced` its Content-Length lies."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None


@dataclass(frozen=True)
class Reset:
    """The connection is lost after the request was read."""


@dataclass(frozen=True)
class Silence:
    """No answer, until the other side gives up."""


Answer = Reply | Reset | Silence


def ok(document: object) -> Reply:
    return Reply(json.dumps(document).encode())


def error(status: int, code: str, message: str, **members: str) -> Reply:
    body = json.dumps({"message": message, **members}).encode()
    return Reply(body, status, {"x-amzn-ErrorType": code})


class Loopback:
    """Answers every request by a function, one thread for each connection."""

    def __init__(self, answer: Callable[[Seen], Answer], context: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._context = context
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self.seen: list[Seen] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://localhost:{self.port}"

    def targets(self) -> list[str]:
        return [f"{seen.method} {seen.path}" for seen in self.seen]

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        with self._lock:
            left, self._open = self._open, []
        for connection in left:
            _hang_up(connection)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        connection = raw
        try:
            if self._context:
                connection = self._context.wrap_socket(raw, server_side=True)
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            with connection.makefile("rb") as reader:
                while self._exchange(connection, reader):
                    pass
        except (OSError, ValueError):
            return
        finally:
            connection.close()

    def _exchange(self, connection: socket.socket, reader: Any) -> bool:
        line = reader.readline()
        if not line.strip():
            return False
        method, target, _ = line.decode().split()
        headers = {}
        while (line := reader.readline()).strip():
            name, _, value = line.decode().partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect") == "100-continue":  # botocore waits a second for it before it sends a body
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        seen = Seen(method, target, headers, reader.read(int(headers.get("content-length", 0))))
        with self._lock:
            self.seen.append(seen)
        return _send(connection, self._answer(seen))


def _send(connection: socket.socket, answer: Answer) -> bool:
    """Whether the connection stays open."""
    match answer:
        case Reset():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        case Silence():
            connection.recv(1)
            return False
        case Reply(body, status, headers, announced):
            length = len(body) if announced is None else announced
            lines = [f"HTTP/1.1 {status} X", f"Content-Length: {length}"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            return announced is None


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


@contextmanager
def loopback(answer: Callable[[Seen], Answer], context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    server = Loopback(answer, context)
    try:
        yield server
    finally:
        server.close()
