"""Operations on a recorded run, requested in GitHub."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from eksaddon.app.runs.asks import (
    Ask,
    aborting,
    accepting,
    approving,
    resuming,
    retrying,
    rolling_back,
    skipping,
)
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Opened, Record, Resumed
from eksaddon.domain.run.target_progress import may_be_rolled_back
from eksaddon.domain.run.verbs import retried


class Operation(StrEnum):
    HISTORY = "history"
    RETRY = "retry"
    RESUME = "resume"
    SKIP = "skip"
    ACCEPT_FAILURES = "accept-failures"
    APPROVE = "approve"
    ABORT = "abort"
    ROLLBACK = "rollback"


RECORDED = frozenset({Operation.SKIP, Operation.APPROVE, Operation.ABORT})
"""Only recorded; the others also continue the run."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A requested operation.

    Attributes:
        who: Login of the person who started the workflow.
    """

    operation: Operation
    run_id: str
    who: str
    wave: str = ""
    cluster: str = ""
    reason: str = ""


def ask_of(requested: Requested) -> Ask | None:
    """The request to the run; None for one that only shows.

    Raises:
        EksdnsError: An input is missing.
    """
    reason = f"{requested.reason} ({requested.who} in GitHub)"
    match requested.operation:
        case Operation.HISTORY:
            return None
        case Operation.RETRY:
            return retrying
        case Operation.RESUME:
            return resuming
        case Operation.SKIP:
            _require(requested, "cluster", requested.cluster)
            _require(requested, "reason", requested.reason)
            return skipping(requested.cluster, reason)
        case Operation.ACCEPT_FAILURES:
            _require(requested, "reason", requested.reason)
            return accepting(reason)
        case Operation.APPROVE:
            _require(requested, "wave", requested.wave)
            return approving(requested.wave, f"{requested.who} in GitHub")
        case Operation.ABORT:
            return aborting(reason)
        case Operation.ROLLBACK:
            return rolling_back(requested.wave)
        case _:
            assert_never(requested.operation)


def _require(requested: Requested, name: str, value: str) -> None:
    if not value.strip():
        raise EksdnsError(
            f"{requested.operation} requires the input {name}", hint=f"set {name}", exit_code=ExitCode.USAGE
        )


def effects(requested: Requested, run_progress: RunProgress) -> tuple[str, ...]:
    """What the operation does, as sentences for the person who confirms it."""
    match requested.operation:
        case Operation.HISTORY:
            return ("shows the run",)
        case Operation.RETRY:
            return ("retries, then continues the run:", *_labels(run_progress, retried(run_progress)))
        case Operation.RESUME:
            return ("continues the run",)
        case Operation.SKIP:
            return (f"excludes {requested.cluster} from the run",)
        case Operation.ACCEPT_FAILURES:
            return (f"continues the run although it paused: {run_progress.reason}",)
        case Operation.APPROVE:
            return (f"approves wave {requested.wave}; `resume` or eksdns-resume starts it",)
        case Operation.ABORT:
            return (
                "ends the run; its changes stay",
                "cancels the workflow run that waits for it, so that the next rollout can start",
            )
        case Operation.ROLLBACK:
            refs = (ref for ref, each in run_progress.targets.items() if may_be_rolled_back(each))
            chosen = (ref for ref in refs if requested.wave in {"", run_progress.targets[ref].plan.wave})
            return ("restores what the run changed, last wave first:", *_labels(run_progress, chosen))
        case _:
            assert_never(requested.operation)


def _labels(run_progress: RunProgress, refs: Iterable[object]) -> tuple[str, ...]:
    wanted = set(refs)
    return tuple(run_progress.label(ref) for ref in run_progress.targets if ref in wanted)


def workflow_runs(records: Sequence[Record], repository: str, current: int) -> tuple[int, ...]:
    """Ids of the workflow runs of a repository that worked on the run, except the current one."""
    pattern = re.compile(rf"{re.escape(repository)} run ([0-9]+)\.[0-9]+")
    names = (record.who for record in records if isinstance(record, Opened | Resumed))
    found = (int(match[1]) for match in map(pattern.fullmatch, names) if match)
    return tuple(dict.fromkeys(number for number in found if number != current))
