"""Events of a run: its records, and the steps of its targets."""

from eksaddon.domain.run.records import Record
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Stepped:
    """A target has entered its next step.

    Attributes:
        step: writing, waiting, updating, verifying; held if it is postponed.
        at: Seconds since the epoch.
    """

    ref: ClusterRef
    step: str
    detail: str
    at: float


@dataclass(frozen=True, slots=True)
class Halted:
    """No new updates start in this process."""

    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class LockKept:
    """The run has ended without releasing its lease; other runs wait until it expires."""

    run_id: str
    reason: str
    at: float


Event = Stepped | Halted | LockKept | Record
