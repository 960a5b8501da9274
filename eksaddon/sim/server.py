"""The simulator on a socket, for the AWS CLI, boto3 and whatever else takes AWS_ENDPOINT_URL."""

import asyncio
import signal
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import assert_never

from eksaddon.domain.errors import EksdnsError
from eksaddon.sim.http_parser import BadRequestError, Parser, Received
from eksaddon.sim.wire import Answer, Delivery, Handler, Lost, Reply, Silent, Unconnected

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_LAST_TURNS = 8
"""Turns of the loop before the end: more than asyncio takes from an accepted socket to a connection, and from
an aborted connection to a closed socket."""

_MOST_WAITING = 64
"""Requests of one connection that may wait for an answer, before it is no longer read."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int
    is_tls: bool = False

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_tls else 'http'}://{host}:{self.port}"


@dataclass(slots=True)
class _Switchboard:
    """All connections of a server."""

    connections: "set[_Connection]" = field(default_factory=set)
    is_closed: bool = False

    def close(self) -> None:
        """Hang up on everybody, and on whoever is only just being connected."""
        self.is_closed = True
        for connection in tuple(self.connections):
            connection.hang_up()


class _Connection(asyncio.Protocol):
    """Answers the requests of one connection one after another."""

    def __init__(self, handler: Handler, board: _Switchboard) -> None:
        self._handler = handler
        self._board = board
        self._parser = Parser()
        self._waiting: list[Received] = []
        self._timer: asyncio.TimerHandle | None = None
        self._is_busy = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # a stream server makes no other
        self._transport = transport
        self._board.connections.add(self)
        if self._board.is_closed:
            self.hang_up()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self._board.connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed(data)
        try:
            self._waiting.extend(self._parser)
        except BadRequestError as error:
            self._reject(error)
            return
        if self._parser.wants_continue:
            self._transport.write(_CONTINUE)
        if len(self._waiting) > _MOST_WAITING:
            self._transport.pause_reading()
        self._go_on()

    def hang_up(self) -> None:
        self._transport.abort()

    def _go_on(self) -> None:
        while self._waiting and not self._is_busy and not self._transport.is_closing():
            received = self._waiting.pop(0)
            delivery = self._handler(received.request)
            if delivery.delay:
                self._is_busy = True
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(delivery.delay, self._late, delivery, received)
            else:
                self._answer(delivery.answer, received)
        if not self._waiting and not self._transport.is_closing():
            self._transport.resume_reading()

    def _late(self, delivery: Delivery, received: Received) -> None:
        self._timer = None
        self._is_busy = False
        self._answer(delivery.answer, received)
        self._go_on()

    def _answer(self, answer: Answer, received: Received) -> None:
        match answer:
            case Reply():
                keep = received.keep_alive and not answer.cut
                self._transport.write(_encode(answer, keep_alive=keep))
                if not keep:
                    self._transport.close()
            case Lost() | Unconnected():
                self._reset()
            case Silent():
                self._is_busy = True  # until the client gives up
            case _:
                assert_never(answer)

    def _reset(self) -> None:
        """Break the connection, so that the client sees a reset and not an end."""
        raw = self._transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _reject(self, error: BadRequestError) -> None:
        reply = Reply(error.status, error.message.encode(), "text/plain")
        self._transport.write(_encode(reply, keep_alive=False))
        self._transport.close()


def _encode(reply: Reply, *, keep_alive: bool) -> bytes:
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [
        f"HTTP/1.1 {reply.status} {phrase}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body) + reply.cut}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
        *(f"{name}: {value}" for name, value in reply.headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body


async def listen(
    handler: Handler,
    host: str,
    port: int,
    *,
    tls: ssl.SSLContext | None = None,
    ready: Callable[[Address], None],
    stop: asyncio.Event,
) -> None:
    """Serve until `stop` is set.

    Args:
        port: 0 for any free one.
        ready: Called once with the address, as soon as connections are taken.

    Raises:
        EksdnsError: The address cannot be listened on.
    """
    board = _Switchboard()
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: _Connection(handler, board), host, port, ssl=tls)
    except (OSError, OverflowError) as error:
        raise EksdnsError(
            f"cannot listen on {host}:{port}: {error}", hint="choose another --host or --port"
        ) from error
    try:
        ready(Address(host, server.sockets[0].getsockname()[1], tls is not None))
        await stop.wait()
    finally:
        await _close(server, board)


async def _close(server: asyncio.Server, board: _Switchboard) -> None:
    """Take nobody on any more, hang up on all, and only then close.

    A socket that was accepted before the close, but is no connection yet, would be forgotten by asyncio, and
    its client wait for ever.
    """
    for listening in server.sockets:
        with suppress(NotImplementedError):  # Windows' loop has no readers
            asyncio.get_running_loop().remove_reader(listening.fileno())
    board.close()
    for _ in range(_LAST_TURNS):
        await asyncio.sleep(0)
    server.close()
    await server.wait_closed()


def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    tls: ssl.SSLContext | None = None,
    ready: Callable[[Address], None],
) -> None:
    """Serve until the process is told to end (SIGINT or SIGTERM).

    Raises:
        EksdnsError: The address cannot be listened on.
    """
    asyncio.run(_until_told(handler, host, port, tls=tls, ready=ready))


async def _until_told(
    handler: Handler, host: str, port: int, *, tls: ssl.SSLContext | None, ready: Callable[[Address], None]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
    await listen(handler, host, port, tls=tls, ready=ready, stop=stop)


@contextmanager
def running(
    handler: Handler, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Address]:
    """Serve in a thread of its own for as long as the block lasts.

    Raises:
        EksdnsError: The address cannot be listened on.
    """
    thread = _ServerThread(handler, host, port, tls)
    thread.start()
    try:
        yield thread.address()
    finally:
        thread.finish()


class _ServerThread(threading.Thread):
    def __init__(self, handler: Handler, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        super().__init__(name="eksdns-simulator", daemon=True)
        self._serve = (handler, host, port)
        self._tls = tls
        self._is_settled = threading.Event()
        self._address: Address | None = None
        self._error: EksdnsError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._main())
        except EksdnsError as error:
            self._error = error
        finally:
            self._is_settled.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        await listen(*self._serve, tls=self._tls, ready=self._ready, stop=self._ending)

    def _ready(self, address: Address) -> None:
        self._address = address
        self._is_settled.set()

    def address(self) -> Address:
        """Wait until the server listens."""
        self._is_settled.wait()
        if self._address is None:
            raise self._error or EksdnsError("the simulator's server ended before it began")
        return self._address

    def finish(self) -> None:
        if self._loop is not None and self._ending is not None and self._address is not None:
            self._loop.call_soon_threadsafe(self._ending.set)
        self.join()
