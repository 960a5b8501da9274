"""The contents of the simulated AWS: accounts, clusters, add-ons."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from eksaddon.domain.geography import region_partition
from eksaddon.domain.target import ClusterRef, Labels, Scope
from eksaddon.frozen import dataclass
from eksaddon.sim.addon.lifecycle import Addon, settled
from eksaddon.sim.api.identities import Account
from eksaddon.sim.http.messages import RefusalError
from eksaddon.sim.workload.state import Workload


class DnsPort(StrEnum):
    """Security groups of a cluster: EKS's default, or one that blocks queries.

    `closed` and `tcp-closed`: by the rules of the cluster security group. `other-nodes-closed`: nodes without
    CoreDNS have a group of their own, which the cluster security group does not let in. `acl-closed`: the
    network ACL of the subnets lets queries through, but no answers over UDP.
    """

    OPEN = "open"
    CLOSED = "closed"
    TCP_CLOSED = "tcp-closed"
    OTHER_NODES_CLOSED = "other-nodes-closed"
    ACL_CLOSED = "acl-closed"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster without its add-ons.

    Attributes:
        kubernetes: Version, such as `1.33`.
        auto_mode: EKS Auto Mode is enabled.
        connector: Provider of a registered external cluster, such as `EKS_ANYWHERE`; else empty.
        outpost: ARN of the Outpost of a local cluster; else empty.
        has_vpc_dns: DNS support and hostnames of its VPC are on.
        dns_port: What its security groups and network ACL do with port 53.
    """

    ref: ClusterRef
    created_at: float
    kubernetes: str = "1.33"
    status: str = "ACTIVE"
    auto_mode: bool = False
    connector: str = ""
    outpost: str = ""
    tags: Labels = ()
    has_vpc_dns: bool = True
    dns_port: DnsPort = DnsPort.OPEN

    @property
    def arn(self) -> str:
        ref = self.ref
        return f"arn:{region_partition(ref.region)}:eks:{ref.region}:{ref.account}:cluster/{ref.name}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint of a cluster's Kubernetes API.

    Attributes:
        authority: PEM of the certificate authority.
    """

    url: str
    authority: str


def nowhere(ref: ClusterRef) -> Endpoint:
    """An endpoint under a name that never resolves (source: RFC 6761, `.invalid`)."""
    name = sha256(str(ref).encode()).hexdigest()[:32].upper()
    return Endpoint(f"https://{name}.{ref.region}.eks.invalid", "-----BEGIN CERTIFICATE-----\n")


Endpoints = Callable[[ClusterRef], Endpoint]
"""Returns the endpoint of a cluster's simulated Kubernetes API."""


_UNTOUCHED = Workload()


@dataclass(slots=True)
class Estate:
    """The data that the services read and write, under the world's lock."""

    endpoint_of: Endpoints = nowhere
    accounts: dict[str, Account] = field(default_factory=dict)
    _clusters: dict[Scope, dict[str, Cluster]] = field(default_factory=dict)
    _addons: dict[ClusterRef, dict[str, Addon]] = field(default_factory=dict)
    _workloads: dict[ClusterRef, Workload] = field(default_factory=dict)
    _issued: int = 0

    def put_cluster(self, cluster: Cluster) -> None:
        self._clusters.setdefault(cluster.ref.scope, {})[cluster.ref.name] = cluster
        self._addons[cluster.ref] = {}
        self._workloads.pop(cluster.ref, None)

    def put_addon(self, ref: ClusterRef, addon: Addon) -> None:
        self._addons[ref][addon.name] = addon

    def put_workload(self, ref: ClusterRef, workload: Workload) -> None:
        self._workloads[ref] = workload

    def workload(self, ref: ClusterRef) -> Workload:
        """Values set by field managers other than EKS; empty if there are none."""
        return self._workloads.get(ref, _UNTOUCHED)

    def clusters_in(self, scope: Scope) -> Mapping[str, Cluster]:
        return self._clusters.get(scope, {})

    def clusters(self) -> Iterator[Cluster]:
        for clusters in self._clusters.values():
            yield from clusters.values()

    def find(self, ref: ClusterRef) -> Cluster | None:
        return self.clusters_in(ref.scope).get(ref.name)

    def cluster(self, ref: ClusterRef) -> Cluster:
        """Find a cluster.

        Raises:
            RefusalError: EKS's 404.
        """
        found = self.find(ref)
        if found is None:
            raise RefusalError(
                404,
                "ResourceNotFoundException",
                f"No cluster found for name: {ref.name}.",
                clusterName=ref.name,
            )
        return found

    def addons(self, ref: ClusterRef, now: float) -> Mapping[str, Addon]:
        """The add-ons of a cluster, updated to the given time."""
        addons = self._addons.get(ref, {})
        for name, addon in tuple(addons.items()):
            current = settled(addon, now)
            if current is None:
                del addons[name]
            elif current is not addon:
                addons[name] = current
        return addons

    def addon(self, ref: ClusterRef, name: str, now: float) -> Addon:
        """Find an add-on.

        Raises:
            RefusalError: EKS's 404 for the cluster or the add-on.
        """
        self.cluster(ref)
        found = self.addons(ref, now).get(name)
        if found is None:
            raise RefusalError(
                404,
                "ResourceNotFoundException",
                f"No addon: {name} found in cluster: {ref.name}",
                clusterName=ref.name,
                addonName=name,
            )
        return found

    def in_cluster(self, ref: ClusterRef, name: str, now: float) -> Addon | None:
        """The add-on whose objects exist; None without add-on, or if creating it failed."""
        found = self.addons(ref, now).get(name)
        return found if found is not None and found.applied else None

    def new_id(self, *parts: object) -> str:
        """Generate a UUID; deterministic for the same sequence of calls."""
        self._issued += 1
        return str(uuid5(NAMESPACE_URL, f"{self._issued}:{':'.join(map(str, parts))}"))

    def authority_data(self, ref: ClusterRef) -> str:
        return b64encode(self.endpoint_of(ref).authority.encode()).decode()
