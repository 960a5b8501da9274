"""The plan: changes and findings of every target, and the rollout strategy."""

from dataclasses import field
from enum import StrEnum

from eksaddon.domain.basis import Basis
from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Location
from eksaddon.domain.json import Json
from eksaddon.domain.kube.readiness import NO_READINESS, Readiness
from eksaddon.domain.live import LiveField
from eksaddon.domain.rollout.strategy import Strategy, unstaged
from eksaddon.domain.target import Target
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.domain.weakening import Weakening
from eksaddon.frozen import dataclass


class Plane(StrEnum):
    """What a write changes.

    Attributes:
        WORKLOAD: The Deployment.
        BUDGET: The PodDisruptionBudget that EKS leaves in place when it is disabled.
    """

    ADDON = "addon"
    WORKLOAD = "workload"
    BUDGET = "budget"


class Action(StrEnum):
    """Planned action of a target; values are the keys of a plan's summary, in this order.

    A new value needs a row in `STATES` of `eksaddon.report.model.states`.
    """

    UPDATE = "update"
    IN_SYNC = "inSync"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Change:
    """A field whose value would change.

    Attributes:
        path: Key of the add-on, path in the Corefile (`corefile[".:53"].health.lameduck`) or field of the
            Deployment.
        before: None if the field is not set.
        after: None if the field is removed.
        note: Why it is not applied, or another remark; usually empty.
        origin: Line of the fleet file that sets the value; ignored when changes are compared.
    """

    plane: Plane
    path: str
    before: Json
    after: Json
    note: str = ""
    origin: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AddonWrite:
    """The UpdateAddon request to send.

    Attributes:
        before: The stored text that the plan was made from, verbatim; None if never set.
        text: The full document to send.
        version: Add-on version to send; empty to keep the installed one. EKS refuses an installed version
            that it no longer offers, so it is never sent without a change.
    """

    before: str | None
    text: str
    resolve_conflicts: ResolveConflicts
    role_arn: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class WorkloadWrite:
    """Fields of the Deployment to manage; a field that is None is not managed, or released if it was.

    Attributes:
        before: Grace and preStop in seconds at planning time; 0 for no preStop.
        force: Take over fields from their field managers.
        reapply: Write again after an add-on update reverts the fields.
        readiness_before: The readiness probe at planning time.
        replaces_hook: Kind of the preStop handler of another field manager that is removed first, such as
            `sleep` or `exec`; usually empty.
    """

    grace_seconds: int | None
    pre_stop_seconds: int | None
    before: tuple[int, int] = (0, 0)
    force: bool = False
    reapply: bool = False
    readiness: Readiness = NO_READINESS
    readiness_before: Readiness = NO_READINESS
    replaces_hook: str = ""


@dataclass(frozen=True, slots=True)
class BudgetRemoval:
    """The deletion of the add-on's PodDisruptionBudget, after all other writes.

    Attributes:
        uid: Of the object at planning time; no other one is deleted.
        generation: Of its spec at planning time.
        limits: For display, such as `maxUnavailable 1`.
        returns: A rollback of the add-on update enables the budget again.
    """

    uid: str
    generation: int
    limits: str
    returns: bool = False


NOT_APPLIED = " not applied"
"""The end of `ClusterPlan.unverified` where a part of the desired state is not written."""


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """The plan of one target.

    Attributes:
        version: Installed add-on version; empty if nothing was observed.
        fingerprint: Digest of the observed state; empty if nothing was observed.
        write: None if the add-on plane is not changed.
        workload: None if the Deployment is not changed.
        removal: None if no PodDisruptionBudget is deleted.
        kept: Workload settings that must survive the add-on update; None if they were not read, or no update
            is made.
        order: Add-on and Deployment, in a safe order; a removal follows them.
        namespace: Namespace of the workload.
        wave: Name of the wave; empty without waves.
        live: The live settings; empty if the cluster was not read.
        basis: The inputs of the plan; None if nothing is written.
        cut_ns: Nanoseconds of preStop and lameduck that the grace period cuts off, before and after the plan;
            approving the plan accepts them.
        unverified: Why the plan proceeds although the pods could not be read, and what is not applied
            therefore; usually empty.
        weakens: Settings that protect cluster DNS less after the plan; empty if nothing is written.
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
    weakens: tuple[Weakening, ...] = ()
    removal: BudgetRemoval | None = None

    @property
    def writes(self) -> bool:
        return self.write is not None or self.workload is not None or self.removal is not None

    @property
    def move(self) -> VersionMove | None:
        """The change of the add-on version; None if it stays."""
        after = self.write.version if self.write is not None else ""
        return VersionMove(self.version, after) if after else None

    @property
    def planned_version(self) -> str:
        """The add-on version after the plan."""
        return self.move.after if self.move else self.version

    @property
    def is_half_applied(self) -> bool:
        """Whether grace period or preStop are desired and not written, because the pods could not be read."""
        return self.unverified.endswith(NOT_APPLIED)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of all targets.

    Attributes:
        created_at: Seconds since the epoch.
        digest: SHA-256 over everything that determines the writes, without `created_at`.
        waves: Names in order; empty without a configured rollout.
    """

    clusters: tuple[ClusterPlan, ...]
    created_at: float
    digest: str
    waves: tuple[str, ...] = field(default=())
    strategy: Strategy = field(default_factory=unstaged)

    def count(self, action: Action) -> int:
        return sum(1 for cluster in self.clusters if cluster.action is action)
