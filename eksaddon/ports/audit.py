"""What an audit asks in addition to plans."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from eksaddon.domain.audit.network import NetworkSeen
from eksaddon.domain.audit.surroundings import ClusterFacts, ClusterSeen, Surroundings, VpcSeen
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.workload import NotChecked


class ClusterReader(Protocol):
    def cluster(self, ref: ClusterRef) -> ClusterSeen:
        """Facts about a cluster; one DescribeCluster."""
        ...


class VpcReader(Protocol):
    def vpc_dns(self, scope: Scope, vpc: str) -> VpcSeen:
        """DNS attributes of a VPC; two calls of EC2."""
        ...

    def dns_network(self, ref: ClusterRef, cluster: ClusterFacts, pods: Sequence[Pod]) -> NetworkSeen:
        """Interfaces, security groups and network ACLs between nodes and CoreDNS; three to six calls of EC2.

        Args:
            pods: CoreDNS pods; without any, only the cluster security group is read.
        """
        ...


class SurroundingsReader(Protocol):
    def surroundings(
        self, ref: ClusterRef, nodes: Iterable[str], namespace: str = "kube-system"
    ) -> Surroundings | NotChecked:
        """Objects around CoreDNS.

        Args:
            nodes: Nodes whose zones to read.
        """
        ...
