"""The gate in front of the network: once it is closed, this process sends no more requests."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from weakref import WeakSet

from eksaddon.domain.errors import LeavingError


class RequestGate:
    """Allows requests until it is closed; thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_closed = False
        self._under_way = 0
        self._sockets: WeakSet[socket.socket] = WeakSet()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Context of a request and its response.

        Raises:
            LeavingError: The gate is closed.
        """
        with self._changed:
            self.check()
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def check(self) -> None:
        """Raise LeavingError once the gate is closed; called for each part of a request."""
        if self._is_closed:
            raise LeavingError

    def connected(self, connection: socket.socket) -> None:
        """Register a connection, which is shut down when the gate closes.

        Raises:
            LeavingError: The gate is closed.
        """
        with self._changed:
            if self._is_closed:
                _shut(connection)
                raise LeavingError
            self._sockets.add(connection)

    def close(self) -> None:
        """Reject new requests, and shut down the connections of running ones."""
        with self._changed:
            self._is_closed = True
            sockets = list(self._sockets)
        for each in sockets:
            _shut(each)

    def is_idle_within(self, seconds: float) -> bool:
        """Whether no request is in progress, now or within some seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)


def _shut(connection: socket.socket) -> None:
    """Shut down a connection, which wakes up a thread waiting for a response; `close` alone would not."""
    with suppress(OSError, ValueError):
        connection.shutdown(socket.SHUT_RDWR)
