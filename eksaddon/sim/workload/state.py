"""What a simulated cluster knows beside its add-on: what others than EKS have set on the workload."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eksaddon.domain.json import JsonObject
from eksaddon.sim.addon.update_script import Course
from eksaddon.sim.workload.applying import Layer
from eksaddon.sim.workload.fields import Path

ROLLOUT = 12.0
"""Seconds until all pods are replaced."""

OBSERVED = 0.5
"""Seconds until the Deployment's controller has seen a change."""


class Reach(StrEnum):
    """How the Kubernetes API answers.

    Attributes:
        NO_ENTRY: It knows nobody, since no access entry names the caller's role.
        UNREACHABLE: Nobody can connect, as to a private endpoint from outside.
    """

    OPEN = "open"
    NO_ENTRY = "no-entry"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Dns:
    """What a probe meets.

    Attributes:
        lost_on_change: Lookups that time out once CoreDNS is changed in the cluster.
        lost_before: Lookups that time out in any case.
        late: Share of the lookups that the prober itself is too late for.
    """

    answers: bool = True
    lost_on_change: int = 0
    lost_before: int = 0
    late: float = 0.0


INSTALLER = "kubectl-client-side-apply"


class StuckBy(StrEnum):
    """What keeps the pods of a new template from being ready."""

    IMAGE_PULL = "image-pull"
    CRASH_LOOP = "crash-loop"
    UNSCHEDULABLE = "unschedulable"
    QUOTA = "quota"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Termination:
    """How pods of one template end.

    Attributes:
        revision: Which template, counted from 0.
        grace: Seconds.
        sleep: Seconds of preStop; 0 for none.
    """

    revision: int
    grace: int
    sleep: int


@dataclass(frozen=True, slots=True)
class OtherPod:
    """A pod with the label that kube-dns selects, beside those of the last two templates.

    Attributes:
        of: The Deployment it belongs to; one of `coredns` reads the Corefile.
        reason: Why it is Failed, as `Evicted`.
    """

    name: str
    of: str = "coredns"
    phase: str = "Running"
    reason: str = ""
    grace: int = 30
    pre_stop: int = 0
    ending: bool = False
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Scaler:
    """A HorizontalPodAutoscaler of the Deployment."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Workload:
    """The Deployment's own story.

    Attributes:
        owns_grace: EKS' manifest names grace and preStop, so that they are EKS' fields.
        policy_grace: What a mutating policy sets the grace of every apply to; None for no such policy.
        stuck: A rollout never ends.
        stuck_by: Why, where it does not.
        running: The template of the pods that run while a rollout goes on; None where none ever began.
        dns: What a probe meets.
        pods: More pods behind kube-dns.
        corefile: Of a CoreDNS that EKS does not manage; counts where there is no add-on. None for no CoreDNS.
        replicas: Likewise.
        build: Likewise; the tag of its image.
        owner: Likewise; the field manager that has set it.
        deployment: Laid over the Deployment's spec, null taking away; the whole of it where EKS was the
            owner. What EKS names wins where there is an add-on.
        files: What the ConfigMap holds beside the Corefile.
        budgets: Specs of PodDisruptionBudgets that others made, by name.
        creates: How the next CreateAddons go; after those by what is in their way.
        layers: What others have applied to the Deployment.
        lost: What they took from EKS by force.
        lost_at: When they last did, in seconds since the epoch.
        changes: How often its pods were replaced.
        changed_at: When they were last, in seconds since the epoch.
    """

    reach: Reach = Reach.OPEN
    owns_grace: bool = False
    policy_grace: int | None = None
    stuck: bool = False
    stuck_by: StuckBy = StuckBy.IMAGE_PULL
    running: Termination | None = None
    dns: Dns = Dns()
    pods: tuple[OtherPod, ...] = ()
    corefile: str | None = None
    replicas: int = 2
    build: str = "v1.11.4"
    owner: str = INSTALLER
    deployment: JsonObject = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    budgets: Mapping[str, JsonObject] = field(default_factory=dict)
    scaler: Scaler | None = None
    creates: tuple[Course, ...] = ()
    layers: tuple[Layer, ...] = ()
    lost: frozenset[Path] = frozenset()
    lost_at: float = 0.0
    changes: int = 0
    changed_at: float = 0.0
