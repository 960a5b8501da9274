"""One execution of a plan."""

from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.outcome import Outcome
from eksaddon.domain.plan import ClusterPlan


class RunState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_FAILURES = "succeeded_with_failures"
    FAILED = "failed"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"


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
class RunResult:
    """All outcomes of a run, one for each target.

    Attributes:
        digest: Of the plan that was executed.
    """

    run_id: str
    state: RunState
    results: tuple[TargetResult, ...]
    digest: str
    created_at: float
