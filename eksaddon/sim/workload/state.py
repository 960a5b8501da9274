"""State of a simulated cluster other than its add-on: workload settings of other field managers."""

import math
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.addon.update_script import Course
from eksaddon.sim.workload.applying import Layer
from eksaddon.sim.workload.fields import Path

ROLLOUT = 12.0
"""Seconds until all pods are replaced."""

ENDING, STARTING = 5.0, 2.0
"""Seconds until pods are gone, or ready, after a scaling."""

OBSERVED = 0.5
"""Seconds until the Deployment's controller observes a change."""


class Reach(StrEnum):
    """Reachability of the Kubernetes API.

    Attributes:
        NO_ENTRY: Callers are unauthorized, because no access entry has their role.
        UNREACHABLE: Connections fail, as to a private endpoint from outside.
    """

    OPEN = "open"
    NO_ENTRY = "no-entry"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Dns:
    """DNS as a probe measures it.

    Attributes:
        lost_on_change: Lookups that time out once CoreDNS is changed in the cluster.
        lost_before: Lookups that time out in any case.
        late: Share of the lookups that the prober cannot send in time.
        counted_on_change: Increases of CoreDNS's own counters once it is changed, by `OwnCounter`.
        is_metrics_denied: Its counters may not be read.
    """

    answers: bool = True
    lost_on_change: int = 0
    lost_before: int = 0
    late: float = 0.0
    counted_on_change: tuple[tuple[str, int], ...] = ()
    is_metrics_denied: bool = False


INSTALLER = "kubectl-client-side-apply"


class StuckBy(StrEnum):
    """Why pods of a new template do not become ready."""

    IMAGE_PULL = "image-pull"
    CRASH_LOOP = "crash-loop"
    UNSCHEDULABLE = "unschedulable"
    QUOTA = "quota"
    PAUSED = "paused"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Termination:
    """Termination settings of a pod template.

    Attributes:
        revision: Number of the template, from 0.
        grace: Seconds.
        sleep: Seconds of preStop; 0 for none.
    """

    revision: int
    grace: int
    sleep: int


@dataclass(frozen=True, slots=True)
class OtherPod:
    """A pod that kube-dns selects, in addition to those of the last two templates.

    Attributes:
        of: Its Deployment; pods of `coredns` read the Corefile.
        reason: Why it is Failed, such as `Evicted`.
    """

    name: str
    of: str = "coredns"
    phase: str = "Running"
    reason: str = ""
    grace: int = 30
    pre_stop: int = 0
    ending: bool = False
    ready: bool = True


class ScaledBy(StrEnum):
    """Kind of an autoscaler."""

    HORIZONTAL = "horizontal"
    PROPORTIONAL = "proportional"
    KEDA = "keda"


@dataclass(frozen=True, slots=True)
class Scaler:
    """An autoscaler of the Deployment."""

    least: int
    most: int
    kind: ScaledBy = ScaledBy.HORIZONTAL


@dataclass(frozen=True, slots=True)
class Scaled:
    """Replicas that a patch set.

    Attributes:
        replicas: None as the add-on or the manifest says.
        before: Replicas before the patch.
        record: The annotation that was written with them; empty for none.
        at: Seconds since the epoch.
        count: Number of such patches so far.
        raised: Number of those that added pods.
        floor: Replicas before the last that did; pods with a higher number are new.
        silent_from: When the last pod ended; infinite if there was always one.
        silent_until: When the first pod was ready again.
    """

    replicas: int | None
    before: int
    record: str
    at: float
    count: int
    raised: int = 0
    floor: int = 0
    silent_from: float = math.inf
    silent_until: float = math.inf


@dataclass(frozen=True, slots=True)
class Placement:
    """Where pods run, and what else serves DNS.

    Attributes:
        nodes: Number of nodes that pods take in turn.
        zones: Number of zones that nodes take in turn.
        node_local: NodeLocal DNSCache runs in the cluster.
    """

    nodes: int = 3
    zones: int = 3
    node_local: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """State of the Deployment, independent of the add-on.

    Attributes:
        owns_grace: EKS's manifest sets grace and preStop, so that EKS owns the fields.
        policy_grace: What a mutating policy sets the grace of every apply to; None for no such policy.
        stuck: Rollouts never finish.
        stuck_by: Why they do not finish.
        running: Template of the pods that run during a rollout; None before the first rollout.
        dns: DNS as a probe measures it.
        pods: More pods behind kube-dns.
        placement: Where pods run.
        annotations: Of the Deployment, like `labels`, in addition to its own.
        speed: Rollouts take this much less time than `ROLLOUT`.
        corefile: Corefile of a self-managed CoreDNS; used without an add-on. None for no CoreDNS.
        replicas: Replicas of a self-managed CoreDNS.
        build: Image tag of a self-managed CoreDNS.
        owner: Field manager of a self-managed CoreDNS.
        deployment: Merged into the Deployment's spec, null removes keys; replaces it if EKS was the owner.
            With an add-on, EKS's fields take precedence.
        files: Other keys of the ConfigMap.
        budgets: Specs of PodDisruptionBudgets not created by EKS, by name.
        budget_deleted_at: When the add-on's budget was deleted; EKS creates it again by a later update.
        creates: Courses of the next CreateAddon calls; later ones depend on conflicts.
        layers: Fields that other managers applied to the Deployment.
        lost: Fields that they took from EKS by force.
        lost_at: Time of the last takeover, in seconds since the epoch.
        changes: Number of rollouts.
        changed_at: Start of the last rollout, in seconds since the epoch.
        scaled: The last patch of the replicas.
    """

    reach: Reach = Reach.OPEN
    owns_grace: bool = False
    policy_grace: int | None = None
    stuck: bool = False
    stuck_by: StuckBy = StuckBy.IMAGE_PULL
    running: Termination | None = None
    dns: Dns = Dns()
    pods: tuple[OtherPod, ...] = ()
    placement: Placement = Placement()
    speed: float = 1.0
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    corefile: str | None = None
    replicas: int = 2
    build: str = "v1.11.4"
    owner: str = INSTALLER
    deployment: JsonObject = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    budgets: Mapping[str, JsonObject] = field(default_factory=dict)
    budget_deleted_at: float = -1.0
    scaler: Scaler | None = None
    creates: tuple[Course, ...] = ()
    layers: tuple[Layer, ...] = ()
    lost: frozenset[Path] = frozenset()
    lost_at: float = 0.0
    changes: int = 0
    changed_at: float = 0.0
    scaled: Scaled | None = None
