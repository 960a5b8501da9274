"""The simulator on a socket, for the AWS CLI, boto3 and other clients with AWS_ENDPOINT_URL."""

import asyncio
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from eksaddon.domain.errors import EksdnsError
from eksaddon.frozen import dataclass
from eksaddon.sim.http.connection import Connection, Switchboard
from eksaddon.sim.http.messages import Handler

_LAST_TURNS = 8
"""Iterations of the loop before it ends: more than asyncio needs from an accepted socket to a connection, and
from an aborted connection to a closed socket.
"""


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a server."""

    host: str
    port: int
    is_tls: bool = False

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_tls else 'http'}://{host}:{self.port}"


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
        ready: Called once with the address when the server accepts connections.

    Raises:
        EksdnsError: Cannot listen on the address.
    """
    board = Switchboard()
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: Connection(handler, board), host, port, ssl=tls)
    except (OSError, OverflowError) as error:
        raise EksdnsError(
            f"cannot listen on {host}:{port}: {error}", hint="choose another --host or --port"
        ) from error
    try:
        ready(Address(host, server.sockets[0].getsockname()[1], tls is not None))
        await stop.wait()
    finally:
        await _close(server, board)


async def _close(server: asyncio.Server, board: Switchboard) -> None:
    """Stop accepting, close all connections, then close the server.

    Otherwise asyncio would lose a socket that was accepted but has no connection yet, and its client would
    wait forever.
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
    """Serve until SIGINT or SIGTERM.

    Raises:
        EksdnsError: Cannot listen on the address.
    """
    asyncio.run(_until_signal(handler, host, port, tls=tls, ready=ready))


async def _until_signal(
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
    """Serve in a separate thread while the context is open.

    Raises:
        EksdnsError: Cannot listen on the address.
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
            raise self._error or EksdnsError("the simulator's server stopped before it started")
        return self._address

    def finish(self) -> None:
        if self._loop is not None and self._ending is not None and self._address is not None:
            self._loop.call_soon_threadsafe(self._ending.set)
        self.join()
