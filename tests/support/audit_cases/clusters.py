"""States of a cluster for audits: one where nothing is wrong, and what makes it worse."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from eksaddon.domain.audit.network import NetworkSeen
from eksaddon.domain.audit.surroundings import ClusterFacts, ClusterSeen, Surroundings, VpcSeen
from eksaddon.domain.audit.verdict import Verdict
from eksaddon.domain.cause import Trouble
from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.kube.template import PodTemplate
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.versions.offered import VersionList
from eksaddon.domain.workload import Budget, NotChecked, Owner, Workload, WorkloadState
from eksaddon.plan.audit import Look, audit

REF = ClusterRef("111122223333", "eu-west-1", "shop")
NEW, OLD, OLDEST = "v1.14.3-eksbuild.14", "v1.11.4-eksbuild.28", "v1.9.3-eksbuild.2"
EKS = Owner("eks", "Apply", 1_700_000_000.0)
KUBECTL = Owner("kubectl-edit", "Update", 1_700_000_000.0)

COREFILE = """\
.:53 {
    errors
    health {
        lameduck LAMEDUCK
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""
SPREAD: JsonObject = {
    "affinity": {
        "podAntiAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": 100, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname"}}
            ]
        }
    },
    "topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway"}
    ],
}
"""As in EKS's manifest."""

ZONES = {"node-a": "eu-west-1a", "node-b": "eu-west-1b", "node-c": "eu-west-1c"}
DENIED = NotChecked("pods is forbidden", "apply the Role in configs/access/kubernetes.yaml")


def corefile(lameduck: str = "20s") -> str:
    return COREFILE.replace("LAMEDUCK", lameduck)


def pods(*nodes: str, **more: Any) -> tuple[Pod, ...]:
    return tuple(Pod(f"coredns-{number}", 45, 5, node=node, **more) for number, node in enumerate(nodes, 1))


DESCRIBED = ClusterFacts(kubernetes="1.33")
GOOD_VALUES = {"replicaCount": 3, "corefile": corefile()}
GOOD = Workload(
    replicas=3,
    grace_seconds=45,
    pre_stop_seconds=5,
    corefile=corefile(),
    version=(1, 33),
    corefile_owner=EKS,
    replicas_owner=EKS,
    budgets=(Budget("coredns", max_unavailable="1", allowed=1),),
    pods=pods("node-a", "node-b", "node-c"),
    template=PodTemplate(
        image="registry.invalid/eks/coredns:v1.14.3-eksbuild.14",
        limits={"memory": "170Mi"},
        requests={"cpu": "100m", "memory": "70Mi"},
        spread=SPREAD,
    ),
)


def template(**changes: Any) -> PodTemplate:
    return replace(GOOD.template, **changes)


def live(**changes: Any) -> Workload:
    """The good workload with changes; one of the Corefile changes the live one alone."""
    return replace(GOOD, **changes)


def shutting_down(lameduck: str | None, grace: int = 30, pre_stop: int = 0, **more: Any) -> dict[str, Any]:
    """Both documents and the Deployment with these settings."""
    text = corefile(lameduck) if lameduck else corefile().replace("        lameduck 20s\n", "")
    values = {**GOOD_VALUES, "corefile": text}
    workload = live(corefile=text, grace_seconds=grace, pre_stop_seconds=pre_stop, **more)
    return {"values": values, "workload": workload}


def both(text: str) -> dict[str, Any]:
    """The same Corefile in the configuration and in the cluster."""
    return {"values": {**GOOD_VALUES, "corefile": text}, "workload": live(corefile=text)}


@dataclass(frozen=True)
class State:
    """A cluster.

    Attributes:
        values: configurationValues; text as it is, None for none.
    """

    values: object = field(default_factory=lambda: GOOD_VALUES)
    version: str = NEW
    workload: WorkloadState = GOOD
    around: Surroundings | NotChecked = field(default_factory=lambda: Surroundings(zones=ZONES))
    cluster: ClusterSeen = DESCRIBED
    addon: dict[str, Any] = field(default_factory=dict)
    is_managed: bool = True
    vpc: VpcSeen | None = None
    network: NetworkSeen | None = None
    propagation: Propagation = DEFAULT
    offer: VersionList | Trouble | None = None
    today: date | None = None

    @property
    def verdict(self) -> Verdict:
        text = self.values if isinstance(self.values, str) or self.values is None else json.dumps(self.values)
        managed = replace(Managed(REF, self.version, "ACTIVE", text), **self.addon)
        observed = managed if self.is_managed else NotInstalled(REF)
        look = Look(self.workload, self.cluster, self.around, self.offer, self.vpc, network=self.network)
        return audit(observed, look, propagation=self.propagation, today=self.today)
