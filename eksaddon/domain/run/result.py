"""The result of one execution of a plan."""

from enum import StrEnum

from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.probing.figures import ClusterProbe
from eksaddon.domain.probing.series import NO_SERIES, Series
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.run.outcome import Outcome
from eksaddon.domain.run.target_progress import WriteSpan
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass


class RunState(StrEnum):
    """Incomplete is a run without failures whose plan had blocked targets."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_FAILURES = "succeeded_with_failures"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"

    @property
    def label(self) -> str:
        """Text for output, such as `rolled back`."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class TargetResult:
    """The outcome of one target.

    Attributes:
        seconds: Seconds from the first call for this target to its outcome.
    """

    plan: ClusterPlan
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class ClusterWrite:
    """When a run wrote to a cluster, or rolled back."""

    ref: ClusterRef
    span: WriteSpan


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the probe of a wave has measured.

    Attributes:
        verdict: Of all that was measured; a run that a person resumed all the same does not change it.
        clusters: One for each cluster of the wave.
        unmeasured: Seconds in which the probe did not run, between its first and its last lookup.
        is_over: It lasted until its wave was over.
        series: Of all clusters together, over time.
        writes: To the clusters of the wave, in order of time.
    """

    verdict: ProbeWord
    reasons: tuple[str, ...]
    clusters: tuple[ClusterProbe, ...]
    unmeasured: float = 0.0
    is_over: bool = True
    series: Series = NO_SERIES
    writes: tuple[ClusterWrite, ...] = ()


@dataclass(frozen=True, slots=True)
class WaveResult:
    """The state of a wave.

    Attributes:
        state: A value of `WaveState`.
        targets: Number of members to change.
        at_once: Maximum concurrency; 0 if unknown.
        soak: Seconds to watch the wave after its last update.
        gates: `approval` or names of checks.
        until: End of its soak, in seconds since the epoch; 0 if it does not soak.
        probe: None where it has none, or it has not begun.
    """

    name: str
    state: str
    targets: int
    at_once: int = 0
    soak: int = 0
    gates: tuple[str, ...] = ()
    until: float = 0.0
    approved_by: str = ""
    reason: str = ""
    probe: ProbeResult | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a run, with one outcome for each target.

    Attributes:
        digest: Digest of the executed plan.
        reason: Why it is paused, stopped, failed or rolled back; empty otherwise.
        rollback_asked: Requested by an operator, not by the wave's `onFailure`.
        failed_before: Number of failed targets when a rollback started.
    """

    run_id: str
    state: RunState
    results: tuple[TargetResult, ...]
    digest: str
    created_at: float
    waves: tuple[WaveResult, ...] = ()
    reason: str = ""
    rollback_asked: bool = False
    failed_before: int = 0
