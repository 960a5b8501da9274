"""Requests of operators (approve, skip, retry, roll back), as journal records."""

from collections.abc import Callable, Sequence

from eksaddon.app.runs.waiting import open_failures
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import (
    Approved,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    Stopped,
)
from eksaddon.domain.run.target_progress import may_be_rolled_back
from eksaddon.domain.run.verbs import (
    Verb,
    is_skipped,
    next_steps,
    refusal,
    retried,
)
from eksaddon.domain.selection import read_cluster_pattern
from eksaddon.domain.target import Target
from eksaddon.report.model.states import outcome_label

Ask = Callable[[RunProgress, float, str], Sequence[Record]]
"""A request to a run, which returns its records; raises EksdnsError if the run does not accept it."""


def resuming(run_progress: RunProgress, now: float, who: str, reason: str = "") -> Sequence[Record]:
    """Request to continue; refused while failures that paused the run are not accepted."""
    _check(Verb.RESUME, run_progress)
    if failures := open_failures(run_progress):
        run_id = run_progress.opened.run_id
        raise EksdnsError(
            f"run {run_id} paused because of failures: {failures}",
            hint=f"retry them: `eksdns retry {run_id} --failed`,"
            f" or accept them: `eksdns resume {run_id} --accept-failures REASON`",
            exit_code=ExitCode.REFUSED,
        )
    return [Resumed(now, who, accepts_failures=False, reason=reason)]


def accepting(reason: str) -> Ask:
    """Request to continue although failures paused the run; recorded with the reason."""

    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        _check(Verb.RESUME, run_progress)
        return [Resumed(now, who, accepts_failures=True, reason=reason)]

    return ask


def approving(wave: str, by: str = "", reason: str = "") -> Ask:
    """Request the approval of a wave.

    Args:
        by: Approver; empty for the current user.
    """

    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        names = [each.wave.name for each in run_progress.waves]
        found = _wave(wave, names, run_progress)
        _check(Verb.APPROVE, run_progress)
        if any(each.is_over for each in run_progress.waves if each.wave.name == found):
            raise EksdnsError(
                f"wave {wave} of run {run_progress.opened.run_id} is already finished",
                hint=_hint(run_progress),
                exit_code=ExitCode.REFUSED,
            )
        return [Approved(now, wave, by or who, reason)]

    return ask


def aborting(reason: str) -> Ask:
    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        _check(Verb.ABORT, run_progress)
        return [Stopped(now, _because(f"aborted by {who}", reason))]

    return ask


def retrying(run_progress: RunProgress, now: float, who: str, reason: str = "") -> Sequence[Record]:
    """Request a retry of all failed and unproven targets."""
    _check(Verb.RETRY, run_progress)
    if run_progress.rollback:
        return [RollbackAsked(now, run_progress.rollback, _because(f"retried by {who}", reason), who)]
    return [Retried(now, retried(run_progress)), Resumed(now, who, accepts_failures=False, reason=reason)]


def skipping(cluster: str, reason: str) -> Ask:
    def ask(run_progress: RunProgress, now: float, _: str) -> Sequence[Record]:
        found = [ref for ref, each in run_progress.targets.items() if _is_meant(each.plan.target, cluster)]
        if len(found) != 1:
            raise EksdnsError(
                f"{cluster} matches {'no target' if not found else f'{len(found)} targets'} of this run",
                hint="use ACCOUNT/REGION/NAME",
                exit_code=ExitCode.USAGE,
            )
        _check(Verb.SKIP, run_progress)
        target = run_progress.targets[found[0]]
        if target.is_open:
            raise EksdnsError(f"{found[0]} is being updated", exit_code=ExitCode.REFUSED)
        if target.outcome is not None and not is_skipped(target):
            raise EksdnsError(
                f"{found[0]} is already finished: {outcome_label(outcome_word(target.outcome))}",
                hint="only waiting, failed or stale clusters can be skipped",
                exit_code=ExitCode.REFUSED,
            )
        return [SkipAsked(now, found[0], f"skipped: {reason}")]

    return ask


def _is_meant(target: Target, text: str) -> bool:
    if text in {target.ref.name, str(target.ref), target.label}:
        return True
    pattern = read_cluster_pattern(text)
    return pattern is not None and pattern.is_exact and pattern.matches(target.ref, target.account_name)


def rolling_back(wave: str, reason: str = "") -> Ask:
    """Request a rollback.

    Args:
        wave: Wave to roll back; empty for all, last wave first.
    """

    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        names = [each.wave.name for each in reversed(run_progress.waves)]
        chosen = (_wave(wave, names[::-1], run_progress),) if wave else tuple(names)
        _check(Verb.ROLLBACK, run_progress)
        members = {ref for each in run_progress.waves if each.wave.name in chosen for ref in each.members}
        if not any(may_be_rolled_back(run_progress.targets[ref]) for ref in members):
            raise EksdnsError(
                f"run {run_progress.opened.run_id} has no changes to roll back in wave {wave}",
                exit_code=ExitCode.REFUSED,
            )
        return [RollbackAsked(now, chosen, _because(f"requested by {who}", reason), who)]

    return ask


def _because(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else text


def _wave(wave: str, names: Sequence[str], run_progress: RunProgress) -> str:
    if wave in names:
        return wave
    raise EksdnsError(
        f"run {run_progress.opened.run_id} has no wave {wave}",
        hint=f"waves: {', '.join(filter(None, names)) or 'none'}",
        exit_code=ExitCode.USAGE,
    )


def _check(verb: Verb, run_progress: RunProgress) -> None:
    reason = refusal(verb, run_progress)
    if reason:
        raise EksdnsError(
            f"run {run_progress.opened.run_id}: {reason}",
            hint=_hint(run_progress),
            exit_code=ExitCode.REFUSED,
        )


def _hint(run_progress: RunProgress) -> str:
    """Hint with the commands that the run accepts in its present state."""
    possible = ", ".join(f"`{step.command}`" for step in next_steps(run_progress))
    return f"possible now: {possible}" if possible else "plan again: `eksdns plan`"
