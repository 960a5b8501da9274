"""Converts EC2's network interfaces, security groups and network ACLs to domain values; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network

from eksaddon.aws.pages import Reply, unreadable
from eksaddon.domain.audit.network import AclEntry, NetworkAcl, PortRule, SecurityGroup
from eksaddon.domain.cause import Trouble
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A network interface with all addresses.

    Attributes:
        networks: Its addresses and delegated prefixes, as CIDR blocks.
        kind: interfaceType, such as `interface`, `trunk` or `branch`.
    """

    id: str
    groups: tuple[str, ...]
    networks: tuple[str, ...]
    address: str
    subnet: str
    kind: str
    instance: str

    def has(self, address: str) -> bool:
        return any(ip_address(address) in ip_network(each) for each in self.networks)

    def address_like(self, peer: str) -> str:
        """Its primary or first address of the peer's IP version; empty without one."""
        version = ip_address(peer).version
        networks = map(ip_network, self.networks)
        own = [str(each.network_address) for each in networks if each.version == version]
        return self.address if self.address in own else next(iter(own), "")


def cards_of(items: Sequence[object]) -> tuple[Card, ...] | Trouble:
    """Read the items of DescribeNetworkInterfaces."""
    try:
        return tuple(_card(item) for item in items)
    except (TypeError, ValueError, KeyError):
        return unreadable("DescribeNetworkInterfaces", "network interfaces with groups and addresses")


def _card(item: object) -> Card:
    reply = _reply(item)
    attachment = reply.get("Attachment")
    instance = attachment.get("InstanceId") if isinstance(attachment, dict) else None
    groups = tuple(sorted(_text(each["GroupId"]) for each in _replies(reply, "Groups")))
    if not groups:
        raise ValueError(reply)
    return Card(
        _text(reply["NetworkInterfaceId"]),
        groups,
        tuple(_networks(reply)),
        str(reply.get("PrivateIpAddress") or reply.get("Ipv6Address") or ""),
        str(reply.get("SubnetId") or ""),
        str(reply.get("InterfaceType") or ""),
        str(instance or ""),
    )


_ADDRESSES = (
    ("PrivateIpAddresses", "PrivateIpAddress"),
    ("Ipv4Prefixes", "Ipv4Prefix"),
    ("Ipv6Addresses", "Ipv6Address"),
    ("Ipv6Prefixes", "Ipv6Prefix"),
)


def _networks(reply: Reply) -> Iterator[str]:
    for member, name in _ADDRESSES:
        for each in _replies(reply, member):
            yield str(ip_network(_text(each[name]), strict=False))


def groups_of(items: Sequence[object]) -> dict[str, SecurityGroup] | Trouble:
    """Read the items of DescribeSecurityGroups, by id."""
    try:
        return {
            _text(reply["GroupId"]): SecurityGroup(
                tuple(_rule(each) for each in _replies(reply, "IpPermissions")),
                tuple(_rule(each) for each in _replies(reply, "IpPermissionsEgress")),
            )
            for reply in map(_reply, items)
        }
    except (TypeError, ValueError, KeyError):
        return unreadable("DescribeSecurityGroups", "security groups with rules")


def _rule(reply: Reply) -> PortRule:
    blocks = [
        *(_text(each["CidrIp"]) for each in _replies(reply, "IpRanges")),
        *(_text(each["CidrIpv6"]) for each in _replies(reply, "Ipv6Ranges")),
    ]
    return PortRule(
        _text(reply["IpProtocol"]),
        _port(reply, "FromPort"),
        _port(reply, "ToPort"),
        tuple(str(ip_network(each, strict=False)) for each in blocks),
        tuple(_text(each["GroupId"]) for each in _replies(reply, "UserIdGroupPairs")),
        bool(_replies(reply, "PrefixListIds")),
    )


def acls_of(items: Sequence[object]) -> dict[str, NetworkAcl] | Trouble:
    """Read the items of DescribeNetworkAcls, by subnet."""
    try:
        return {
            _text(each["SubnetId"]): _acl(reply)
            for reply in map(_reply, items)
            for each in _replies(reply, "Associations")
        }
    except (TypeError, ValueError, KeyError):
        return unreadable("DescribeNetworkAcls", "network ACLs with entries")


_PORTS = frozenset({"6", "17"})
_FINAL = 32767
"""Number of the last entry, which every ACL has: it denies the rest (source: VPC user guide)."""


def _acl(reply: Reply) -> NetworkAcl:
    entries = sorted(map(_numbered, _replies(reply, "Entries")), key=lambda entry: entry[0])
    inbound, outbound = (
        tuple(entry for number, is_out, entry in entries if is_out is wanted and number < _FINAL)
        for wanted in (False, True)
    )
    return NetworkAcl(_text(reply["NetworkAclId"]), inbound, outbound)


def _numbered(reply: Reply) -> tuple[int, bool, AclEntry]:
    number, egress, action = reply["RuleNumber"], reply["Egress"], reply["RuleAction"]
    if not (isinstance(number, int) and isinstance(egress, bool)) or action not in {"allow", "deny"}:
        raise TypeError(reply)
    protocol, block = _text(reply["Protocol"]), _text(reply.get("CidrBlock") or reply["Ipv6CidrBlock"])
    entry = AclEntry(action == "allow", protocol, str(ip_network(block, strict=False)))
    if protocol in _PORTS:
        ports = _reply(reply["PortRange"])
        entry = replace(entry, first=_number(ports["From"]), last=_number(ports["To"]))
    return number, egress, entry


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def _port(reply: Reply, member: str) -> int | None:
    value = reply.get(member)
    return value if isinstance(value, int) and value >= 0 else None


def _reply(item: object) -> Reply:
    if not isinstance(item, dict):
        raise TypeError(item)
    return item


def _replies(reply: Reply, member: str) -> tuple[Reply, ...]:
    value = reply.get(member, [])
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_reply, value))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(value)
    return value
