"""A small real load balancer for DNS over UDP and TCP, which knows where it sent every query.

It stands for the nodes of a cluster: each listener is a node with its own propagation and its own flows.
What it sends to an ended endpoint is swallowed, as in a cluster, where the pod's address is gone; on the
loopback alone such a query would be refused at once. A rejected query is swallowed too, and counted apart.
"""

import contextlib
import os
import random
import selectors
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.support.network.ground_truth import LOOPBACK, REJECTED, Connection, Given
from tests.support.network.service_rules import EndpointState, ServiceRules

DATAGRAM = 65_535
AT_ONCE = 64
BUFFER = 4 * 1024 * 1024
SO_RCVBUFFORCE = 33
"""socket(7); Python has no name for it."""

SOCKETS = Path("/proc/net/udp")
"""proc_net(5): `inode` is the tenth column, `drops` the last one."""


@dataclass(slots=True, eq=False)
class Node:
    """One listener: an address that clients ask.

    Attributes:
        given: Every query that arrived, in order.
    """

    name: str
    rules: ServiceRules
    udp: socket.socket
    tcp: socket.socket
    given: list[Given] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.udp.getsockname()[1])

    @property
    def dropped(self) -> int:
        """Datagrams that the kernel dropped because this process read them too slowly."""
        inode = str(os.fstat(self.udp.fileno()).st_ino)
        lines = (line.split() for line in SOCKETS.read_text(encoding="ascii").splitlines()[1:])
        return next(int(line[-1]) for line in lines if line[9] == inode)

    @property
    def lost(self) -> list[Given]:
        return [each for each in self.given if each.answered is None]

    def last_to(self, endpoint: str) -> float | None:
        """When the last query was given to an endpoint, answered or not."""
        return max((each.at for each in self.given if each.endpoint == endpoint), default=None)


@dataclass(slots=True, eq=False)
class Upstream:
    """The socket towards one endpoint; ids are replaced, so that one socket serves every client."""

    name: str
    address: tuple[str, int]
    sock: socket.socket
    waiting: dict[int, tuple[Node, tuple[str, int], bytes, Given]] = field(default_factory=dict)
    next_id: int = 0
    is_ended: bool = False


class Balancer:
    """A Service with one listener for each node, on a thread of its own.

    Args:
        propagation: Seconds from a change of an endpoint to the rules of each node, by the node's name.
        scale: How many times faster than life flows expire.
        clears_flows: As kube-proxy from 1.32 on.
    """

    def __init__(
        self,
        propagation: Mapping[str, float],
        *,
        scale: float = 1.0,
        clears_flows: bool = True,
    ) -> None:
        self.nodes = {
            name: _node(name, ServiceRules(seconds, random.Random(name), scale, clears_flows))
            for name, seconds in propagation.items()
        }
        self._endpoints: dict[str, Upstream] = {}
        self._selector = selectors.DefaultSelector()
        self._lock = threading.RLock()
        self._connections: list[Connection] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="balancer", daemon=True)
        for node in self.nodes.values():
            self._selector.register(node.udp, selectors.EVENT_READ, ("udp", node))
            self._selector.register(node.tcp, selectors.EVENT_READ, ("accept", node))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        for connection in self._connections:
            connection.close()
        for key in list(self._selector.get_map().values()):
            with contextlib.suppress(AttributeError):
                key.fileobj.close()  # type: ignore[union-attr]  # sockets all of them
        self._selector.close()

    def add(self, endpoint: str, port: int, *, at_once: bool = False) -> None:
        """A pod became ready; nodes know it after their propagation, or at once."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        _widen(sock)
        sock.setblocking(False)
        sock.connect((LOOPBACK, port))
        with self._lock:
            upstream = Upstream(endpoint, (LOOPBACK, port), sock)
            self._endpoints[endpoint] = upstream
            self._selector.register(sock, selectors.EVENT_READ, ("replies", upstream))
            for node in self.nodes.values():
                if at_once:
                    node.rules.states[endpoint] = EndpointState.READY
        if not at_once:
            self.change(endpoint, EndpointState.READY)

    def change(self, endpoint: str, state: EndpointState) -> None:
        """The endpoint's conditions change in the EndpointSlice."""
        with self._lock:
            for node in self.nodes.values():
                node.rules.change(time.time(), endpoint, state)

    def delete(self, endpoint: str) -> None:
        """The pod's deletion is recorded: it is terminating, and serving as long as it is Ready."""
        self.change(endpoint, EndpointState.SERVING)

    def unready(self, endpoint: str) -> None:
        """The readiness probe of a terminating pod failed often enough."""
        self.change(endpoint, EndpointState.NOT_SERVING)

    def end(self, endpoint: str) -> None:
        """The pod is gone with its address: what is sent there is swallowed from now on."""
        with self._lock:
            self._endpoints[endpoint].is_ended = True
        self.change(endpoint, EndpointState.REMOVED)

    def _run(self) -> None:
        while not self._stopped.is_set():
            for key, _ in self._selector.select(0.05):
                kind, data = key.data
                with self._lock, contextlib.suppress(BlockingIOError):
                    match kind:
                        case "udp":
                            self._queries(data)
                        case "replies":
                            self._replies(data)
                        case "accept":
                            self._accept(data)

    def _queries(self, node: Node) -> None:
        for _ in range(AT_ONCE):
            packet, source = node.udp.recvfrom(DATAGRAM)
            now = time.time()
            name = node.rules.endpoint(now, source)
            given = Given(now, source[1], name or REJECTED)
            node.given.append(given)
            if name is not None:
                self._forward(self._endpoints[name], node, source, packet, given)

    def _forward(
        self, upstream: Upstream, node: Node, source: tuple[str, int], packet: bytes, given: Given
    ) -> None:
        if upstream.is_ended:
            given.is_swallowed = True
            return
        number, upstream.next_id = upstream.next_id, (upstream.next_id + 1) % 65_536
        upstream.waiting[number] = (node, source, packet[:2], given)
        for _ in range(2):  # the first error may be that of an earlier packet
            with contextlib.suppress(ConnectionRefusedError):
                upstream.sock.send(number.to_bytes(2) + packet[2:])
                return

    def _replies(self, upstream: Upstream) -> None:
        for _ in range(AT_ONCE):
            try:
                packet = upstream.sock.recv(DATAGRAM)
            except ConnectionRefusedError:
                return
            found = upstream.waiting.pop(int.from_bytes(packet[:2]), None)
            if found is not None:
                node, source, number, given = found
                node.udp.sendto(number + packet[2:], source)
                node.rules.replied(source)
                given.answered = time.time()

    def _accept(self, node: Node) -> None:
        client, source = node.tcp.accept()
        client.setblocking(True)
        name = node.rules.new_flow(time.time())
        upstream = None if name is None else self._endpoints[name]
        connection = Connection(client, source[1], name or REJECTED, node.given.append)
        self._connections.append(connection)
        connection.start(None if upstream is None or upstream.is_ended else upstream.address)


def _widen(udp: socket.socket) -> None:
    """Root may exceed the limit of the system, which is a few hundred datagrams on many machines."""
    try:
        udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    except PermissionError:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)


def _node(name: str, rules: ServiceRules) -> Node:
    """UDP and TCP on one free port of the loopback."""
    while True:
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        tcp.bind((LOOPBACK, 0))
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            continue
        _widen(udp)
        udp.setblocking(False)
        tcp.listen(64)
        return Node(name, rules, udp, tcp)
