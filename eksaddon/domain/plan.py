"""The plan as a value: what would change where, in which order, and why not."""

from dataclasses import dataclass, field
from enum import StrEnum

from eksaddon.domain.basis import Basis
from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Location
from eksaddon.domain.json import Json
from eksaddon.domain.live import LiveField
from eksaddon.domain.rollout.strategy import Strategy, unstaged
from eksaddon.domain.target import Target


class Plane(StrEnum):
    ADDON = "addon"
    WORKLOAD = "workload"


class Action(StrEnum):
    """What is to happen to a target; also its key in a plan's summary, in this order.

    A new one needs a row in `STATES` of `eksaddon.report.model.states`.
    """

    UPDATE = "update"
    IN_SYNC = "inSync"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that would move.

    Attributes:
        path: The add-on key, a Corefile place (`corefile[".:53"].health.lameduck`) or the Deployment's field.
        before: None where the field is not set.
        after: None where the field is removed.
        note: Why it is not applied, or what else to know; empty as a rule.
        origin: The line that asks for it; no part of what the change is.
    """

    plane: Plane
    path: str
    before: Json
    after: Json
    note: str = ""
    origin: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AddonWrite:
    """What UpdateAddon would be sent.

    Attributes:
        before: The stored text that the plan was made from, verbatim; None where it was never set.
        text: The full document to send.
    """

    before: str | None
    text: str
    resolve_conflicts: ResolveConflicts
    role_arn: str = ""


@dataclass(frozen=True, slots=True)
class WorkloadWrite:
    """What of the Deployment is to be eksdns' own; what is None is left alone, or given back.

    Attributes:
        before: Grace and preStop in seconds as they ran when the plan was made; 0 for no preStop.
        force: Take fields from whoever owns them.
        reapply: Write again where an add-on update takes it back.
    """

    grace_seconds: int | None
    pre_stop_seconds: int | None
    before: tuple[int, int] = (0, 0)
    force: bool = False
    reapply: bool = False


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """What is to happen to one target.

    Attributes:
        fingerprint: Of the observed state; empty where nothing was observed.
        write: None where the add-on plane is left alone.
        workload: None where the workload plane is left alone.
        kept: What has to run still after an update of the add-on; None where nobody looked, or none is made.
        order: The planes that are written, in the order in which that is safe.
        namespace: Where the workload lives.
        wave: Name of the wave; empty where there are none.
        live: What runs, setting by setting; empty where the cluster was not looked at.
        basis: What the plan was made from; None where nothing is to be written.
        cut_ns: Nanoseconds of preStop and lameduck that the grace cuts off, before and after the plan; what
            whoever approves the plan accepts.
        unverified: Why the plan goes on although the pods could not be looked at; empty as a rule.
    """

    target: Target
    action: Action
    reason: str
    version: str = ""
    changes: tuple[Change, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    fingerprint: str = ""
    write: AddonWrite | None = None
    wave: str = ""
    trouble: Trouble | None = None
    workload: WorkloadWrite | None = None
    order: tuple[Plane, ...] = ()
    kept: WorkloadWrite | None = None
    namespace: str = "kube-system"
    live: tuple[LiveField, ...] = ()
    basis: Basis | None = None
    cut_ns: tuple[int, int] = (0, 0)
    unverified: str = ""

    @property
    def writes(self) -> bool:
        return self.write is not None or self.workload is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan.

    Attributes:
        created_at: Seconds since the epoch.
        digest: SHA-256 over everything that decides what would be done; the time is left out.
        waves: Their names in order; none where nobody described a rollout.
    """

    clusters: tuple[ClusterPlan, ...]
    created_at: float
    digest: str
    waves: tuple[str, ...] = field(default=())
    strategy: Strategy = field(default_factory=unstaged)

    def count(self, action: Action) -> int:
        return sum(1 for cluster in self.clusters if cluster.action is action)
