"""The queries that every cluster depends on."""

import ipaddress
from collections.abc import Iterable
from enum import Enum

from eksaddon.corefile.resolution.zones import covers, origins
from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.tree import Corefile
from eksaddon.frozen import dataclass

CLUSTER_DOMAIN = "cluster.local."
"""Of every EKS node unless its kubelet is configured otherwise (source: awslabs/amazon-eks-ami)."""

_SERVICE_ADDRESS = ipaddress.ip_address("10.100.0.1")
"""The API server's ClusterIP in one of the two ranges that EKS chooses from (source: EKS user guide)."""

_OTHER_ADDRESS = ipaddress.ip_address("172.20.0.1")
"""The same in the other range."""

_OUTSIDE = ("example.com.", "example.net.", "example.org.", "iana.org.")
_REVERSE = (".in-addr.arpa.", ".ip6.arpa.")


class Kind(Enum):
    SERVICE = "a Service"
    API_SERVER = "the API server's name"
    REVERSE = "a Service's address"
    OTHER_REVERSE = "a Service's address in a cluster with the other range"
    OUTSIDE = "an outside name"
    OUTSIDE_REVERSE = "an outside address"
    ZONE = "a name of a server block's zone"


@dataclass(frozen=True, slots=True)
class Query:
    """A question; CoreDNS answers it the same way over UDP and TCP.

    Attributes:
        name: Lower case, with its final dot.
        type: `A` or `PTR`.
        domain: The cluster domain that the name belongs to; empty for a name outside of it.
    """

    kind: Kind
    name: str
    type: str
    domain: str = ""

    @property
    def is_inside(self) -> bool:
        return self.kind in (Kind.SERVICE, Kind.API_SERVER, Kind.REVERSE, Kind.OTHER_REVERSE)

    @property
    def is_reverse(self) -> bool:
        return self.type == "PTR"

    def __str__(self) -> str:
        return self.name.rstrip(".")


def stock_queries(corefile: Corefile) -> tuple[Query, ...]:
    domain = cluster_domain(corefile)
    return (
        Query(Kind.SERVICE, f"web.shop.svc.{domain}", "A", domain),
        Query(Kind.API_SERVER, f"kubernetes.default.svc.{domain}", "A", domain),
        Query(Kind.REVERSE, _service_reverse(corefile), "PTR"),
        Query(Kind.OUTSIDE, _outside(corefile), "A"),
        Query(Kind.OUTSIDE_REVERSE, "8.8.8.8.in-addr.arpa.", "PTR"),
    )


def other_reverse(corefile: Corefile) -> Query | None:
    """The lookup of `Kind.REVERSE` in EKS's other range; None if `kubernetes` does not serve that."""
    name = f"{_OTHER_ADDRESS.reverse_pointer}."
    zones = _reverse_zones(corefile)
    if zones and not any(covers(zone, name) for zone in zones):
        return None
    return Query(Kind.OTHER_REVERSE, name, "PTR")


def zone_query(zone: str) -> Query:
    """For a name below a zone that is not the root."""
    return Query(Kind.ZONE, f"www.{zone}", "A")


def cluster_domain(corefile: Corefile) -> str:
    """The one that EKS's nodes search, unless `kubernetes` serves only another."""
    zones = [zone for zone in _kubernetes_zones(corefile) if not f".{zone}".endswith(_REVERSE)]
    if not zones or CLUSTER_DOMAIN in zones or zones[0] == ".":
        return CLUSTER_DOMAIN
    return zones[0]


def _kubernetes_zones(corefile: Corefile) -> Iterable[str]:
    for block in corefile.blocks:
        for found in occurrences(block.groups.get("kubernetes", ())):
            yield from origins(found.args, block)


def _service_reverse(corefile: Corefile) -> str:
    """In a range that `kubernetes` serves, where it names some."""
    name = f"{_SERVICE_ADDRESS.reverse_pointer}."
    zones = _reverse_zones(corefile)
    if not zones or any(covers(zone, name) for zone in zones):
        return name
    labels = zones[0].removesuffix(_REVERSE[0]).split(".")
    return ".".join([*["1"] * (4 - len(labels)), *labels]) + _REVERSE[0]


def _reverse_zones(corefile: Corefile) -> list[str]:
    return [zone for zone in _kubernetes_zones(corefile) if f".{zone}".endswith(_REVERSE[0])]


def _outside(corefile: Corefile) -> str:
    """A name that the Corefile does not treat specially."""
    text = corefile.text.lower()
    return next((name for name in _OUTSIDE if name.rstrip(".") not in text), _OUTSIDE[-1])
