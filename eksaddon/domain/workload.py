"""The workload plane: what runs, as the Kubernetes API tells it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from eksaddon.domain.json import Json
from eksaddon.domain.kube.pods import Pod

STOCK_GRACE_SECONDS = 30
"""Kubernetes' default terminationGracePeriodSeconds, which EKS leaves as it is."""

SLEEP_SINCE = (1, 30)
"""Kubernetes since which a preStop may sleep without a shell (source: KEP-3960, on by default from 1.30)."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has set a field, by the object's managedFields.

    Attributes:
        manager: As `eks`, `eksdns` or `kubectl-edit`.
        operation: `Apply` or `Update`.
        at: Seconds since the epoch; 0 where it is not told.
    """

    manager: str
    operation: str
    at: float = 0.0


EKS, OWN = "eks", "eksdns"
"""The field managers of the add-on and of eksdns."""


def is_anothers(owner: Owner | None) -> bool:
    """Whether somebody other than EKS and eksdns set it; nobody on record is nobody."""
    return owner is not None and owner.manager not in {EKS, OWN}


def by_whom(owner: Owner | None) -> str:
    """As ` (kubectl-edit set it on 2026-08-25 14:02 UTC)`; empty where nobody else did."""
    if owner is None or not is_anothers(owner):
        return ""
    at = f" on {datetime.fromtimestamp(owner.at, UTC):%Y-%m-%d %H:%M} UTC" if owner.at else ""
    return f" ({owner.manager} set it{at})"


@dataclass(frozen=True, slots=True)
class ForeignField:
    """A field that neither EKS nor eksdns owns.

    Attributes:
        kind: Of the object, as `Deployment`.
        path: As `spec.template.spec.containers[name="coredns"].resources.limits.memory`.
        value: As JSON text where it is no scalar.
    """

    kind: str
    path: str
    value: Json
    owner: Owner


@dataclass(frozen=True, slots=True)
class Budget:
    """A PodDisruptionBudget that selects the pods.

    Attributes:
        allowed: How many pods may be evicted now.
    """

    name: str
    min_available: str = ""
    max_unavailable: str = ""
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class Scaler:
    """Something that changes replicas by itself."""

    name: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class RolledOut:
    """Every pod is of the newest template, and no older one is left."""


@dataclass(frozen=True, slots=True)
class RollingOut:
    why: str


@dataclass(frozen=True, slots=True)
class RolloutStuck:
    """The Deployment's own deadline has passed."""

    why: str


Rollout = RolledOut | RollingOut | RolloutStuck


@dataclass(frozen=True, slots=True)
class Workload:
    """The CoreDNS Deployment and its ConfigMap.

    Attributes:
        pre_stop_seconds: The sleep action's seconds; 0 where there is no preStop.
        corefile: The live ConfigMap's Corefile; None where the ConfigMap is absent.
        version: Of the Kubernetes API server, as (1, 33); (0, 0) where it is not known.
        foreign: What others own of the Deployment and the ConfigMap, beside what is named here.
        other_pre_stop: A preStop of another kind, as `exec`; empty as a rule.
        pods: Those that the Service kube-dns selects, those that are ending or over among them.
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
    rollout: Rollout = RolledOut()
    foreign: tuple[ForeignField, ...] = ()
    pods: tuple[Pod, ...] = ()

    @property
    def knows_sleep(self) -> bool:
        """Whether the server takes a preStop that sleeps; an unknown version is asked."""
        return knows_sleep(self.version)


def knows_sleep(version: tuple[int, int]) -> bool:
    """Whether a Kubernetes version takes a preStop that sleeps; (0, 0) for an unknown one, which may."""
    return version == (0, 0) or version >= SLEEP_SINCE


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The workload plane was not looked at, and so is never in sync.

    Attributes:
        is_chosen: Nobody tried, because nobody was to.
    """

    reason: str
    hint: str = ""
    is_chosen: bool = False


WorkloadState = Workload | NotChecked

PodsSeen = tuple[Pod, ...] | NotChecked
