"""One wave of a rollout as one job: begin the run or go on with it, and say whether the wave is done."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run import RunState

OVER = frozenset(
    {
        RunState.STOPPED,
        RunState.SUCCEEDED,
        RunState.SUCCEEDED_WITH_FAILURES,
        RunState.FAILED,
        RunState.ROLLED_BACK,
    }
)
GATED = frozenset({"gated"})
DONE = frozenset({"succeeded", "skipped"})


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
        plan: The saved plan.
        wave: Empty for everything.
        max_wait: A longer soak pauses the run.
        approver: Who approved the wave in GitHub; empty where it needs no approval.
    """

    plan: Path
    wave: str
    max_wait: str
    approver: str = ""

    @property
    def _until(self) -> list[str]:
        return [*(["--until-wave", self.wave] if self.wave else []), "--max-wait", self.max_wait]

    @property
    def begin(self) -> list[str]:
        return ["apply", str(self.plan), "--yes", *self._until]

    def go_on(self, run: str) -> list[str]:
        return ["resume", run, *self._until]

    def approve(self, run: str) -> list[str]:
        return ["approve", run, self.wave, "--by", self.approver]


def advance(
    job: Job,
    known: RunSoFar | None,
    run: Callable[[Sequence[str]], int],
    seen: Callable[[], RunSoFar | None],
) -> int:
    """Bring the run to the end of the wave.

    Args:
        known: What an earlier job left; None where this one is the first.
        run: Runs a command line.
        seen: How far the run is after the last command line.

    Returns:
        0 once the wave is done, 4 while the run is paused before its end, else the exit code of what failed.
    """
    if known is not None and (known.is_done(job.wave) or known.state in OVER):
        return _verdict(ExitCode.DONE, known, job.wave)
    code = run(job.begin if known is None else job.go_on(known.id))
    now = seen()
    if job.approver and now is not None and now.waves.get(job.wave) in GATED:
        code = run(job.approve(now.id)) or run(job.go_on(now.id))
        now = seen()
    return _verdict(code, now, job.wave)


def _verdict(code: int, now: RunSoFar | None, wave: str) -> int:
    if code not in {ExitCode.DONE, ExitCode.PAUSED} or now is None:
        return code
    if now.is_done(wave):
        return ExitCode.DONE
    return ExitCode.ERROR if now.state in OVER else ExitCode.PAUSED


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
        raise EksdnsError(f"{path}: no report: {error}", hint="run the job again") from None
    match found:
        case {"kind": "run", "runId": str(run), "state": str(state)}:
            return RunSoFar(run, state, _waves(found.get("waves")))
        case _:
            raise EksdnsError(f"{path}: no report of a run", hint="give what `apply` or `resume` wrote")


def _waves(found: Any) -> dict[str, str]:  # noqa: ANN401  # JSON
    listed = found if isinstance(found, list) else []
    return {str(one.get("name", "")): str(one.get("state", "")) for one in listed if isinstance(one, Mapping)}
