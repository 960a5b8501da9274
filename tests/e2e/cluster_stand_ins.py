"""What a cluster's CoreDNS talks to, on the loopback: a resolver, and an API server with two Services."""

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.support.network.dns_server import dns_server
from tests.support.network.loopback import Answer, Reply, Seen, Silence, loopback, ok

OUTSIDE = "192.0.2.1"
SERVICES = (("kubernetes", "default", "10.100.0.1"), ("web", "shop", "10.100.0.20"))

_OF_A_CLUSTER = (".local.", ".10.in-addr.arpa.")


def as_upstream(wire: bytes) -> bytes:
    """Every outside name has an address, every outside address a name; of clusters nothing is known."""
    query = dns.message.from_wire(wire)
    reply = dns.message.make_response(query, recursion_available=True)
    name, kind = query.question[0].name, query.question[0].rdtype
    if str(name).lower().endswith(_OF_A_CLUSTER):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif kind == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(name, 5, "IN", "A", OUTSIDE))
    elif kind == dns.rdatatype.PTR:
        reply.answer.append(dns.rrset.from_text(name, 5, "IN", "PTR", "host.example."))
    return reply.to_wire()


class _OverTcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while len(head := self.rfile.read(2)) == 2:  # the length in front of each message
            reply = as_upstream(self.rfile.read(int.from_bytes(head)))
            self.wfile.write(len(reply).to_bytes(2) + reply)


class _TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def upstream() -> Iterator[int]:
    """Over UDP and TCP on one port of the loopback, which is given."""
    with ExitStack() as stack:
        while True:
            port = stack.enter_context(dns_server(as_upstream))
            try:
                server = stack.enter_context(_TcpServer(("127.0.0.1", port), _OverTcp))
            except OSError:  # taken by another process
                continue
            break
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def api_server() -> Iterator[str]:
    """Its URL, as `endpoint` of the kubernetes plugin takes it."""
    with loopback(_of_api) as server:
        yield f"http://127.0.0.1:{server.port}"


def _of_api(seen: Seen) -> Answer:
    kind = seen.path.rpartition("/")[2]
    if "sendInitialEvents" in seen.target:
        document = {"kind": "Status", "status": "Failure", "reason": "Invalid", "code": 422}
        return Reply(json.dumps(document).encode(), 422, _JSON)
    if "watch=" in seen.target:
        return Silence()
    version, name, items = _LISTS[kind]
    document = {"kind": name, "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": items}
    return Reply(ok(document).body, headers=_JSON)


_JSON = {"Content-Type": "application/json"}


def _named(name: str, namespace: str, **more: object) -> dict[str, object]:
    return {"name": name, "namespace": namespace, "uid": name, "resourceVersion": "1", **more}


def _service(name: str, namespace: str, address: str) -> dict[str, object]:
    ports = [{"name": "https", "port": 443, "protocol": "TCP"}]
    spec = {"clusterIP": address, "clusterIPs": [address], "type": "ClusterIP", "ports": ports}
    return {"metadata": _named(name, namespace), "spec": spec}


def _slice(name: str, namespace: str) -> dict[str, object]:
    labels = {"kubernetes.io/service-name": name}
    return {
        "metadata": _named(f"{name}-1", namespace, labels=labels),
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.0.1.7"], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": 443, "protocol": "TCP"}],
    }


_LISTS: dict[str, tuple[str, str, list[dict[str, object]]]] = {
    "services": ("v1", "ServiceList", [_service(*each) for each in SERVICES]),
    "endpointslices": (
        "discovery.k8s.io/v1",
        "EndpointSliceList",
        [_slice(name, namespace) for name, namespace, _ in SERVICES],
    ),
    "namespaces": (
        "v1",
        "NamespaceList",
        [{"metadata": {"name": each[1], "uid": each[1]}} for each in SERVICES],
    ),
}


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that neither TCP nor UDP uses at this moment, all different."""
    with ExitStack() as stack:
        found: list[int] = []
        while len(found) < count:
            tcp = stack.enter_context(socket.socket())
            tcp.bind(("127.0.0.1", 0))
            udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            found.append(tcp.getsockname()[1])
        return found
