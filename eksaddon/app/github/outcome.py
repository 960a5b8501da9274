"""How a rollout ended, for the pull request that was merged."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from eksaddon.app.github.comment import has_marker
from eksaddon.app.github.operate import next_step, workflow_runs
from eksaddon.app.runs.waiting import WaitsFor, waits_for
from eksaddon.domain.conversation import Comment
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.frozen import dataclass
from eksaddon.ports.conversations import History
from eksaddon.report.formats.github_comment import Ending, state_in

DUE = "the workflow eksdns-resume continues it when it is due"
SUCCESS, SKIPPED = "success", "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job says about its run.

    Attributes:
        state: Value of a `RunState`.
        next_step: Empty if there is none.
        workflow_run: Id of the workflow run that started the run; 0 if it was started elsewhere.
        at: Time of the last record of the run, in seconds since the epoch.
    """

    run: str
    state: str
    reason: str = ""
    next_step: str = ""
    workflow_run: int = 0
    at: float = 0.0


def outcome_of(run_progress: RunProgress, repository: str) -> Outcome:
    opened, waits = run_progress.opened, waits_for(run_progress, run_progress.last_at)
    steps = (DUE if waits.what is WaitsFor.TIME else "", next_step(run_progress))
    first = workflow_runs([opened], repository, 0)
    return Outcome(
        opened.run_id,
        run_progress.state.value,
        run_progress.reason,
        ", or ".join(filter(None, steps)),
        first[0] if first else 0,
        run_progress.last_at,
    )


def outcome_text(outcome: Outcome) -> str:
    """The outcome as the output of a step."""
    return json.dumps(
        {
            "run": outcome.run,
            "state": outcome.state,
            "reason": outcome.reason,
            "nextStep": outcome.next_step,
            "workflowRun": outcome.workflow_run,
            "at": outcome.at,
        }
    )


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Every cluster has the desired state."""


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Jobs failed before a run was started or found.

    Attributes:
        jobs: Their names.
        may_have_written: Whether a job with write access was among them.
    """

    jobs: tuple[str, ...]
    may_have_written: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """The run succeeded, and so did all jobs."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run paused, stopped or failed, or a job did."""

    outcome: Outcome
    jobs: tuple[str, ...]


Told = NothingToDo | NotStarted | Finished | Stopped


def told_by(needs: str) -> Told:
    """What the jobs of a workflow say.

    Args:
        needs: `toJSON(needs)` of the workflow: results and outputs of the jobs, in their order.

    Raises:
        EksdnsError: It has another form.
    """
    try:
        jobs = {name: _job(one) for name, one in json.loads(needs).items()}
        texts = [text for _, text in jobs.values() if text]
        outcome = _outcome(json.loads(texts[-1])) if texts else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EksdnsError(
            "invalid --needs", hint="pass ${{ toJSON(needs) }}", exit_code=ExitCode.USAGE
        ) from None
    bad = tuple(name for name, (result, _) in jobs.items() if result not in {SUCCESS, SKIPPED})
    if outcome is None:
        return NotStarted(bad, "waves" in bad) if bad else NothingToDo()
    is_finished = outcome.state == RunState.SUCCEEDED and not bad
    return Finished(outcome) if is_finished else Stopped(outcome, bad)


def _job(found: Mapping[str, Any]) -> tuple[str, str]:
    return str(found["result"]), str(found["outputs"].get("outcome") or "")


def _outcome(found: Mapping[str, Any]) -> Outcome:
    run, state, reason, step = (str(found[name]) for name in ("run", "state", "reason", "nextStep"))
    return Outcome(run, RunState(state).value, reason, step, int(found["workflowRun"]), float(found["at"]))


def ending(told: Told) -> Ending:
    """The texts of the comment."""
    match told:
        case NothingToDo():
            return Ending("has nothing to change", "", "every cluster has the desired state")
        case NotStarted(jobs=jobs, may_have_written=may_have_written):
            failed = f"failed: {', '.join(jobs)}"
            if may_have_written:
                step = "the operation history of eksdns-operate shows what was done; re-run the failed jobs"
                return Ending("failed", "", failed, step)
            return Ending("did not start", "", f"{failed}; nothing was written", "see the workflow run")
        case Finished(outcome=outcome):
            return Ending("succeeded", outcome.run, at=outcome.at)
        case Stopped(outcome=outcome, jobs=jobs):
            reasons = (outcome.reason, f"failed: {', '.join(jobs)}" if jobs else "")
            state = RunState(outcome.state).label
            return Ending(state, outcome.run, "; ".join(filter(None, reasons)), outcome.next_step, outcome.at)
        case _:
            assert_never(told)


def ends_well(told: Told) -> bool:
    """Whether there is nothing to do: then an earlier comment is updated, and none is made."""
    return isinstance(told, NothingToDo | Finished)


def is_overtaken(comments: Iterable[Comment], mark: str, author: str, shown: Ending) -> bool:
    """Whether the comment already has a later state of the same run.

    The jobs of a workflow run that an abort cancels know the state from before the abort.
    """
    bodies = (one.body for one in comments if one.author == author and has_marker(one.body, mark))
    later = (state_in(body) for body in bodies)
    return any(one is not None and one[0] == shown.run and one[1] > shown.at for one in later)


def pull_request_of(history: History, commit: str, branch: str, path: str) -> int | None:
    """The pull request that brought a commit, else the one of the last change to the fleet file.

    Args:
        path: Of the fleet file, from the root of the repository.
    """
    commits = (commit, history.last_commit(path, commit))
    numbers = (
        number
        for each in dict.fromkeys(filter(None, commits))
        for number in history.merged_pull_requests(each, branch)
    )
    return next(numbers, None)
