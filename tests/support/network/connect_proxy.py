"""A proxy on the loopback that only knows CONNECT, and remembers where to."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CHUNK = 65_536


@dataclass(slots=True)
class ConnectProxy:
    """A running proxy.

    Attributes:
        asked: `host:port` of every tunnel.
        places: Where a tunnel to `host:port` really leads; elsewhere as asked.
    """

    url: str
    places: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def connect_proxy(path: Path | None = None) -> Iterator[ConnectProxy]:
    """Args: path: Of a Unix socket; the URL is that path then."""
    with _listening(path) as listening:
        proxy = ConnectProxy(str(path) if path else f"http://127.0.0.1:{listening.getsockname()[1]}")
        threading.Thread(target=_accept, args=(listening, proxy), daemon=True).start()
        yield proxy


def _listening(path: Path | None) -> socket.socket:
    if path is None:
        return socket.create_server(("127.0.0.1", 0))
    found = socket.socket(socket.AF_UNIX)
    found.bind(str(path))
    found.listen()
    return found


def _accept(listening: socket.socket, proxy: ConnectProxy) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_tunnel, args=(client, proxy), daemon=True).start()


def _tunnel(client: socket.socket, proxy: ConnectProxy) -> None:
    with client, contextlib.suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(CHUNK)
        method, place, _ = head.decode("ascii").split(" ", 2)
        assert method == "CONNECT"
        proxy.asked.append(place)
        host, _, port = proxy.places.get(place, place).rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
