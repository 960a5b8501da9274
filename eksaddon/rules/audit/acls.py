"""Check of the network ACLs between the subnets of nodes and CoreDNS.

An ACL is stateless: a query must leave the node's subnet and enter that of CoreDNS, and its answer the other
way, to a port that the kernel of the client chose. Entries are tried by number: the first that matches
decides, and what none matches is denied (source: VPC user guide, network ACLs). Traffic within a subnet
passes none.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from eksaddon.domain.audit.network import AclEntry, DnsNetwork, Interface, NetworkAcl, Transport
from eksaddon.frozen import dataclass
from eksaddon.rules.audit.facts import AuditFacts, Found

_NUMBERS = {Transport.UDP: "17", Transport.TCP: "6"}
_DNS = (53, 53)
_ANSWERS = (32768, 60999)
"""Ports of Linux clients (source: kernel, ip_local_port_range)."""
_LISTED = 2


@dataclass(frozen=True, slots=True)
class _Leg:
    """One way of a query or an answer through one ACL.

    Attributes:
        peer: Address of the other side.
    """

    acl: NetworkAcl
    entries: tuple[AclEntry, ...]
    direction: str
    peer: str
    ports: tuple[int, int]


def network_acls(found: AuditFacts) -> Iterator[Found]:
    network = found.network
    if not isinstance(network, DnsNetwork):
        return
    udp, tcp = (tuple(dict.fromkeys(_blocked(network, each))) for each in Transport)
    both = [text for text in udp if text in tcp]
    for check, protocols, texts in (
        ("dns-acl", "UDP and TCP", both),
        ("dns-acl", "UDP", [text for text in udp if text not in both]),
        ("dns-acl-tcp", "TCP", [text for text in tcp if text not in both]),
    ):
        if texts:
            more = f"; and {len(texts) - _LISTED} more" if len(texts) > _LISTED else ""
            what = "; ".join(texts[:_LISTED])
            yield Found(
                check,
                f"network ACLs block {protocols} between nodes and CoreDNS: {what}{more}",
                "allow port 53 from the nodes' subnets to those of CoreDNS, and ports 1024 to 65535 back, "
                "in both directions of both network ACLs",
            )


def _blocked(network: DnsNetwork, transport: Transport) -> Iterator[str]:
    for server in network.servers:
        for client in network.clients:
            for leg in _legs(network, client, server):
                if not _passes(leg, transport):
                    first, last = leg.ports
                    ports = f"port {first}" if first == last else f"ports of answers ({first} to {last})"
                    yield f"{leg.acl.id} denies {ports} {leg.direction} {leg.peer}"


def _legs(network: DnsNetwork, client: Interface, server: Interface) -> Iterator[_Leg]:
    if not (client.subnet and server.subnet and client.address and server.address):
        return
    if client.subnet == server.subnet:
        return
    near, far = network.acls.get(client.subnet), network.acls.get(server.subnet)
    if near is not None:
        yield _Leg(near, near.outbound, "to", server.address, _DNS)
        yield _Leg(near, near.inbound, "from", server.address, _ANSWERS)
    if far is not None:
        yield _Leg(far, far.inbound, "from", client.address, _DNS)
        yield _Leg(far, far.outbound, "to", client.address, _ANSWERS)


def _passes(leg: _Leg, transport: Transport) -> bool:
    """Whether every port passes: an answer needs the one that its query came from."""
    matching = [each for each in leg.entries if _matches(each, transport, leg.peer)]
    first, last = leg.ports
    edges = {first, *(each.last + 1 for each in matching), *(each.first for each in matching)}
    return all(_allows(matching, port) for port in edges if first <= port <= last)


def _allows(entries: Iterable[AclEntry], port: int) -> bool:
    deciding = next((each for each in entries if each.first <= port <= each.last), None)
    return deciding is not None and deciding.allows


def _matches(entry: AclEntry, transport: Transport, peer: str) -> bool:
    if entry.protocol not in {"-1", _NUMBERS[transport]}:
        return False
    return ip_address(peer) in ip_network(entry.network)
