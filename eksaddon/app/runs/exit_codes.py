"""Counts the targets of plans, drift, status and runs for the table of exit codes."""

from collections.abc import Iterable, Mapping, Sequence

from eksaddon.app.exit_table import Result, Tally, decide
from eksaddon.app.fail_on import FailOn
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.run.outcome import (
    NOT_DONE,
    NOT_STARTED,
    Blocked,
    Changed,
    Failed,
    InSync,
    Outcome,
    OutcomeWord,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
    Updating,
)
from eksaddon.domain.run.result import RunResult
from eksaddon.report.model.states import DriftState, StatusWord
from eksaddon.report.model.status import Row


def of_plan(plan: Plan, *, detailed: bool) -> ExitCode:
    half_seen = sum(map(_is_half_seen, plan.clusters))
    return decide(
        Result.PLAN,
        Tally(
            targets=len(plan.clusters),
            lost=plan.count(Action.UNREACHABLE),
            blocked=plan.count(Action.BLOCKED),
            unverified=half_seen,
            changes=sum(1 for one in plan.clusters if one.action is Action.UPDATE and not _is_half_seen(one)),
            detailed=detailed,
        ),
    )


def _is_half_seen(cluster: ClusterPlan) -> bool:
    """Whether applying the plan would leave something unread, or not applied."""
    is_in_sync = cluster.action is Action.IN_SYNC and bool(cluster.unverified)
    return is_in_sync or (cluster.action is Action.UPDATE and cluster.is_half_applied)


def of_status(rows: Sequence[Row]) -> ExitCode:
    lost = sum(1 for row in rows if row.word is StatusWord.UNREACHABLE)
    unverified = sum(1 for row in rows if row.is_unverified)
    return decide(Result.STATUS, Tally(targets=len(rows), lost=lost, unverified=unverified))


def of_drift(states: Sequence[DriftState], fail_on: FailOn | None, *, detailed: bool) -> ExitCode:
    """Exit code of drift: by default, unhealthy and unreachable targets are failures, and drift is not."""
    return decide(
        Result.DRIFT,
        Tally(
            targets=len(states),
            lost=states.count(DriftState.UNREACHABLE),
            unhealthy=states.count(DriftState.UNHEALTHY),
            unverified=states.count(DriftState.UNVERIFIED),
            changes=states.count(DriftState.DRIFTED),
            detailed=detailed,
            fail_on=fail_on,
        ),
    )


def of_run(result: RunResult) -> ExitCode:
    """Exit code of a run, by its state, then by its targets.

    Rejections count only without failures, which are more severe. A run ended by `onFailure` is never
    successful; a completed rollback that an operator requested is.
    """
    outcomes = [one.outcome for one in result.results]
    return decide(
        Result.RUN,
        Tally(
            targets=len(outcomes),
            lost=_count(outcomes, Failed, UnreachableTarget, Unproven, Updating),
            blocked=_count(outcomes, Blocked),
            stale=_count(outcomes, Stale),
            unverified=sum(map(is_unverified, outcomes)),
            written=_count(outcomes, Changed, RolledBack),
            waiting=_not_started(result),
            state=result.state,
            asked=result.rollback_asked,
        ),
    )


def of_counts(counts: Mapping[str, int], unverified: int = 0) -> ExitCode:
    """Exit code of a merged report.

    Args:
        counts: Targets by state, of any kind of report.
        unverified: Targets of a run that were changed or in sync, and whose live objects were not seen.
    """
    lost = sum(counts.get(word, 0) for word in NOT_DONE - {OutcomeWord.STALE})
    return decide(
        Result.MERGED,
        Tally(
            targets=sum(counts.values()),
            lost=lost + counts.get(DriftState.UNHEALTHY, 0),
            blocked=counts.get(Action.BLOCKED, 0),
            stale=counts.get(OutcomeWord.STALE, 0),
            unverified=unverified + counts.get(DriftState.UNVERIFIED, 0),
        ),
    )


def is_unverified(outcome: Outcome) -> bool:
    """Whether the live objects could not be read, or a part of the desired state was not applied."""
    return isinstance(outcome, Changed | InSync) and bool(outcome.unverified)


def _not_started(result: RunResult) -> int:
    return sum(
        1
        for one in result.results
        if isinstance(one.outcome, Skipped)
        and one.plan.action is Action.UPDATE
        and one.outcome.reason.startswith(NOT_STARTED)
    )


def _count(outcomes: Iterable[Outcome], *kinds: type[Outcome]) -> int:
    return sum(1 for outcome in outcomes if isinstance(outcome, kinds))
