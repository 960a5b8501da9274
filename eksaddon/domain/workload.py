"""The workload plane: the live objects, as read from the Kubernetes API."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import assert_never

from eksaddon.domain.json import Json
from eksaddon.domain.kube.not_checked import NotChecked as NotChecked  # noqa: PLC0414  # a re-export
from eksaddon.domain.kube.pods import Pod, own_running
from eksaddon.domain.kube.readiness import STOCK_READINESS, Readiness
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.kube.template import STOCK_TEMPLATE, PodTemplate
from eksaddon.frozen import dataclass

STOCK_GRACE_SECONDS = 30
"""Kubernetes' default terminationGracePeriodSeconds, which EKS does not change."""

GRACE_PATH = "terminationGracePeriodSeconds"
HOOK_PATH = "lifecycle.preStop"
PRE_STOP_PATH = f"{HOOK_PATH}.sleep.seconds"
"""The fields of the Deployment that eksdns writes, as plans name them."""

SLEEP_SINCE = (1, 30)
"""First Kubernetes version with a preStop sleep action (source: KEP-3960, on by default from 1.30)."""


NO_COREFILE = "the ConfigMap that the pods mount does not exist or has no Corefile: no new pod starts"

PAUSED = "the Deployment is paused, so that a change of its pods does not take effect"
PAUSED_HINT = "`kubectl -n kube-system rollout resume deployment/coredns` resumes it"

SLEEP = "sleep"
"""The kind of a preStop handler that sleeps, as `exec` and `httpGet` are kinds."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The last writer of a field, from the object's managedFields.

    Attributes:
        manager: Such as `eks`, `eksdns` or `kubectl-edit`.
        operation: `Apply` or `Update`.
        at: Seconds since the epoch; 0 if unknown.
    """

    manager: str
    operation: str
    at: float = 0.0


EKS, OWN = "eks", "eksdns"
"""The field managers of the add-on and of eksdns."""


def is_anothers(owner: Owner | None) -> bool:
    """Whether another controller than EKS and eksdns set the field; False if no manager is recorded."""
    return owner is not None and owner.manager not in {EKS, OWN}


def by_whom(owner: Owner | None) -> str:
    """Suffix such as ` (kubectl-edit set it on 2026-08-25 14:02 UTC)`; empty without another controller."""
    if owner is None or not is_anothers(owner):
        return ""
    at = f" on {datetime.fromtimestamp(owner.at, UTC):%Y-%m-%d %H:%M} UTC" if owner.at else ""
    return f" ({owner.manager} set it{at})"


@dataclass(frozen=True, slots=True)
class ForeignField:
    """A field that is managed by neither EKS nor eksdns.

    Attributes:
        kind: Kind of the object, such as `Deployment`.
        path: Such as `spec.template.spec.containers[name="coredns"].resources.limits.memory`.
        value: A scalar, or the JSON text of any other value.
    """

    kind: str
    path: str
    value: Json
    owner: Owner


@dataclass(frozen=True, slots=True)
class Budget:
    """A PodDisruptionBudget that selects the pods.

    Attributes:
        allowed: Number of pods that may be evicted now.
        uid: Of this object; another one of the same name has another uid.
        generation: Increases with each change of the spec; 0 if unknown.
        resource_version: Changes with each write, also of the status.
        managers: Field managers of the spec, sorted; empty if none is recorded.
    """

    name: str
    min_available: str = ""
    max_unavailable: str = ""
    allowed: int = 0
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    managers: tuple[str, ...] = ()

    @property
    def limits(self) -> str:
        """Such as `maxUnavailable 1`; `no limit` without one."""
        found = (("minAvailable", self.min_available), ("maxUnavailable", self.max_unavailable))
        return ", ".join(f"{key} {value}" for key, value in found if value) or "no limit"

    @property
    def is_addons(self) -> bool:
        """Whether EKS alone set its spec, under the name that the add-on gives it."""
        return self.name == ADDON_BUDGET and self.managers == (EKS,)


ADDON_BUDGET = "coredns"
"""Name of the PodDisruptionBudget that EKS creates (source: AWS, managing-coredns)."""


class ScalerKind(StrEnum):
    """Kinds of autoscalers that eksdns looks for."""

    HORIZONTAL = "HorizontalPodAutoscaler"
    PROPORTIONAL = "cluster-proportional-autoscaler"
    KEDA = "KEDA ScaledObject"


