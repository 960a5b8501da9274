"""The simulator in a process of its own.

`python -m tests.bench.serving SCENARIO [CERTIFICATE KEY AUTHORITY]`
"""

import asyncio
import json
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.console import CALLS, with_console
from eksaddon.sim.http.connection import Connection, Switchboard
from eksaddon.sim.http.messages import Delivery, Handler, Reply, Request
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.resources import Endpoint
from eksaddon.sim.scenario.file import load_scenario
from eksaddon.sim.scenario.scenario import world_of
from tests.bench.setting import Files, Setting
from tests.support.paths import ROOT

_CONNECTIONS = "/_simulator/connections"


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the simulator began.

    Attributes:
        connections: With the one of the question itself.
    """

    calls: dict[str, int]
    connections: int

    def since(self, earlier: "Counts") -> "Counts":
        """Leave out what was before, and the two questions that asked for the later counts."""
        calls = {name: count - earlier.calls.get(name, 0) for name, count in self.calls.items()}
        return Counts(
            {name: count for name, count in calls.items() if count},
            self.connections - earlier.connections - 2,
        )


@dataclass(frozen=True, slots=True)
class Simulator:
    url: str
    bundle: Path

    def counts(self) -> Counts:
        return Counts(self._ask(CALLS)["calls"], self._ask(_CONNECTIONS)["connections"])

    def _ask(self, path: str):
        tls = ssl.create_default_context(cafile=self.bundle) if self.url.startswith("https") else None
        with urllib.request.urlopen(self.url + path, context=tls) as answer:
            return json.load(answer)


@contextmanager
def simulator(setting: Setting, files: Files) -> Iterator[Simulator]:
    certificate = (*files.certificate, str(files.authority)) if setting.is_tls else ()
    command = [sys.executable, "-m", __spec__.name, str(files.scenario), *certificate]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            scheme = "https" if setting.is_tls else "http"
            yield Simulator(f"{scheme}://localhost:{port}", files.bundle)
        finally:
            process.terminate()


class _Counted:
    """Counts the connections that are made."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._board = Switchboard()
        self._made = 0

    def connection(self) -> Connection:
        self._made += 1
        return Connection(self._answer, self._board)

    def _answer(self, request: Request) -> Delivery:
        if request.target == _CONNECTIONS:
            body = json.dumps({"connections": self._made}).encode()
            return Delivery(Reply(200, body, "application/json"))
        return self._handler(request)


async def _serve(scenario: Path, certificate: list[str]) -> None:
    tls, authority, scheme = None, "", "http"
    if certificate:
        *pair, trusted = certificate
        tls, scheme = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), "https"
        authority = Path(trusted).read_text()  # noqa: ASYNC240  # before the server starts
        tls.load_cert_chain(*pair)
    base: list[str] = []

    def endpoint_of(ref: ClusterRef) -> Endpoint:
        return Endpoint(endpoint_at(base[0], ref).url, authority)

    world = world_of(load_scenario(scenario), endpoint_of=endpoint_of, keep_calls=1)
    counted = _Counted(with_console(world))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(counted.connection, "localhost", 0, ssl=tls, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    base.append(f"{scheme}://localhost:{port}")
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2:]))
