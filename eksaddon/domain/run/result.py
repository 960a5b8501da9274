"""One execution of a plan."""

from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.probing.figures import ClusterProbe
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.run.outcome import Outcome


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
        """For people: `rolled back`."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What became of one target's plan.

    Attributes:
        seconds: From the first call for this target to its outcome.
    """

    plan: ClusterPlan
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the probe of a wave has measured.

    Attributes:
        verdict: Of all that was measured; a run that a person resumed all the same does not change it.
        clusters: One for each cluster of the wave.
        unmeasured: Seconds in which the probe did not run, between its first and its last lookup.
        is_over: It lasted until its wave was over.
    """

    verdict: ProbeWord
    reasons: tuple[str, ...]
    clusters: tuple[ClusterProbe, ...]
    unmeasured: float = 0.0
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class WaveResult:
    """Where a wave stands.

    Attributes:
        state: pending, gated, running, soaking, paused, succeeded, failed or skipped.
        targets: Its members that are to be changed.
        at_once: How many of them at most; 0 where that is not known.
        soak: Seconds to watch after the last member.
        gates: What has to pass: `approval` or the name of a check.
        until: When its soak is over, in seconds since the epoch; 0 where it does not soak.
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
    """All outcomes of a run, one for each target.

    Attributes:
        digest: Of the plan that was executed.
        reason: Why it is paused, stopped, failed or rolled back; empty otherwise.
        rollback_asked: A person asked for the rollback; else the run's own brakes did.
        failed_before: Targets that had not ended well when a rollback began.
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
