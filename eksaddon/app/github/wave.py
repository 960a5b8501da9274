"""Runs one wave of a rollout as a job: starts or continues the run until the wave is done."""

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from eksaddon.app.runs.journal import open_journal
from eksaddon.app.runs.rollout import load_run
from eksaddon.app.runs.same_plan import refuse_other_plan
from eksaddon.app.runs.waiting import WaitsFor, waits_for
from eksaddon.apply.result import result_of
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Opened, from_json
from eksaddon.domain.run.result import RunState
from eksaddon.frozen import dataclass
from eksaddon.plan.planfile import SavedPlan
from eksaddon.ports import RunStore
from eksaddon.regex import regex

OVER = frozenset(
    {
        RunState.STOPPED,
        RunState.SUCCEEDED,
        RunState.SUCCEEDED_WITH_FAILURES,
        RunState.INCOMPLETE,
        RunState.FAILED,
        RunState.ROLLED_BACK,
    }
)
GATED = frozenset({"gated"})
DONE = frozenset({"succeeded", "skipped"})
GOES_ON = frozenset({ExitCode.DONE, ExitCode.PAUSED})
"""Exit codes after which the run can be continued; not after an interruption."""
_RUN = regex(r"[0-9]{8}-[0-9]{6}-[0-9a-f]+")
"""Format of `new_run_id`; other runs were not started by a wave."""

SKEW = 3600.0
"""Maximum difference of two runners' clocks in seconds."""


@dataclass(frozen=True, slots=True)
class RunSoFar:
    """Progress of a run.

    Attributes:
        waves: State of each wave, by name.
        waits_for: What a paused run waits for.
    """

    id: str
    state: str
    waves: Mapping[str, str] = field(default_factory=dict)
    waits_for: WaitsFor = WaitsFor.NOTHING

    def is_done(self, wave: str) -> bool:
        """Whether a wave is done, including soak and gates; an empty name means the whole run."""
        return self.waves.get(wave) in DONE if wave else self.state == RunState.SUCCEEDED


@dataclass(frozen=True, slots=True)
class Job:
    """The task of a job.

    Attributes:
        wave: Empty for the whole run.
        approver: Who approved the wave in GitHub; empty if it needs no approval.
    """

    wave: str
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """Result of one job: the run as this process left it."""

    exit_code: int
    run: RunSoFar


class JobState(StrEnum):
    """How the job of a wave ends; only after `done` the next wave may start."""

    DONE = "done"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a job.

    Attributes:
        exit_code: 0 also for a run that waits for a time or an approval: nothing failed.
    """

    state: JobState
    exit_code: int


class Steps(Protocol):
    """Operations that continue the run until it pauses or ends; EksdnsError if it cannot start."""

    def begin(self) -> Ended: ...

    def resume(self, run_id: str) -> Ended: ...

    def retry(self, run_id: str) -> Ended:
        """Retry failed targets, and resume."""

    def approve(self, run_id: str, wave: str, by: str) -> Ended:
        """Record the approval, and resume."""


def advance(job: Job, known: RunSoFar | None, steps: Steps) -> Verdict:
    """Continue the run to the end of the wave; failures that paused it are retried, never accepted.

    Args:
        known: Progress of the run; None for the first job.

    Returns:
        How the job ends.

    Raises:
        EksdnsError: A step cannot start.
    """
    if known is not None and (known.is_done(job.wave) or known.state in OVER):
        return _verdict(Ended(ExitCode.DONE, known), job.wave)
    if known is None:
        ended = steps.begin()
    elif known.waits_for is WaitsFor.FAILURES:
        ended = steps.retry(known.id)
    else:
        ended = steps.resume(known.id)
    if job.approver and ended.exit_code in GOES_ON and ended.run.waves.get(job.wave) in GATED:
        ended = steps.approve(ended.run.id, job.wave, job.approver)
    return _verdict(ended, job.wave)


def _verdict(ended: Ended, wave: str) -> Verdict:
    if ended.exit_code not in GOES_ON:
        return Verdict(JobState.FAILED, ended.exit_code)
    if ended.run.is_done(wave):
        return Verdict(JobState.DONE, ExitCode.DONE)
    if ended.run.state in OVER:
        return Verdict(JobState.FAILED, ExitCode.ERROR)
    if ended.run.waits_for in {WaitsFor.TIME, WaitsFor.APPROVAL}:
        return Verdict(JobState.PAUSED, ExitCode.DONE)
    return Verdict(JobState.FAILED, ExitCode.PAUSED)


def recorded_run(
    store: RunStore, saved: SavedPlan | None, named: str = "", head: str = ""
) -> RunProgress | None:
    """Find the run of this plan in its journal, which an interrupted job cannot leave outdated.

    Args:
        saved: The plan; None for that of the named run.
        named: Id of the run; if empty, the run of the plan is searched.
        head: Journal head, which must be the hash of a record; empty for any.

    Returns:
        None if the plan was not started; the same changes planned at another time are another plan.

    Raises:
        EksdnsError: A candidate run cannot be read, or the journal has another plan.
    """
    found = named or (_find_run(store, saved.plan) if saved else "")
    if not found:
        return None
    if head:
        open_journal(store, found).chain(head)
    run_progress = load_run(store, found)
    if saved is not None:
        refuse_other_plan(run_progress.opened, saved)
    return run_progress


def _find_run(store: RunStore, plan: Plan) -> str:
    earliest = f"{datetime.fromtimestamp(plan.created_at - SKEW, UTC):%Y%m%d-%H%M%S}"
    for run_id in reversed(store.runs()):
        if run_id < earliest:
            break
        if _RUN.fullmatch(run_id) and _is_of(store, run_id, plan):
            return run_id
    return ""


def _is_of(store: RunStore, run_id: str, plan: Plan) -> bool:
    """Whether a run executes the plan; a run without an opening record has written nothing."""
    records = open_journal(store, run_id).read()
    first = from_json(records[0]) if records else None
    return isinstance(first, Opened) and _mark(first.plan) == _mark(plan)


def _mark(plan: Plan) -> tuple[str, float]:
    return plan.digest, plan.created_at


def so_far(run_progress: RunProgress) -> RunSoFar:
    result = result_of(run_progress)
    waves = {wave.name: wave.state for wave in result.waves}
    waiting = waits_for(run_progress, run_progress.last_at)
    return RunSoFar(result.run_id, result.state.value, waves, waiting.what)