@dataclass(frozen=True, slots=True)
class Scaler:
    """An autoscaler of the Deployment.

    Attributes:
        least: Minimum replicas; None if they are not in the object.
    """

    name: str
    least: int | None
    most: int | None
    kind: ScalerKind = ScalerKind.HORIZONTAL

    def __str__(self) -> str:
        return self.name if self.kind is ScalerKind.HORIZONTAL else f"{self.name} ({self.kind})"


@dataclass(frozen=True, slots=True)
class RolledOut:
    """Every pod has the newest template; no older pod is left."""


@dataclass(frozen=True, slots=True)
class RollingOut:
    why: str


@dataclass(frozen=True, slots=True)
class RolloutStuck:
    """The Deployment's progressDeadlineSeconds has passed."""

    why: str


Rollout = RolledOut | RollingOut | RolloutStuck


@dataclass(frozen=True, slots=True)
class Workload:
    """The CoreDNS Deployment and its ConfigMap.

    Attributes:
        pre_stop_seconds: Seconds of the sleep action; 0 without preStop.
        corefile: The Corefile of the live ConfigMap; None if the ConfigMap does not exist.
        version: Version of the Kubernetes API server, such as (1, 33); (0, 0) if unknown.
        foreign: Other fields of the Deployment and the ConfigMap managed by other controllers.
        other_pre_stop: A preStop of another kind, such as `exec`; usually empty.
        scalers_unread: Why some kinds of autoscalers could not be looked for; usually empty.
        readiness_owners: In the order of `READINESS_PATHS`.
        sidecar_hooks: preStop hooks of other containers, as `istio-proxy (exec)`.
        pods: Pods that the Service kube-dns selects, including terminating and terminated ones.
        marks: Annotations and labels of the Deployment that show a tool, by `OWNER_MARKS`, sorted.
        scaled_down: What an interrupted proof has not restored; usually None.
        is_paused: The Deployment is paused: a change of its template reaches no pod.
    """

    replicas: int
    grace_seconds: int
    pre_stop_seconds: int
    corefile: str | None
    version: tuple[int, int] = (0, 0)
    other_pre_stop: str = ""
    grace_owner: Owner | None = None
    pre_stop_owner: Owner | None = None
    corefile_owner: Owner | None = None
    replicas_owner: Owner | None = None
    budgets: tuple[Budget, ...] = ()
    scalers: tuple[Scaler, ...] = ()
    scalers_unread: str = ""
    rollout: Rollout = RolledOut()
    readiness: Readiness = STOCK_READINESS
    readiness_owners: tuple[Owner | None, Owner | None, Owner | None] = (None, None, None)
    foreign: tuple[ForeignField, ...] = ()
    pods: tuple[Pod, ...] = ()
    sidecar_hooks: tuple[str, ...] = ()
    template: PodTemplate = STOCK_TEMPLATE
    scaled_down: ScaledDown | None = None
    marks: tuple[tuple[str, str], ...] = ()
    is_paused: bool = False

    @property
    def unfinished(self) -> str:
        """Why not every pod has the newest template; empty if all have it."""
        match self.rollout:
            case RolledOut():
                return ""
            case RollingOut(why=why):
                return f"the rollout is in progress: {why}"
            case RolloutStuck(why=why):
                return f"the rollout is stuck: {why}"
            case _:
                assert_never(self.rollout)

    @property
    def lacks_corefile(self) -> bool:
        """Whether the pods mount a ConfigMap that does not exist or has no Corefile."""
        return self.corefile is None and any(pod.reads_corefile for pod in own_running(self.pods))

    @property
    def knows_sleep(self) -> bool:
        """Whether the server supports the preStop sleep action; assumed for an unknown version."""
        return knows_sleep(self.version)


def knows_sleep(version: tuple[int, int]) -> bool:
    """Whether a Kubernetes version supports the preStop sleep action; assumed for (0, 0), unknown."""
    return version == (0, 0) or version >= SLEEP_SINCE


@dataclass(frozen=True, slots=True)
class NoBudget:
    """The namespace has no PodDisruptionBudget of the add-on's name."""


BudgetSeen = Budget | NoBudget | NotChecked

WorkloadState = Workload | NotChecked

PodsSeen = tuple[Pod, ...] | NotChecked
