"""Exit code of each result; the README has the table."""

from collections.abc import Iterable, Sequence

from eksaddon.app.fail_on import FailOn
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
    Updating,
)
from eksaddon.domain.run.result import RunResult, RunState
from eksaddon.report.model.states import DriftState, StatusWord
from eksaddon.report.model.status import Row


def of_plan(plan: Plan, *, detailed: bool) -> ExitCode:
    """Planning that reached nothing is an error, one whose targets are all blocked is refused.

    Where only some could not be reached or are blocked, it is partial: nobody may take that for agreement.
    """
    lost = _lost(plan.count(Action.UNREACHABLE), len(plan.clusters))
    if lost is not ExitCode.DONE:
        return lost
    blocked = plan.count(Action.BLOCKED)
    if blocked:
        return ExitCode.REFUSED if blocked == len(plan.clusters) else ExitCode.PARTIAL
    return ExitCode.CHANGES if detailed and plan.count(Action.UPDATE) else ExitCode.DONE


def _lost(lost: int, total: int) -> ExitCode:
    if not lost:
        return ExitCode.DONE
    return ExitCode.ERROR if lost == total else ExitCode.PARTIAL


def of_status(rows: Sequence[Row]) -> ExitCode:
    return _lost(sum(1 for row in rows if row.word is StatusWord.UNREACHABLE), len(rows))


def of_drift(states: Sequence[DriftState], fail_on: FailOn | None, *, detailed: bool) -> ExitCode:
    """Unless told otherwise, what is unhealthy or could not be looked at is a failure and drift is not."""
    drifted = states.count(DriftState.DRIFTED)
    unverified = states.count(DriftState.UNVERIFIED)
    lost = states.count(DriftState.UNREACHABLE) + states.count(DriftState.UNHEALTHY)
    if fail_on is FailOn.NEVER:
        return ExitCode.DONE
    if lost:
        return _lost(lost, len(states))
    if unverified:
        return ExitCode.PARTIAL
    if drifted and fail_on is FailOn.DRIFT and not detailed:
        return ExitCode.ERROR
    return ExitCode.CHANGES if drifted and detailed else ExitCode.DONE


def of_run(result: RunResult) -> ExitCode:
    """By how the run ended, then by its targets.

    What was refused counts only where nothing failed: a failure is the worse news. A run that its own brakes
    ended is never done; a rollback that somebody asked for and got is.
    """
    if result.state is RunState.PAUSED:
        return ExitCode.PAUSED
    if result.state is RunState.ROLLED_BACK:
        return ExitCode.DONE if result.rollback_asked else ExitCode.ERROR
    outcomes = [one.outcome for one in result.results]
    bad = _count(outcomes, Failed, UnreachableTarget, Unproven, Updating)
    blocked = sum(1 for one in result.results if one.plan.action is Action.BLOCKED)
    refused = _count(outcomes, Stale) + blocked
    if bad and bad == len(outcomes):
        return ExitCode.ERROR
    if refused and not bad and not _count(outcomes, Changed, RolledBack):
        return ExitCode.REFUSED
    if result.state in {RunState.FAILED, RunState.STOPPED}:
        return ExitCode.PARTIAL if _count(outcomes, Changed, RolledBack) else ExitCode.ERROR
    is_partial = bad or refused or _not_started(result) or any(map(is_unverified, outcomes))
    return ExitCode.PARTIAL if is_partial else ExitCode.DONE


def is_unverified(outcome: Outcome) -> bool:
    """Whether a change was written and what runs could not be looked at."""
    return isinstance(outcome, Changed) and bool(outcome.unverified)


def _not_started(result: RunResult) -> bool:
    return any(
        isinstance(one.outcome, Skipped) and one.plan.action is Action.UPDATE for one in result.results
    )


def _count(outcomes: Iterable[Outcome], *kinds: type[Outcome]) -> int:
    return sum(1 for outcome in outcomes if isinstance(outcome, kinds))
