"""Reads the network around CoreDNS from Amazon EC2."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from typing import Any

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.calls import Line
from eksaddon.aws.pages import Reply, all_pages, unreadable
from eksaddon.aws.vpc.replies import Card, acls_of, cards_of, groups_of
from eksaddon.domain.audit.network import DnsNetwork, Interface, NetworkAcl, NetworkSeen, SecurityGroup
from eksaddon.domain.audit.surroundings import ClusterFacts, VpcDns, VpcSeen
from eksaddon.domain.cause import Trouble
from eksaddon.domain.kube.not_checked import NotChecked
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.target import Access, ClusterRef, Scope

_MOST_PODS = 50
"""EC2 accepts 200 values in a filter; each pod has its own address and that of its node."""

_NO_PODS = "the addresses of CoreDNS pods are unknown"

_PER_PAGE = 1000
"""EC2's limit."""

_FEWEST_SUBNETS = 2
"""Of which the network ACLs are read: traffic within a subnet passes none."""

CLUSTER_TAG = "tag:cluster.k8s.amazonaws.com/name"
"""Tag of the network interfaces that the VPC CNI creates (source: amazon-vpc-cni-k8s, awsutils.go)."""


class Vpcs:
    """VpcReader over EC2.

    Args:
        access_of: Credentials of an account by its id.
    """

    def __init__(self, accounts: Accounts, access_of: Callable[[str], Access]) -> None:
        self._accounts = accounts
        self._access_of = access_of

    def vpc_dns(self, scope: Scope, vpc: str) -> VpcSeen:
        line = self._open(scope)
        if isinstance(line, Trouble):
            return line
        found = []
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            reply = line.call("DescribeVpcAttribute", partial(_vpc_attribute, vpc, attribute))
            if isinstance(reply, Trouble):
                return reply
            member = reply.get(f"{attribute[0].upper()}{attribute[1:]}")
            value = member.get("Value") if isinstance(member, dict) else None
            if not isinstance(value, bool):
                return unreadable("DescribeVpcAttribute", f"value of {attribute}")
            found.append(value)
        return VpcDns(*found)

    def dns_network(self, ref: ClusterRef, cluster: ClusterFacts, pods: Sequence[Pod]) -> NetworkSeen:
        line = self._open(ref.scope)
        if isinstance(line, Trouble):
            return line
        placed = [pod for pod in pods if _is_address(pod.address)]
        seen = _network(line, ref.name, cluster, placed[:_MOST_PODS])
        if len(placed) <= _MOST_PODS or not isinstance(seen, DnsNetwork):
            return seen
        left_out = f"{len(placed) - _MOST_PODS} of {len(placed)} pods were not checked"
        return replace(seen, unread="; ".join(each for each in (seen.unread, left_out) if each))

    def _open(self, scope: Scope) -> "Line[Any] | Trouble":
        return self._accounts.open("ec2", self._access_of(scope.account), region=scope.region)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _network(line: "Line[Any]", name: str, cluster: ClusterFacts, pods: Sequence[Pod]) -> NetworkSeen:
    if not pods:
        groups = _groups(line, {cluster.group} - {""})
        return groups if isinstance(groups, Trouble) else DnsNetwork((), (), groups, cluster.group, _NO_PODS)
    cards = _cards_of_pods(line, cluster.vpc, pods)
    if isinstance(cards, Trouble):
        return cards
    places = [(pod, _card_with(cards, pod.address)) for pod in pods]
    lost = [pod.name for pod, card in places if card is None]
    servers = tuple(
        Interface(card.groups, pod.address, card.instance, card.subnet) for pod, card in places if card
    )
    if not servers:
        return NotChecked(_no_card(lost))
    nodes = _cards(line, cluster.vpc, {CLUSTER_TAG: [name]})
    if isinstance(nodes, Trouble):
        return nodes
    clients = _clients((*cards, *nodes), servers)
    groups = _groups(line, {group for one in (*servers, *clients) for group in one.groups})
    if isinstance(groups, Trouble):
        return groups
    subnets = {one.subnet for one in (*servers, *clients)}
    seen = DnsNetwork(servers, clients, groups, cluster.group, _no_card(lost) if lost else "")
    if len(subnets) < _FEWEST_SUBNETS:
        return seen
    acls = _acls(line, cluster.vpc)
    if isinstance(acls, Trouble):
        return replace(seen, acls_unread=str(acls))
    return replace(seen, acls=acls, acls_unread=_no_acl(subnets - acls.keys()))


def _no_acl(subnets: set[str]) -> str:
    if not subnets:
        return ""
    return f"EC2 returned none for {', '.join(each or 'an unknown subnet' for each in sorted(subnets))}"


