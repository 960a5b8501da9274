"""Stand-ins on the loopback interface: an upstream resolver, and an API server with two Services."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import cast

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.probe.coredns import LOOPBACK, free_port

OUTSIDE = "192.0.2.1"
"""Address of every outside name (source: RFC 5737, TEST-NET-1)."""

_TTL = 5
_HTTP_LINE = 65_536


@dataclass(frozen=True, slots=True)
class StandInService:
    name: str
    namespace: str
    address: str


def services_at(reverse: str) -> tuple[StandInService, ...]:
    """The Services of the stand-in.

    Args:
        reverse: Reverse name of the API server's ClusterIP.
    """
    try:
        address = dns.reversename.to_address(dns.name.from_text(reverse))
    except dns.exception.DNSException:
        address = "10.100.0.1"
    return StandInService("kubernetes", "default", address), StandInService("web", "shop", "10.100.0.20")


def answer_as_upstream(wire: bytes, domain: str) -> bytes:
    """Every outside name has an address and every outside address a name; cluster names do not exist.

    Args:
        domain: Cluster domain with its final dot.
    """
    query = dns.message.from_wire(wire)
    reply = dns.message.make_response(query, recursion_available=True)
    name, kind = query.question[0].name, query.question[0].rdtype
    if f".{name}".lower().endswith((f".{domain}", ".10.in-addr.arpa.")):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif kind == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(name, _TTL, "IN", "A", OUTSIDE))
    elif kind == dns.rdatatype.PTR:
        reply.answer.append(dns.rrset.from_text(name, _TTL, "IN", "PTR", "host.example."))
    return reply.to_wire()


class _Upstream(asyncio.DatagramProtocol):
    def __init__(self, domain: str) -> None:
        self._domain = domain

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with contextlib.suppress(dns.exception.DNSException, IndexError):
            self._transport.sendto(answer_as_upstream(data, self._domain), addr)


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def _listening(serve: Serve, port: int = 0) -> AsyncIterator[int]:
    """Serve TCP connections; those that are open at the end are closed. Yields the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        tasks.add(task)
        try:
            with contextlib.suppress(*_LOST):
                await serve(reader, writer)
        finally:
            tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(accept, LOOPBACK, port, limit=_HTTP_LINE)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_LOST = (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, dns.exception.DNSException)
"""The client went away, or sent something else."""


@contextlib.asynccontextmanager
async def upstream(domain: str) -> AsyncIterator[str]:
    """Serve over UDP and TCP on one port; yields `host:port`."""
    port = free_port()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            reply = answer_as_upstream(wire, domain)
            writer.write(len(reply).to_bytes(2) + reply)
            await writer.drain()

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Upstream(domain), local_addr=(LOOPBACK, port))
    try:
        async with _listening(serve, port):
            yield f"{LOOPBACK}:{port}"
    finally:
        transport.close()


@contextlib.asynccontextmanager
async def api_server(services: Sequence[StandInService]) -> AsyncIterator[str]:
    """Serve lists and silent watches of the kinds that CoreDNS reads; yields the URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode("latin-1")
            if "watch=" in target and "sendInitialEvents" not in target:
                await reader.read()  # nothing ever changes; CoreDNS closes the connection at its end
                return
            status, document = api_reply(target, services)
            body = json.dumps(document).encode()
            writer.write(
                f"HTTP/1.1 {status} Stand-in\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()

    async with _listening(serve) as port:
        yield f"http://{LOOPBACK}:{port}"


def api_reply(target: str, services: Sequence[StandInService]) -> tuple[int, Json]:
    """Status and document of a list request; streaming lists are refused, so that the client lists."""
    if "sendInitialEvents" in target:
        return 422, {"kind": "Status", "status": "Failure", "reason": "Invalid", "code": 422}
    kind = target.partition("?")[0].rpartition("/")[2]
    version, name, items = _list(kind, services)
    return 200, {"kind": name, "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": items}


def _list(kind: str, services: Sequence[StandInService]) -> tuple[str, str, list[Json]]:
    match kind:
        case "services":
            return "v1", "ServiceList", [_service(one) for one in services]
        case "endpointslices":
            return "discovery.k8s.io/v1", "EndpointSliceList", [_slice(one) for one in services]
        case "namespaces":
            names = sorted({one.namespace for one in services})
            return "v1", "NamespaceList", [{"metadata": {"name": name, "uid": name}} for name in names]
        case _:
            return "v1", "List", []


def _service(one: StandInService) -> Json:
    metadata = {"name": one.name, "namespace": one.namespace, "uid": one.name, "resourceVersion": "1"}
    ports: list[Json] = [{"name": "https", "port": 443, "protocol": "TCP"}]
    spec: Json = {"clusterIP": one.address, "clusterIPs": [one.address], "type": "ClusterIP", "ports": ports}
    return {"metadata": metadata, "spec": spec}


def _slice(one: StandInService) -> Json:
    return {
        "metadata": {
            "name": f"{one.name}-1",
            "namespace": one.namespace,
            "uid": f"{one.name}-1",
            "resourceVersion": "1",
            "labels": {"kubernetes.io/service-name": one.name},
        },
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.0.1.7"], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": 443, "protocol": "TCP"}],
    }
