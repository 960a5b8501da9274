"""What a run tells while it goes on."""

from dataclasses import dataclass

from eksaddon.domain.outcome import Outcome
from eksaddon.domain.target import ClusterRef


@dataclass(frozen=True, slots=True)
class Stepped:
    """A target went on to its next step.

    Attributes:
        step: waiting, writing, updating, verifying.
        at: Seconds since the epoch.
    """

    ref: ClusterRef
    step: str
    detail: str
    at: float


@dataclass(frozen=True, slots=True)
class Ended:
    ref: ClusterRef
    outcome: Outcome
    at: float


@dataclass(frozen=True, slots=True)
class Halted:
    """Nothing new starts."""

    reason: str
    at: float


Event = Stepped | Ended | Halted
