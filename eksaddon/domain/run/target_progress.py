"""Progress of one target of a run."""

from eksaddon.domain.plan import ClusterPlan, Plane
from eksaddon.domain.run.outcome import Outcome, RolledBack, Unproven
from eksaddon.domain.run.records import Writing
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class WriteSpan:
    """From the first write of an attempt to its outcome.

    Attributes:
        began: Seconds since the epoch.
        ended: As `began`; None while it is not over.
        restores: It rolls back a change of this run.
    """

    began: float
    ended: float | None
    restores: bool = False


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """The state of a target.

    Attributes:
        writing: The last announced write; None without one.
        update_id: Update id of that write; empty until EKS accepts it.
        outcome: None while the target is waiting or in progress.
        changed: The write by which this run changed, or may have changed, the add-on; None if it did not.
        touched: Whether this run wrote, or may have written, to the Deployment.
        removed: Whether this run deleted, or may have deleted, the PodDisruptionBudget.
        done: Planes that the current attempt has written and proven.
        restores: Whether the current or last write rolls back a change of this run.
        seconds: Duration of the last attempt.
        attempt: From 0; a retry or a rollback is a new attempt.
        updates: Ids of all updates that this run started on the target, oldest first.
        writing_since: First write of the attempt that has not ended, in seconds since the epoch; 0 for none.
        written: Attempts that wrote and have ended, oldest first.
    """

    plan: ClusterPlan
    writing: Writing | None = None
    update_id: str = ""
    outcome: Outcome | None = None
    changed: Writing | None = None
    touched: bool = False
    removed: bool = False
    done: tuple[Plane, ...] = ()
    restores: bool = False
    seconds: float = 0.0
    attempt: int = 0
    updates: tuple[str, ...] = ()
    writing_since: float = 0.0
    written: tuple[WriteSpan, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a write was announced without a recorded result, or only one of the planes is done."""
        return self.outcome is None and (self.writing is not None or bool(self.done))

    @property
    def is_unproven(self) -> bool:
        return isinstance(self.outcome, Unproven)

    @property
    def is_changed(self) -> bool:
        return self.changed is not None or self.touched or self.removed

    @property
    def may_have_written(self) -> bool:
        """Whether the write of the change to the add-on was announced and has no end on record."""
        is_open = self.outcome is None and not self.restores
        return is_open and self.writing is not None and self.writing.plane is Plane.ADDON


def may_be_rolled_back(target: TargetProgress) -> bool:
    """Whether a rollback has something to restore, or may have."""
    return (target.is_changed or target.may_have_written) and not isinstance(target.outcome, RolledBack)
