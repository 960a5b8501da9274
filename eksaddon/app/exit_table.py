"""The table of exit codes, by the results of the targets; pure.

docs/exit-codes.md is generated from it: `python -m tests.support.exit_codes`.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from eksaddon.app.fail_on import FailOn
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.run.result import RunState
from eksaddon.frozen import dataclass


class Result(StrEnum):
    """Results with an exit code; values are the names of their commands."""

    PLAN = "plan, upgrade-check"
    DRIFT = "drift"
    STATUS = "status"
    RUN = "apply, resume, retry, rollback"
    DOCTOR = "doctor"
    MERGED = "github gather"
    ADOPT = "adopt"
    PROBE = "probe"
    DIFF = "corefile diff"
    LINT = "corefile lint, corefile try, validate"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of targets by result; each target is in at most one count.

    Attributes:
        lost: Failed, unreachable, or written without a known result; for doctor: with missing permissions.
        unhealthy: The configuration equals the desired one, but the add-on is unhealthy.
        blocked: Blocked by an error of the plan.
        stale: Changed after planning.
        unverified: Live objects could not be read; for doctor: nothing could be checked.
        changes: To be changed, or drifted.
        written: Changed or rolled back.
        waiting: To be changed, but not started.
        failing: Audited clusters with a reason at or above the level of `--fail-on`.
        ignored: `--fail-on never` of an audit.
        asked: The rollback was requested by an operator.
    """

    targets: int = 0
    lost: int = 0
    unhealthy: int = 0
    blocked: int = 0
    stale: int = 0
    unverified: int = 0
    changes: int = 0
    written: int = 0
    waiting: int = 0
    state: RunState | None = None
    asked: bool = False
    detailed: bool = False
    fail_on: FailOn | None = None
    failing: int = 0
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row; the first row of a result whose condition holds determines the code.

    Attributes:
        when: Completes `if ...`.
    """

    name: str
    results: tuple[Result, ...]
    when: str
    code: ExitCode
    holds: Callable[[Tally], bool]


_FLEET = (
    Result.PLAN,
    Result.DRIFT,
    Result.STATUS,
    Result.RUN,
    Result.MERGED,
    Result.DOCTOR,
    Result.AUDIT,
)
_ENDED_EARLY = frozenset({RunState.FAILED, RunState.STOPPED})

ROWS: tuple[Row, ...] = (
    Row(
        "never",
        (Result.DRIFT, Result.AUDIT),
        "`--fail-on never` is set",
        ExitCode.DONE,
        lambda tally: tally.fail_on is FailOn.NEVER or tally.ignored,
    ),
    Row(
        "paused",
        (Result.RUN,),
        "the run is paused at a gate, a soak, a window or a failure",
        ExitCode.PAUSED,
        lambda tally: tally.state is RunState.PAUSED,
    ),
    Row(
        "rolled-back",
        (Result.RUN,),
        "a requested rollback restored everything that it was asked to",
        ExitCode.DONE,
        lambda tally: tally.state is RunState.ROLLED_BACK and tally.asked,
    ),
    Row(
        "rolled-back-itself",
        (Result.RUN,),
        "the run failed and was rolled back automatically",
        ExitCode.ERROR,
        lambda tally: tally.state is RunState.ROLLED_BACK,
    ),
    Row(
        "all-lost",
        _FLEET,
        "every target failed or is unreachable",
        ExitCode.ERROR,
        lambda tally: 0 < tally.targets == tally.lost,
    ),
    Row(
        "all-blocked",
        (Result.PLAN, Result.RUN, Result.MERGED),
        "every target is blocked",
        ExitCode.REFUSED,
        lambda tally: 0 < tally.targets == tally.blocked,
    ),
    Row(
        "stale",
        (Result.RUN,),
        "clusters changed after planning, and nothing was written",
        ExitCode.REFUSED,
        lambda tally: bool(tally.stale) and not tally.lost and not tally.written,
    ),
    Row(
        "ended-early",
        (Result.RUN,),
        "the run failed or was stopped, after some targets were changed",
        ExitCode.PARTIAL,
        lambda tally: tally.state in _ENDED_EARLY and bool(tally.written),
    ),
    Row(
        "ended-unwritten",
        (Result.RUN,),
        "the run failed or was stopped, and no target is changed",
        ExitCode.ERROR,
        lambda tally: tally.state in _ENDED_EARLY,
    ),
    Row(
        "fail-on-level",
        (Result.AUDIT,),
        "a cluster has a reason of the level of `--fail-on` or a worse one",
        ExitCode.ERROR,
        lambda tally: bool(tally.failing),
    ),
    Row(
        "some-lost",
        _FLEET,
        "some targets failed or are unreachable",
        ExitCode.PARTIAL,
        lambda tally: bool(tally.lost),
    ),
    Row(
        "some-blocked",
        (Result.PLAN, Result.RUN, Result.MERGED),
        "some targets are blocked, or changed after planning",
        ExitCode.PARTIAL,
        lambda tally: bool(tally.blocked or tally.stale),
    ),
    Row(
        "not-started",
        (Result.RUN,),
        "some targets were not started",
        ExitCode.PARTIAL,
        lambda tally: bool(tally.waiting),
    ),
    Row(
        "fail-on-unhealthy",
        (Result.DRIFT,),
        "a target is unhealthy and `--fail-on unhealthy` or `drift` is set",
        ExitCode.ERROR,
        lambda tally: bool(tally.unhealthy) and tally.fail_on in {FailOn.UNHEALTHY, FailOn.DRIFT},
    ),
    Row(
        "all-unhealthy",
        (Result.DRIFT,),
        "every target is unhealthy, unless `--fail-on unreachable` is set",
        ExitCode.ERROR,
        lambda tally: 0 < tally.targets == tally.unhealthy and tally.fail_on is None,
    ),
    Row(
        "some-unhealthy",
        (Result.DRIFT,),
        "some targets are unhealthy, unless `--fail-on unreachable` is set",
        ExitCode.PARTIAL,
        lambda tally: bool(tally.unhealthy) and tally.fail_on is None,
    ),
    Row(
        "unverified",
        (Result.PLAN, Result.DRIFT, Result.STATUS, Result.RUN, Result.MERGED, Result.AUDIT),
        "the live objects of some targets could not be read, or grace period or preStop are not applied",
        ExitCode.PARTIAL,
        lambda tally: bool(tally.unverified),
    ),
    Row(
        "nothing-proven",
        (Result.DOCTOR,),
        "a target could not be checked, or there is none",
        ExitCode.PARTIAL,
        lambda tally: not tally.targets or bool(tally.unverified),
    ),
    Row(
        "fail-on-drift",
        (Result.DRIFT,),
        "a target drifted and `--fail-on drift` is set without `--detailed-exitcode`",
        ExitCode.ERROR,
        lambda tally: bool(tally.changes) and tally.fail_on is FailOn.DRIFT and not tally.detailed,
    ),
    Row(
        "changes",
        (Result.PLAN, Result.DRIFT),
        "changes are pending or a target drifted, and `--detailed-exitcode` is set",
        ExitCode.CHANGES,
        lambda tally: bool(tally.changes) and tally.detailed,
    ),
    Row(
        "differs", (Result.DIFF,), "the Corefiles differ", ExitCode.CHANGES, lambda tally: bool(tally.changes)
    ),
    Row(
        "failed",
        (Result.ADOPT,),
        "the result is not as planned",
        ExitCode.ERROR,
        lambda tally: bool(tally.lost),
    ),
    Row(
        "refused",
        (Result.ADOPT,),
        "the cluster changed after planning, or the plan is blocked",
        ExitCode.REFUSED,
        lambda tally: bool(tally.stale or tally.blocked),
    ),
    Row("loss", (Result.PROBE,), "a limit was exceeded", ExitCode.ERROR, lambda tally: bool(tally.lost)),
    Row(
        "inconclusive",
        (Result.PROBE,),
        "the probe is inconclusive",
        ExitCode.PARTIAL,
        lambda tally: bool(tally.unverified),
    ),
    Row("findings", (Result.LINT,), "there are errors", ExitCode.ERROR, lambda tally: bool(tally.lost)),
    Row("done", tuple(Result), "otherwise", ExitCode.DONE, lambda _: True),
)

MEANINGS: Mapping[ExitCode, str] = MappingProxyType(
    {
        ExitCode.DONE: "done; for `plan` also if changes are pending",
        ExitCode.ERROR: "error, or every target failed or is unreachable",
        ExitCode.CHANGES: "with `--detailed-exitcode`: changes pending, or drift; `corefile diff`: different",
        ExitCode.PARTIAL: "partial: some targets failed, are blocked, unreachable, or could not be verified",
        ExitCode.PAUSED: "paused at a gate or soak; eksdns prints the resume command",
        ExitCode.REFUSED: "refused: stale plan, lock held, safety rule, every target blocked, not confirmed",
        ExitCode.USAGE: "invalid usage: an option, a name or a file",
        ExitCode.BUG: "a bug; eksdns prints a traceback and where to report it",
        ExitCode.INTERRUPTED: "interrupted by Ctrl-C; started updates were followed to their end",
        ExitCode.TERMINATED: "terminated; started updates were followed to their end",
    }
)
"""Meaning of each code, for the page."""


def row_of(result: Result, tally: Tally) -> Row:
    """The row that determines the exit code."""
    return next(row for row in ROWS if result in row.results and row.holds(tally))


def decide(result: Result, tally: Tally) -> ExitCode:
    return row_of(result, tally).code
