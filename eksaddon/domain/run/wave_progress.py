"""Progress of one wave of a run."""

from enum import StrEnum

from eksaddon.domain.probing.session import Sessions
from eksaddon.domain.rollout.strategy import Wave
from eksaddon.domain.run.counts import NOBODY, WaveCounts
from eksaddon.domain.run.records import GateLooked
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass


class WaveState(StrEnum):
    """States of a wave in every report.

    `gated` waits for a check before its members start; `paused` waits for an operator. The last two are
    those of reports alone: the run ended before the wave did, or the wave was rolled back.
    """

    PENDING = "pending"
    GATED = "gated"
    RUNNING = "running"
    SOAKING = "soaking"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    STOPPED = "stopped"
    ROLLED_BACK = "rolled_back"


OVER = frozenset({WaveState.SUCCEEDED, WaveState.FAILED, WaveState.SKIPPED})


@dataclass(frozen=True, slots=True)
class WaveProgress:
    """The state of a wave.

    Attributes:
        members: In the order of their start.
        until: End of its soak, in seconds since the epoch; 0 if it has not started.
        approved_by: Empty without approval.
        looks: Results of its checks, oldest first.
        probes: What its probe has measured, the oldest session first.
        forgiven: Number of failures accepted by resuming the run.
        counts: Counts of the members.
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
