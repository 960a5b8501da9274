"""Operations on a recorded run, requested in GitHub."""

import hashlib
import re
from collections.abc import Iterable, Sequence
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
from eksaddon.domain.run.verbs import Verb, has_open_failures, is_lost, next_steps, refusal, retried
from eksaddon.frozen import dataclass
from eksaddon.regex import regex


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
    reason = f"{requested.reason} ({requested.who} in GitHub)".lstrip()
    match requested.operation:
        case Operation.HISTORY:
            return None
        case Operation.RETRY:
            return lambda run_progress, now, who: retrying(run_progress, now, who, reason)
        case Operation.RESUME:
            return lambda run_progress, now, who: resuming(run_progress, now, who, reason)
        case Operation.SKIP:
            _require(requested, "cluster", requested.cluster)
            _require(requested, "reason", requested.reason)
            return skipping(requested.cluster, reason)
        case Operation.ACCEPT_FAILURES:
            _require(requested, "reason", requested.reason)
            return accepting(reason)
        case Operation.APPROVE:
            _require(requested, "wave", requested.wave)
            return approving(requested.wave, f"{requested.who} in GitHub", requested.reason)
        case Operation.ABORT:
            return aborting(reason)
        case Operation.ROLLBACK:
            return rolling_back(requested.wave, reason)
        case _:
            assert_never(requested.operation)


def refuse_repeated_acceptance(requested: Requested, attempt: str) -> None:
    """A re-run never accepts failures: those of now are not the ones that the person saw.

    Args:
        attempt: Number of the workflow run's attempt.

    Raises:
        EksdnsError: It is a re-run that would.
    """
    if requested.operation is Operation.ACCEPT_FAILURES and attempt != "1":
        raise EksdnsError(
            "a re-run does not accept failures",
            hint="start the workflow eksdns-operate again, with the reason",
            exit_code=ExitCode.REFUSED,
        )


def next_operations(run_progress: RunProgress) -> tuple[Operation, ...]:
    """Operations that the run accepts in its state, most likely first."""
    found = [_operation(step.verb, run_progress) for step in next_steps(run_progress)]
    return (*found, Operation.ABORT) if not refusal(Verb.ABORT, run_progress) else tuple(found)


def _operation(verb: Verb, run_progress: RunProgress) -> Operation:
    is_accepted = verb is Verb.RESUME and has_open_failures(run_progress)
    return Operation.ACCEPT_FAILURES if is_accepted else Operation(verb.value)


def next_step(run_progress: RunProgress) -> str:
    """What a person can do about a run in GitHub, who has no command line with access to it."""
    run_id, found = run_progress.opened.run_id, next_operations(run_progress)
    listed = " or ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))
    return f"the workflow eksdns-operate with the run {run_id} and the operation {listed}" if found else ""


def confirmed(requested: Requested, ask: Ask, shown: str) -> Ask:
    """The request, refused if it would now do something else than was shown.

    A refusal names operations of the workflow instead of commands.

    Args:
        shown: Digest of the effects that were shown; empty for any.
    """

    def asked(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        found = effects(requested, run_progress)
        if shown and effects_digest(found) != shown:
            raise EksdnsError(
                f"run {run_progress.opened.run_id} changed after this operation was shown",
                hint=f"start the workflow eksdns-operate again; {requested.operation} now:"
                f" {'; '.join(found)}",
                exit_code=ExitCode.REFUSED,
            )
        try:
            return ask(run_progress, now, who)
        except EksdnsError as error:
            if error.exit_code is not ExitCode.REFUSED:
                raise
            hint = next_step(run_progress)
            raise EksdnsError(str(error), hint=hint and f"use {hint}", exit_code=error.exit_code) from None

    return asked


def effects_digest(shown: Iterable[str]) -> str:
    """SHA-256 of what was shown, as hex."""
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()


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
            waves = (each.wave.name or "all clusters" for each in run_progress.waves if not each.is_over)
            return ("continues the run:", *waves)
        case Operation.SKIP:
            return (f"excludes {requested.cluster} from the run",)
        case Operation.ACCEPT_FAILURES:
            accepted = (ref for ref, each in run_progress.targets.items() if is_lost(each))
            return (
                f"continues the run although it paused: {run_progress.reason}",
                *_labels(run_progress, accepted),
            )
        case Operation.APPROVE:
            return (f"approves wave {requested.wave}; the operation resume starts it",)
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
    pattern = regex(rf"{re.escape(repository)} run ([0-9]+)\.[0-9]+")
    names = (record.who for record in records if isinstance(record, Opened | Resumed))
    found = (int(match[1]) for match in map(pattern.fullmatch, names) if match)
    return tuple(dict.fromkeys(number for number in found if number != current))
