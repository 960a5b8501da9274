"""The gate in front of the network: once it is closed, this process sends no more requests."""

import socket
import threading
from contextlib import AbstractContextManager, suppress
from weakref import WeakSet

from eksaddon.domain.errors import LeavingError


class RequestGate:
    """Allows requests until it is closed; thread-safe.

    A request takes no lock: hundreds of threads would wait for the one that the interpreter has interrupted
    while it held it. Adding to and removing from a dictionary is one step for other threads.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_closed = False
        self._is_awaited = False
        self._under_way: dict[int, _Passage] = {}
        self._sockets: WeakSet[socket.socket] = WeakSet()

    def passing(self) -> AbstractContextManager[None]:
        """Context of a request and its response.

        Raises:
            LeavingError: When it is entered, if the gate is closed.
        """
        return _Passage(self)

    def entered(self, passage: "_Passage") -> None:
        """Count it before the check, so that a gate that closes meanwhile waits for it or refuses it."""
        self._under_way[id(passage)] = passage
        try:
            self.check()
        except LeavingError:
            self.left(passage)
            raise

    def left(self, passage: "_Passage") -> None:
        del self._under_way[id(passage)]
        if self._is_awaited:  # set before requests are counted, so that the last one is not missed
            with self._changed:
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
        self._is_awaited = True
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)


class _Passage:
    """One request; entered once."""

    __slots__ = ("_gate",)

    def __init__(self, gate: RequestGate) -> None:
        self._gate = gate

    def __enter__(self) -> None:
        self._gate.entered(self)

    def __exit__(self, *_: object) -> None:
        self._gate.left(self)


def _shut(connection: socket.socket) -> None:
    """Shut down a connection, which wakes up a thread waiting for a response; `close` alone would not."""
    with suppress(OSError, ValueError):
        connection.shutdown(socket.SHUT_RDWR)
