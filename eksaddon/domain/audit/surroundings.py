"""What an audit reads in addition to the add-on and its workload; each part can be missing."""

from collections.abc import Mapping
from dataclasses import field

from eksaddon.domain.cause import Trouble
from eksaddon.domain.kube.not_checked import NotChecked
from eksaddon.domain.target import Labels
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """The cluster, from DescribeCluster.

    Attributes:
        kubernetes: Such as `1.34`.
        support: upgradePolicy.supportType, `STANDARD` or `EXTENDED`; empty if EKS returned none.
        tags: Sorted.
        vpc: Id of the VPC; empty if EKS returned none.
        group: Id of the cluster security group; empty if EKS returned none.
    """

    kubernetes: str = ""
    support: str = ""
    tags: Labels = ()
    vpc: str = ""
    group: str = ""


ClusterSeen = ClusterFacts | Trouble


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Objects around CoreDNS in the cluster.

    Attributes:
        zones: Zone of each node that runs a CoreDNS pod.
        node_local: The DaemonSet `node-local-dns` exists.
    """

    zones: Mapping[str, str] | NotChecked = field(default_factory=dict, hash=False)
    node_local: bool | NotChecked = False


@dataclass(frozen=True, slots=True)
class VpcDns:
    """Attributes of the VPC.

    Attributes:
        support: enableDnsSupport: the resolver of the VPC answers.
        hostnames: enableDnsHostnames.
    """

    support: bool
    hostnames: bool


VpcSeen = VpcDns | Trouble
