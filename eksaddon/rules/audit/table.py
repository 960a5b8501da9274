"""Every check of an audit, with level and sources; docs/audit.md is generated from it.

The order decides which reason comes first among those of one level.
"""

from collections.abc import Mapping
from types import MappingProxyType

from eksaddon.domain.audit.verdict import Level, Source
from eksaddon.frozen import dataclass

_BP = "https://docs.aws.amazon.com/eks/latest/best-practices"
_UG = "https://docs.aws.amazon.com/eks/latest/userguide"

SERVICES = Source("EKS best practices, cluster services", f"{_BP}/scale-cluster-services.html")
DATAPLANE = Source("EKS best practices, data plane", f"{_BP}/data-plane.html")
NETWORK = Source(
    "EKS best practices, network performance",
    f"{_BP}/monitoring_eks_workloads_for_network_performance_issues.html",
)
AUTOSCALING = Source("EKS user guide, CoreDNS autoscaling", f"{_UG}/coredns-autoscaling.html")
MANAGING = Source("EKS user guide, CoreDNS", f"{_UG}/managing-coredns.html")
FIELDS = Source("EKS user guide, field management", f"{_UG}/kubernetes-field-management.html")
SUPPORT = Source("EKS user guide, Kubernetes versions", f"{_UG}/kubernetes-versions.html")
VPC = Source("EKS user guide, VPC requirements", f"{_UG}/network-reqs.html")
GROUPS = Source("EKS user guide, security group requirements", f"{_UG}/sec-group-reqs.html")
ACLS = Source(
    "VPC user guide, network ACLs", "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
)
SGPP = Source("EKS best practices, security groups for pods", f"{_BP}/sgpp.html")
RUNBOOK = Source(
    "AWSSupport-TroubleshootEKSDNSFailure",
    "https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/"
    "automation-awssupport-troubleshooteksdnsfailure.html",
)
OPENSHIFT = Source("OpenShift DNS operator", "https://github.com/openshift/cluster-dns-operator")
EKSUP = Source("eksup", "https://github.com/clowdhaus/eksup")
HARDENEKS = Source("hardeneks", "https://github.com/aws-samples/hardeneks")
POPEYE = Source("popeye", "https://github.com/derailed/popeye")
EVICTION = Source(
    "Kubernetes, disruption budgets", "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"
)
TERMINATION = Source(
    "Kubernetes, pod lifecycle", "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/"
)
COREDNS = Source("CoreDNS", "https://coredns.io/plugins/")
CACHE = Source(
    "Kubernetes, NodeLocal DNSCache",
    "https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/",
)
ROADMAP = Source("containers-roadmap#2540", "https://github.com/aws/containers-roadmap/issues/2540")
NO_SHELL = Source("coredns#2984", "https://github.com/coredns/coredns/issues/2984")
RELOAD_HANG = Source("coredns#7314", "https://github.com/coredns/coredns/issues/7314")
SHUTDOWN = Source("amazon-eks-ami#2390", "https://github.com/awslabs/amazon-eks-ami/issues/2390")
FROZEN = Source("containers-roadmap#2152", "https://github.com/aws/containers-roadmap/issues/2152")
PROOF = Source("eksdns, probing", "https://github.com/eksdns/eksdns/blob/main/docs/probing.md")


@dataclass(frozen=True, slots=True)
class Row:
    """A check.

    Attributes:
        title: What it reports, for the documentation; without a full stop.
    """

    level: Level
    title: str
    sources: tuple[Source, ...]