def _no_card(pods: Sequence[str]) -> str:
    more = f" and {len(pods) - 1} more" if len(pods) > 1 else ""
    return f"no network interface of the VPC has the address of pod {pods[0]}{more}"


def _cards_of_pods(line: "Line[Any]", vpc: str, pods: Sequence[Pod]) -> tuple[Card, ...] | Trouble:
    """Interfaces with the pods' addresses and those of their nodes.

    Only instances whose pods have addresses from delegated prefixes are read by their id, because EC2 has
    no filter for an address in a prefix.
    """
    addresses = {
        address for pod in pods for address in (pod.address, pod.node_address) if _is_address(address)
    }
    found = _cards_with(line, vpc, sorted(addresses))
    if isinstance(found, Trouble):
        return found
    missing = [pod for pod in pods if _card_with(found, pod.address) is None]
    hosts = [_card_with(found, pod.node_address) for pod in missing if _is_address(pod.node_address)]
    instances = sorted({card.instance for card in hosts if card and card.instance})
    if not instances:
        return found
    more = _cards(line, vpc, {"attachment.instance-id": instances})
    return more if isinstance(more, Trouble) else (*found, *more)


def _cards_with(line: "Line[Any]", vpc: str, addresses: Sequence[str]) -> tuple[Card, ...] | Trouble:
    found: list[Card] = []
    for version, key in ((4, "addresses.private-ip-address"), (6, "ipv6-addresses.ipv6-address")):
        wanted = [each for each in addresses if ip_address(each).version == version]
        cards = _cards(line, vpc, {key: wanted}) if wanted else ()
        if isinstance(cards, Trouble):
            return cards
        found.extend(cards)
    return tuple(found)


def _card_with(cards: Sequence[Card], address: str) -> Card | None:
    return next((card for card in cards if card.has(address)), None)


def _clients(cards: Sequence[Card], servers: Sequence[Interface]) -> tuple[Interface, ...]:
    """One for each combination of groups and subnet, and each of the instances that run CoreDNS.

    Their addresses are of the IP version of the servers, because nodes of an IPv6 cluster have both.
    """
    found: dict[tuple[object, ...], Interface] = {}
    serving = {one.instance for one in servers}
    for card in cards:
        if card.instance and card.kind == "interface":
            own = card.instance if card.instance in serving else ""
            one = Interface(card.groups, card.address_like(servers[0].address), card.instance, card.subnet)
            found.setdefault((card.groups, card.subnet, own), one)
    return tuple(found.values())


def _cards(line: "Line[Any]", vpc: str, filters: Mapping[str, Sequence[str]]) -> tuple[Card, ...] | Trouble:
    """Network interfaces by filters; those of other VPCs can have the same addresses."""
    wanted = [{"Name": name, "Values": list(values)} for name, values in {"vpc-id": [vpc], **filters}.items()]

    def page_after(token: str) -> Reply | Trouble:
        more = {"NextToken": token} if token else {}
        return line.call(
            "DescribeNetworkInterfaces",
            lambda ec2: ec2.describe_network_interfaces(Filters=wanted, MaxResults=_PER_PAGE, **more),
        )

    items = all_pages(
        page_after, operation="DescribeNetworkInterfaces", member="NetworkInterfaces", marker="NextToken"
    )
    return items if isinstance(items, Trouble) else cards_of(items)


def _groups(line: "Line[Any]", ids: set[str]) -> dict[str, SecurityGroup] | Trouble:
    if not ids:
        return {}

    def page_after(token: str) -> Reply | Trouble:
        more = {"NextToken": token} if token else {}
        return line.call(
            "DescribeSecurityGroups",
            lambda ec2: ec2.describe_security_groups(GroupIds=sorted(ids), **more),
        )

    items = all_pages(
        page_after, operation="DescribeSecurityGroups", member="SecurityGroups", marker="NextToken"
    )
    return items if isinstance(items, Trouble) else groups_of(items)


def _acls(line: "Line[Any]", vpc: str) -> Mapping[str, NetworkAcl] | Trouble:
    """Of all subnets of the VPC."""
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]

    def page_after(token: str) -> Reply | Trouble:
        more = {"NextToken": token} if token else {}
        return line.call(
            "DescribeNetworkAcls",
            lambda ec2: ec2.describe_network_acls(Filters=wanted, MaxResults=_PER_PAGE, **more),
        )

    items = all_pages(page_after, operation="DescribeNetworkAcls", member="NetworkAcls", marker="NextToken")
    return items if isinstance(items, Trouble) else acls_of(items)


def _vpc_attribute(vpc: str, attribute: str, ec2: Any) -> Reply:  # noqa: ANN401  # a client without stubs
    reply: Reply = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
    return reply
