"""One wave of a rollout as one job: begin the run or go on with it, and say whether the wave is done."""

import json
import re
from collections.abc import Mapping
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
"""Exit codes of a process after which the run can be carried on; an interruption is none of them."""
_RUN = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]+")
"""What `new_run_id` makes; whatever else lies among the runs was not begun by a wave."""

SKEW = 3600.0
"""Seconds by which the clocks of two runners may differ."""


@dataclass(frozen=True, slots=True)
class RunSoFar:
    """How far a run is.

    Attributes:
        waves: State of each wave, by name.
    """

    id: str
    state: str
    waves: Mapping[str, str] = field(default_factory=dict)

    def is_done(self, wave: str) -> bool:
        """With its soak and its gates; without a name the whole run is meant."""
        return self.waves.get(wave) in DONE if wave else self.state == RunState.SUCCEEDED


@dataclass(frozen=True, slots=True)
class Job:
    """What one job is to do.

    Attributes:
        wave: Empty for everything.
        approver: Who approved the wave in GitHub; empty where it needs no approval.
    """

    wave: str
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """Result of one job: the run as this process left it."""

    exit_code: int
    run: RunSoFar


class Steps(Protocol):
    """Carry the run on until it pauses or ends; each raises EksdnsError where it cannot start."""

    def begin(self) -> Ended: ...

    def resume(self, run_id: str) -> Ended: ...

    def approve(self, run_id: str, wave: str, by: str) -> Ended:
        """Record the approval, and resume."""


def advance(job: Job, known: RunSoFar | None, steps: Steps) -> int:
    """Bring the run to the end of the wave.

    Args:
        known: How far the run is; None where this job is the first.

    Returns:
        0 once the wave is done, 4 while the run is paused before its end, else the exit code of what failed.

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


def recorded_run(store: RunStore, saved: SavedPlan, named: str = "") -> RunResult | None:
    """The run of exactly this plan by its journal, which knows more than what a job left that was cut short.

    Args:
        named: Its id, where an earlier job left it; otherwise it is looked for.

    Returns:
        None where the plan was not begun; the same changes planned at another time are another plan.

    Raises:
        EksdnsError: The run cannot be read, or one that may be it, or its journal holds another plan.
    """
    found = named or _begun(store, saved.plan)
    if not found:
        return None
    run_progress = read_story(store, found)
    refuse_other_plan(run_progress.opened, saved)
    return result_of(run_progress)


def _begun(store: RunStore, plan: Plan) -> str:
    earliest = f"{datetime.fromtimestamp(plan.created_at - SKEW, UTC):%Y%m%d-%H%M%S}"
    for run_id in reversed(store.runs()):
        if run_id < earliest:
            break
        if _RUN.fullmatch(run_id) and _is_of(store, run_id, plan):
            return run_id
    return ""


def _is_of(store: RunStore, run_id: str, plan: Plan) -> bool:
    """Nothing was written by a run whose opening was never recorded."""
    records = open_journal(store, run_id).read()
    first = from_json(records[0]) if records else None
    return isinstance(first, Opened) and _mark(first.plan) == _mark(plan)


def _mark(plan: Plan) -> tuple[str, float]:
    return plan.digest, plan.created_at


def so_far(result: RunResult) -> RunSoFar:
    waves = {wave.name: wave.state for wave in result.waves}
    return RunSoFar(result.run_id, result.state.value, waves)


def read_run(path: Path) -> RunSoFar | None:
    """How far a run is, by its report; None where there is no report.

    Raises:
        EksdnsError: There is one, but not of a run.
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
