"""Where one wave of a run stands."""

from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.probing.session import Sessions
from eksaddon.domain.rollout.strategy import Wave
from eksaddon.domain.run.counts import NOBODY, WaveCounts
from eksaddon.domain.run.records import GateLooked
from eksaddon.domain.target import ClusterRef


class WaveState(StrEnum):
    """The words of every report.

    `gated` waits for a check before its members start; `paused` for a person.
    """

    PENDING = "pending"
    GATED = "gated"
    RUNNING = "running"
    SOAKING = "soaking"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


OVER = frozenset({WaveState.SUCCEEDED, WaveState.FAILED, WaveState.SKIPPED})


@dataclass(frozen=True, slots=True)
class WaveProgress:
    """One wave.

    Attributes:
        members: In the order in which they start.
        until: When its soak is over, in seconds since the epoch; 0 where there is none yet.
        approved_by: Empty where nobody has.
        looks: Of its checks, the oldest first.
        probes: What its probe has measured, the oldest session first.
        forgiven: Failures that somebody saw and let pass when they resumed the run.
        tally: How the members stand.
    """

    wave: Wave
    members: tuple[ClusterRef, ...]
    state: WaveState = WaveState.PENDING
    until: float = 0.0
    approved_by: str = ""
    looks: tuple[GateLooked, ...] = ()
    probes: Sessions = ()
    forgiven: int = 0
    reason: str = ""
    counts: WaveCounts = NOBODY

    @property
    def is_over(self) -> bool:
        return self.state in OVER
