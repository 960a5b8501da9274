"""What a run tells while it goes on: its records, and between them the steps of its targets."""

from dataclasses import dataclass

from eksaddon.domain.run.records import Record
from eksaddon.domain.target import ClusterRef


@dataclass(frozen=True, slots=True)
class Stepped:
    """A target went on to its next step.

    Attributes:
        step: writing, waiting, updating, verifying; held where it is looked at again later.
        at: Seconds since the epoch.
    """

    ref: ClusterRef
    step: str
    detail: str
    at: float


@dataclass(frozen=True, slots=True)
class Halted:
    """Nothing new starts in this process."""

    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class LockKept:
    """The run has ended, and its lock was not given back; others wait until it expires."""

    run_id: str
    reason: str
    at: float


Event = Stepped | Halted | LockKept | Record
