"""What an audit asks in addition to plans."""

from collections.abc import Iterable
from typing import Protocol

from eksaddon.domain.audit.surroundings import ClusterSeen, Surroundings, VpcSeen
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


class SurroundingsReader(Protocol):
    def surroundings(
        self, ref: ClusterRef, nodes: Iterable[str], namespace: str = "kube-system"
    ) -> Surroundings | NotChecked:
        """Objects around CoreDNS.

        Args:
            nodes: Nodes whose zones to read.
        """
        ...
