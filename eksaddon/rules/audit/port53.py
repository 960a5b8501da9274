"""Check of the security groups between nodes and CoreDNS.

It reports only what is certain: rules of security groups add up, so a query is blocked only if no rule of any
group of the interface allows it. A prefix list counts as allowing. Pods of one node reach each other without
passing an interface.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from eksaddon.domain.audit.network import DnsNetwork, Interface, PortRule, SecurityGroup, Transport
from eksaddon.frozen import dataclass
from eksaddon.rules.audit.facts import AuditFacts, Found

_DNS = 53
_NAMES = {
    Transport.UDP: frozenset({"-1", "udp", "17"}),
    Transport.TCP: frozenset({"-1", "tcp", "6"}),
}
_LISTED = 2


@dataclass(frozen=True, slots=True)
class _Path:
    """Queries that are blocked.

    Attributes:
        senders: Groups of the nodes; empty if no node at all can send.
        inbound: The rules of CoreDNS's groups are the reason, else those of the senders.
    """

    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    inbound: bool


def dns_port(found: AuditFacts) -> Iterator[Found]:
    network = found.network
    if not isinstance(network, DnsNetwork):
        return
    if not network.servers:
        yield from _cluster_group(network)
        return
    udp, tcp = (tuple(dict.fromkeys(_blocked(network, each))) for each in Transport)
    both = [path for path in udp if path in tcp]
    for check, ports, paths in (
        ("dns-port", "UDP and TCP port 53", both),
        ("dns-port", "UDP port 53", [path for path in udp if path not in both]),
        ("dns-port-tcp", "TCP port 53", [path for path in tcp if path not in both]),
    ):
        if paths:
            yield Found(
                check,
                f"security groups block {ports} {_listed(paths)}",
                f"allow {ports} {_rules(paths)}{_restored(network, paths)}",
            )


def _cluster_group(network: DnsNetwork) -> Iterator[Found]:
    """Of the cluster security group alone: which interfaces use it is unknown."""
    group = network.cluster_group
    one = Interface((group,))
    blocked = [each.upper() for each in Transport if group and _obstacle(network, one, one, each) is not None]
    if blocked:
        ports = f"{' and '.join(blocked)} port 53"
        yield Found(
            "dns-port-cluster-group",
            f"the rules of the cluster security group {group} do not allow {ports} between its members; "
            "which nodes use it was not read",
            f"allow {ports} from {group} to itself, or check the security groups of the nodes",
        )


def _blocked(network: DnsNetwork, transport: Transport) -> Iterator[_Path]:
    for server in network.servers:
        if not any(_covers(rule, transport) for rule in _inbound(network, server)):
            yield _Path((), server.groups, inbound=True)
            continue
        for client in network.clients:
            path = _obstacle(network, client, server, transport)
            if path is not None and (not server.instance or client.instance != server.instance):
                yield path


def _obstacle(
    network: DnsNetwork, client: Interface, server: Interface, transport: Transport
) -> _Path | None:
    if not _allows(_inbound(network, server), transport, client):
        return _Path(client.groups, server.groups, inbound=True)
    outbound = [rule for group in _known(network, client) for rule in group.outbound]
    if not _allows(outbound, transport, server):
        return _Path(client.groups, server.groups, inbound=False)
    return None


def _inbound(network: DnsNetwork, one: Interface) -> Iterable[PortRule]:
    return [rule for group in _known(network, one) for rule in group.inbound]


_ANYTHING = (PortRule("-1", networks=("0.0.0.0/0", "::/0")),)
_UNKNOWN = SecurityGroup(_ANYTHING, _ANYTHING)
"""A group whose rules were not returned blocks nothing for certain."""


def _known(network: DnsNetwork, one: Interface) -> Iterator[SecurityGroup]:
    for group in one.groups:
        yield network.groups.get(group, _UNKNOWN)


def _allows(rules: Iterable[PortRule], transport: Transport, other: Interface) -> bool:
    return any(_covers(rule, transport) and _names(rule, other) for rule in rules)


def _covers(rule: PortRule, transport: Transport) -> bool:
    if rule.protocol not in _NAMES[transport]:
        return False
    return (rule.first or 0) <= _DNS and (rule.last is None or rule.last >= _DNS)


def _names(rule: PortRule, other: Interface) -> bool:
    """Whether a rule's peers include an interface; one without an address can have any."""
    if rule.has_lists or any(group in rule.groups for group in other.groups):
        return True
    if not other.address:
        return bool(rule.networks)
    return any(ip_address(other.address) in ip_network(each) for each in rule.networks)


def _listed(paths: Iterable[_Path]) -> str:
    texts = [
        f"from {f'nodes with {_groups(path.senders)}' if path.senders else 'every other node'} "
        f"to CoreDNS pods with {_groups(path.receivers)}"
        for path in paths
    ]
    more = len(texts) - _LISTED
    return "; ".join(texts[:_LISTED]) + (f"; and {more} more" if more > 0 else "")


def _rules(paths: Iterable[_Path]) -> str:
    """The rules to add, each named once."""
    texts = dict.fromkeys(
        f"in the inbound rules of {_groups(path.receivers)} from "
        f"{_groups(path.senders) if path.senders else 'the security groups of the nodes'}"
        if path.inbound
        else f"in the outbound rules of {_groups(path.senders)} to {_groups(path.receivers)}"
        for path in paths
    )
    return " and ".join(list(texts)[:_LISTED])


def _restored(network: DnsNetwork, paths: Iterable[_Path]) -> str:
    """What EKS does about the group's own rules (source: user guide, security group requirements)."""
    group = network.cluster_group
    is_own = any(group in path.receivers and (not path.senders or group in path.senders) for path in paths)
    if not group or not is_own:
        return ""
    return f" ({group} is the cluster security group: EKS restores its default rules at each cluster update)"


def _groups(ids: tuple[str, ...]) -> str:
    return ", ".join(ids)
