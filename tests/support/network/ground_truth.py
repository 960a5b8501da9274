"""What a load balancer did with each query, and its TCP connections, which count the queries on them."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
REJECTED = ""
"""In place of an endpoint's name."""


@dataclass(slots=True)
class Given:
    """One query, and what became of it; times in seconds since the epoch.

    Attributes:
        endpoint: `REJECTED` where no endpoint was left.
        is_swallowed: The endpoint had ended.
        answered: When its reply was passed on; None for a lost query.
    """

    at: float
    source: int
    endpoint: str
    is_swallowed: bool = False
    answered: float | None = None


@dataclass(slots=True, eq=False)
class Connection:
    """A client's TCP connection; where its endpoint has ended, it stands and nothing comes back.

    When the endpoint closes its side, so does the connection towards the client; what the client sent until
    it knew is read and counted.

    Attributes:
        record: Called with each query as it arrives.
    """

    client: socket.socket
    source: int
    endpoint: str
    record: Callable[[Given], None]
    server: socket.socket | None = None
    _waiting: dict[bytes, Given] = field(default_factory=dict)

    def start(self, address: tuple[str, int] | None) -> None:
        """Relay to an endpoint, or to none, on threads of its own."""
        if address is not None:
            with contextlib.suppress(OSError):
                self.server = socket.create_connection(address, timeout=1)
                self.server.settimeout(None)
                threading.Thread(target=self._serve, args=(self.server,), daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        for sock in (self.client, self.server):
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                sock.close()

    def _serve(self, server: socket.socket) -> None:
        _relay(self._answers, server)
        with contextlib.suppress(OSError):
            self.client.shutdown(socket.SHUT_WR)

    def _listen(self) -> None:
        _relay(self._queries, self.client)
        self.close()

    def _queries(self, frame: bytes) -> None:
        given = Given(time.time(), self.source, self.endpoint, is_swallowed=self.server is None)
        self._waiting[frame[2:4]] = given
        self.record(given)
        if self.server is not None:
            with contextlib.suppress(OSError):  # it has ended: the query is lost
                self.server.sendall(frame)

    def _answers(self, frame: bytes) -> None:
        self.client.sendall(frame)
        if (given := self._waiting.pop(frame[2:4], None)) is not None:
            given.answered = time.time()


def _relay(work: Callable[[bytes], None], sock: socket.socket) -> None:
    """Every message of a stream, until its end."""
    with contextlib.suppress(OSError), sock.makefile("rb") as stream:
        while length := stream.read(2):
            work(length + stream.read(int.from_bytes(length)))
