"""The last place before the network: once it is closed, nothing of this process is sent any more."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from weakref import WeakSet

from eksaddon.domain.errors import LeavingError


class RequestGate:
    """Lets requests through until it is closed; safe in threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_closed = False
        self._under_way = 0
        self._sockets: WeakSet[socket.socket] = WeakSet()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around a request and its answer.

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
        """Raise LeavingError once the gate is closed; for each piece of a request that is sent."""
        if self._is_closed:
            raise LeavingError

    def connected(self, connection: socket.socket) -> None:
        """Remember a connection, to be shut down when the gate closes.

        Raises:
            LeavingError: The gate is closed already.
        """
        with self._changed:
            if self._is_closed:
                _shut(connection)
                raise LeavingError
            self._sockets.add(connection)

    def close(self) -> None:
        """Refuse what has not begun, and shut the connections of what has."""
        with self._changed:
            self._is_closed = True
            sockets = list(self._sockets)
        for each in sockets:
            _shut(each)

    def is_idle_within(self, seconds: float) -> bool:
        """Whether no request is under way, now or some seconds later."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)


def _shut(connection: socket.socket) -> None:
    """A thread that waits for an answer wakes up at once; `close` alone would leave it waiting."""
    with suppress(OSError, ValueError):
        connection.shutdown(socket.SHUT_RDWR)
