"""Where one target of a run stands."""

from dataclasses import dataclass

from eksaddon.domain.plan import ClusterPlan, Plane
from eksaddon.domain.run.outcome import Outcome, RolledBack, Unproven
from eksaddon.domain.run.records import Writing


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """One target.

    Attributes:
        writing: The last write that was announced; None where none was.
        update_id: Of that write, empty while EKS has not accepted it.
        outcome: None while the target waits or is under way.
        changed: The write by which this run changed the add-on, or may have; None where it did not.
        touched: Whether this run wrote to the Deployment, or may have.
        done: Planes of the current attempt that are written and proven.
        restores: What is under way, or was done last, takes back what this run did.
        seconds: Of the last attempt.
        attempt: From 0; a retry and a rollback are new ones.
        updates: Ids of all updates that this run started on the target, the oldest first.
    """

    plan: ClusterPlan
    writing: Writing | None = None
    update_id: str = ""
    outcome: Outcome | None = None
    changed: Writing | None = None
    touched: bool = False
    done: tuple[Plane, ...] = ()
    restores: bool = False
    seconds: float = 0.0
    attempt: int = 0
    updates: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """A write was announced, and how it ended is not recorded; or one plane is done and the other not."""
        return self.outcome is None and (self.writing is not None or bool(self.done))

    @property
    def is_unproven(self) -> bool:
        return isinstance(self.outcome, Unproven)

    @property
    def is_changed(self) -> bool:
        return self.changed is not None or self.touched

    @property
    def may_have_written(self) -> bool:
        """Whether the write of the change to the add-on was announced and has no end on record."""
        is_open = self.outcome is None and not self.restores
        return is_open and self.writing is not None and self.writing.plane is Plane.ADDON


def may_be_rolled_back(target: TargetProgress) -> bool:
    """Whether a rollback has something to restore, or may have."""
    return (target.is_changed or target.may_have_written) and not isinstance(target.outcome, RolledBack)