CHECKS: Mapping[str, Row] = MappingProxyType(
    {
        "scaled-down": Row(
            Level.HIGH, "`eksdns prove --scale-to` has not restored the replicas", (PROOF, DATAPLANE)
        ),
        "no-replica": Row(Level.HIGH, "cluster DNS is off: 0 replicas", (RUNBOOK, DATAPLANE)),
        "corefile-missing": Row(
            Level.HIGH, "the ConfigMap of the Corefile is missing, so no new pod starts", (RUNBOOK,)
        ),
        "corefile-refused": Row(
            Level.HIGH, "this CoreDNS refuses the Corefile at its next start", (RUNBOOK, COREDNS)
        ),
        "vpc-dns": Row(Level.HIGH, "DNS resolution of the VPC is off", (RUNBOOK, VPC)),
        "dns-port": Row(
            Level.HIGH, "security groups block UDP port 53 between nodes and CoreDNS", (GROUPS, SGPP)
        ),
        "dns-acl": Row(
            Level.HIGH,
            "network ACLs block UDP port 53 or its answers between the subnets of nodes and CoreDNS",
            (ACLS, GROUPS),
        ),
        "addon-unhealthy": Row(Level.HIGH, "the add-on is unhealthy or could not be updated", (MANAGING,)),
        "pods-failing": Row(
            Level.HIGH, "pods are killed for memory, crash or cannot start", (RUNBOOK, NETWORK)
        ),
        "values-unreadable": Row(
            Level.HIGH, "the add-on's configuration is neither JSON nor YAML", (MANAGING,)
        ),
        "one-replica": Row(Level.HIGH, "one replica", (DATAPLANE, AUTOSCALING, EKSUP, HARDENEKS)),
        "one-node": Row(Level.HIGH, "all replicas are on one node", (NETWORK, SERVICES)),
        "two-budgets": Row(
            Level.HIGH,
            "several PodDisruptionBudgets select one pod: no eviction works",
            (EVICTION, POPEYE),
        ),
        "budget-blocks": Row(Level.HIGH, "the PodDisruptionBudget allows no eviction", (EVICTION,)),
        "probe-endpoints": Row(
            Level.HIGH, "`health` or `ready` is missing, which the probes need", (SERVICES, FROZEN)
        ),
        "queries-fail": Row(Level.HIGH, "the Corefile fails queries that every cluster sends", (RUNBOOK,)),
        "no-readiness": Row(Level.HIGH, "the pods have no readiness probe", (SERVICES, EKSUP, POPEYE)),
        "unprotected-shutdown": Row(
            Level.HIGH, "neither lameduck nor preStop: a pod stops answering when it is deleted", (SERVICES,)
        ),
        "dns-port-tcp": Row(
            Level.MEDIUM,
            "security groups block TCP port 53, which long answers and NodeLocal DNSCache need",
            (GROUPS, CACHE),
        ),
        "dns-acl-tcp": Row(
            Level.MEDIUM,
            "network ACLs block TCP port 53 or its answers, which long answers and NodeLocal DNSCache need",
            (ACLS, CACHE),
        ),
        "short-shutdown": Row(
            Level.MEDIUM,
            "a deleted pod answers for a shorter time than nodes send queries to it",
            (SERVICES, OPENSHIFT),
        ),
        "cut-shutdown": Row(
            Level.MEDIUM, "the grace period cuts off lameduck or preStop", (SERVICES, TERMINATION)
        ),
        "exec-pre-stop": Row(Level.MEDIUM, "preStop runs a command, but the image has no shell", (NO_SHELL,)),
        "readiness-on-health": Row(
            Level.MEDIUM, "the readiness probe asks `/health` instead of `/ready`", (SERVICES,)
        ),
        "no-budget": Row(Level.MEDIUM, "no PodDisruptionBudget", (MANAGING, EKSUP, POPEYE)),
        "budget-protects-nothing": Row(
            Level.MEDIUM, "the PodDisruptionBudget lets all pods be evicted together", (EVICTION, EKSUP)
        ),
        "budget-invalid": Row(
            Level.MEDIUM, "the configuration of the PodDisruptionBudget is invalid", (EVICTION,)
        ),
        "one-zone": Row(Level.MEDIUM, "all replicas are in one zone", (DATAPLANE, EKSUP)),
        "no-spread": Row(Level.MEDIUM, "nothing spreads replicas over nodes", (NETWORK, EKSUP, HARDENEKS)),
        "scaling-bounds": Row(
            Level.MEDIUM,
            "the bounds of autoscaling contradict each other or allow one replica",
            (AUTOSCALING,),
        ),
        "two-scalers": Row(Level.MEDIUM, "several autoscalers set the replicas", (AUTOSCALING, ROADMAP)),
        "scaling-reset": Row(Level.MEDIUM, "the next add-on update lowers the replicas first", (ROADMAP,)),
        "cpu-limit": Row(Level.MEDIUM, "a CPU limit throttles lookups in bursts", (NETWORK, RUNBOOK)),
        "memory-limit": Row(
            Level.MEDIUM, "the memory limit is lower than EKS's default of 170Mi", (MANAGING, POPEYE)
        ),
        "rollout-unfinished": Row(Level.MEDIUM, "not all pods have the newest template", (RUNBOOK,)),
        "hand-edits": Row(Level.MEDIUM, "the cluster differs from the add-on's configuration", (FIELDS,)),
        "version-unlisted": Row(
            Level.MEDIUM, "EKS no longer offers the add-on's version for this Kubernetes", (MANAGING,)
        ),
        "kubernetes-support": Row(
            Level.MEDIUM, "the Kubernetes version left support, or leaves it within 60 days", (SUPPORT,)
        ),
        "corefile-refused-later": Row(
            Level.MEDIUM, "a later CoreDNS refuses the Corefile", (COREDNS, FROZEN)
        ),
        "node-shutdown": Row(
            Level.MEDIUM, "a node shutdown cuts lameduck below the propagation", (SHUTDOWN,)
        ),
        "tight-shutdown": Row(
            Level.LOW, "less than 10 s of the grace period remain for a clean shutdown", (TERMINATION,)
        ),
        "reload-hang": Row(
            Level.LOW, "this CoreDNS hangs if SIGTERM meets a reload (up to 1.12.4)", (RELOAD_HANG,)
        ),
        "scaling-record": Row(
            Level.LOW, "an interrupted `eksdns prove --scale-to` left its record of the replicas", (PROOF,)
        ),
        "version-behind": Row(Level.LOW, "EKS offers newer versions of the add-on", (MANAGING, EKSUP)),
        "dns-port-cluster-group": Row(
            Level.LOW, "the cluster security group does not allow port 53 between its members", (GROUPS,)
        ),
        "no-zone-spread": Row(Level.LOW, "nothing spreads replicas over zones", (DATAPLANE, EKSUP)),
        "no-liveness": Row(Level.LOW, "the pods have no liveness probe", (POPEYE,)),
        "corefile-frozen": Row(
            Level.LOW,
            "the stored Corefile equals EKS's default and no longer follows it",
            (FROZEN,),
        ),
        "self-managed": Row(Level.LOW, "CoreDNS is self-managed, so EKS does not update it", (MANAGING,)),
        "corefile-stored": Row(
            Level.NOTE, "the add-on stores a Corefile, so changes of EKS's default do not arrive", (FROZEN,)
        ),
        "node-local-dns": Row(
            Level.NOTE,
            "NodeLocal DNSCache answers first: fewer pods see losses",
            (CACHE, SERVICES),
        ),
        "managed-by": Row(Level.NOTE, "another tool manages the add-on and reverts changes", (FIELDS,)),
        "kubernetes-ends": Row(
            Level.NOTE,
            "the Kubernetes version leaves support soon, or its end of support is unknown",
            (SUPPORT,),
        ),
        "update-running": Row(Level.NOTE, "an update of the add-on is in progress", (MANAGING,)),
    }
)
