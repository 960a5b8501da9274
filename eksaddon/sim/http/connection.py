"""One connection of the simulator's server."""

import asyncio
import socket
import struct
from dataclasses import field
from http import HTTPStatus
from typing import assert_never

from eksaddon.frozen import dataclass
from eksaddon.sim.http.messages import Answer, Delivery, Handler, Lost, Reply, Silent, Unconnected
from eksaddon.sim.http.parser import BadRequestError, Parser, Received

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_MOST_WAITING = 64
"""Pending requests of a connection before reading pauses."""


@dataclass(slots=True)
class Switchboard:
    """All connections of a server."""

    connections: "set[Connection]" = field(default_factory=set)
    is_closed: bool = False

    def close(self) -> None:
        """Close all connections, including those being accepted."""
        self.is_closed = True
        for connection in tuple(self.connections):
            connection.hang_up()


class Connection(asyncio.Protocol):
    """Handles the requests of one connection in sequence."""

    def __init__(self, handler: Handler, board: Switchboard) -> None:
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
        if self._parser.take_expect_continue():
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
                self._is_busy = True  # until the client disconnects
            case _:
                assert_never(answer)

    def _reset(self) -> None:
        """Reset the connection instead of closing it."""
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
