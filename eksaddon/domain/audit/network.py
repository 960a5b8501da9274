"""Network interfaces, security groups and network ACLs between the nodes and CoreDNS."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from eksaddon.domain.cause import Trouble
from eksaddon.domain.kube.not_checked import NotChecked
from eksaddon.frozen import dataclass


class Transport(StrEnum):
    """Protocols of DNS."""

    UDP = "udp"
    TCP = "tcp"


@dataclass(frozen=True, slots=True)
class PortRule:
    """A rule of a security group.

    Attributes:
        protocol: `udp`, `tcp`, `-1` for all, or another protocol's name or number.
        first: First port; None for all ports, like `last`.
        networks: CIDR blocks.
        groups: Ids of security groups.
        has_lists: It also names prefix lists, whose entries were not read.
    """

    protocol: str
    first: int | None = None
    last: int | None = None
    networks: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    has_lists: bool = False


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    inbound: tuple[PortRule, ...] = ()
    outbound: tuple[PortRule, ...] = ()


@dataclass(frozen=True, slots=True)
class AclEntry:
    """An entry of a network ACL.

    Attributes:
        protocol: `-1` for all, else its number: `6` TCP, `17` UDP.
        network: CIDR block of the other side.
        first: First port of the destination; entries for all protocols have 0 to 65535.
    """

    allows: bool
    protocol: str
    network: str
    first: int = 0
    last: int = 65535


@dataclass(frozen=True, slots=True)
class NetworkAcl:
    """A network ACL.

    Attributes:
        inbound: Sorted by number, without the final entry that denies everything; so is `outbound`.
    """

    id: str
    inbound: tuple[AclEntry, ...] = ()
    outbound: tuple[AclEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface.

    Attributes:
        groups: Ids of its security groups, sorted.
        address: IP address of the pod, or for a client one of the interface's, of the IP version of the
            servers; empty if it has none, or if the interface stands for every address.
        instance: Id of the EC2 instance; empty for interfaces of single pods, as on Fargate.
        subnet: Id of its subnet; empty if unknown.
    """

    groups: tuple[str, ...]
    address: str = ""
    instance: str = ""
    subnet: str = ""


@dataclass(frozen=True, slots=True)
class DnsNetwork:
    """Who sends queries, and who answers them.

    Attributes:
        servers: Interfaces of CoreDNS pods. Without any, only the cluster security group was read.
        clients: Interfaces of nodes; one for each combination of security groups and subnet.
        groups: By id.
        cluster_group: Id of the cluster security group; empty if EKS returned none.
        unread: Why some pods' interfaces are unknown; empty if none is.
        acls: By subnet; read only if nodes and CoreDNS are in several subnets.
        acls_unread: Why all or some network ACLs are unknown; empty if they are known or not needed.
    """

    servers: tuple[Interface, ...] = ()
    clients: tuple[Interface, ...] = ()
    groups: Mapping[str, SecurityGroup] = field(default_factory=dict, hash=False)
    cluster_group: str = ""
    unread: str = ""
    acls: Mapping[str, NetworkAcl] = field(default_factory=dict, hash=False)
    acls_unread: str = ""


NetworkSeen = DnsNetwork | Trouble | NotChecked
