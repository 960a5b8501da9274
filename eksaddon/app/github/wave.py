"""Runs one wave of a rollout as a job: starts or continues the run until the wave is done."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from eksaddon.app.runs.journal import open_journal
from eksaddon.app.runs.rollout import read_story
from eksaddon.app.runs.same_plan import refuse_other_plan
from eksaddon.apply.result import result_of
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.records import Opened, from_json
from eksaddon.domain.run.result import RunResult, RunState
from eksaddon.plan.planfile import SavedPlan
from eksaddon.ports import RunStore

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
_RUN = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]+")
"""Format of `new_run_id`; other runs were not started by a wave."""

SKEW = 3600.0
"""Maximum difference of two runners' clocks in seconds."""


@dataclass(frozen=True, slots=True)
class RunSoFar:
    """Progress of a run.

    Attributes:
        waves: State of each wave, by name.
    """

    id: str
    state: str
    waves: Mapping[str, str] = field(default_factory=dict)

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


class Steps(Protocol):
    """Operations that continue the run until it pauses or ends; EksdnsError if it cannot start."""

    def begin(self) -> Ended: ...

    def resume(self, run_id: str) -> Ended: ...

    def approve(self, run_id: str, wave: str, by: str) -> Ended:
        """Record the approval, and resume."""


def advance(job: Job, known: RunSoFar | None, steps: Steps) -> int:
    """Continue the run to the end of the wave.

    Args:
        known: Progress of the run; None for the first job.

    Returns:
        0 if the wave is done, 4 if the run is paused before, else the exit code of the failure.

    Raises:
        EksdnsError: A step cannot start.
    """
    if known is not None and (known.is_done(job.wave) or known.state in OVER):
        return _verdict(Ended(ExitCode.DONE, known), job.wave)
    ended = steps.begin() if known is None else steps.resume(known.id)
    if job.approver and ended.exit_code in GOES_ON and ended.run.waves.get(job.wave) in GATED:
        ended = steps.approve(ended.run.id, job.wave, job.approver)
    return _verdict(ended, job.wave)


def _verdict(ended: Ended, wave: str) -> int:
    if ended.exit_code not in GOES_ON:
        return ended.exit_code
    if ended.run.is_done(wave):
        return ExitCode.DONE
    return ExitCode.ERROR if ended.run.state in OVER else ExitCode.PAUSED


def recorded_run(
    store: RunStore, saved: SavedPlan, named: str = "", heads: Iterable[str] = ()
) -> RunResult | None:
    """Find the run of this plan in its journal, which an interrupted job cannot leave outdated.

    Args:
        named: Id from an earlier job; if empty, the run is searched.
        heads: Journal heads; each must be the hash of a record.

    Returns:
        None if the plan was not started; the same changes planned at another time are another plan.

    Raises:
        EksdnsError: A candidate run cannot be read, or the journal has another plan.
    """
    found = named or _find_run(store, saved.plan)
    if not found:
        return None
    for head in heads:
        open_journal(store, found).chain(head)
    run_progress = read_story(store, found)
    refuse_other_plan(run_progress.opened, saved)
    return result_of(run_progress)


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


HEAD = "journal-head"
"""File in a job's report folder with the hash of the journal's last record."""


def read_heads(before: Path) -> tuple[str, ...]:
    """The heads that earlier jobs left.

    Raises:
        EksdnsError: One cannot be read.
    """
    try:
        return tuple(path.read_text(encoding="utf-8").strip() for path in sorted(before.glob(f"**/{HEAD}")))
    except (OSError, UnicodeDecodeError) as error:
        raise EksdnsError(f"cannot read the journal heads in {before}: {error}") from None


def so_far(result: RunResult) -> RunSoFar:
    waves = {wave.name: wave.state for wave in result.waves}
    return RunSoFar(result.run_id, result.state.value, waves)


def read_run(path: Path) -> RunSoFar | None:
    """Progress of a run from its report; None without a report.

    Raises:
        EksdnsError: The report is not that of a run.
    """
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise EksdnsError(f"{path}: cannot read the report: {error}", hint="run the job again") from None
    match found:
        case {"kind": "run", "runId": str(run), "state": str(state)}:
            return RunSoFar(run, state, _waves(found.get("waves")))
        case _:
            raise EksdnsError(
                f"{path}: not a run report", hint="expected a report written by `apply` or `resume`"
            )


def _waves(found: Any) -> dict[str, str]:  # noqa: ANN401  # JSON
    listed = found if isinstance(found, list) else []
    return {str(one.get("name", "")): str(one.get("state", "")) for one in listed if isinstance(one, Mapping)}
