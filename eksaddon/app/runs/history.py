"""Lists recorded runs, and the events of a run."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.app.runs.journal import NotStartedError
from eksaddon.app.runs.locks import is_left
from eksaddon.app.runs.rollout import load_run, read_records
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.probing.figures import probe_text
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.progress import RunProgress, WaveRecord
from eksaddon.domain.run.records import (
    Accepted,
    Approved,
    Closed,
    Ended,
    GateLooked,
    Opened,
    Paused,
    PlaneDone,
    ProbeRead,
    ProbeStarted,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    Stopped,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
    Writing,
)
from eksaddon.domain.run.result import RunState
from eksaddon.frozen import dataclass
from eksaddon.ports import RunStore
from eksaddon.report.model.states import outcome_label
from eksaddon.report.model.text import counted

UNDER_WAY = frozenset({RunState.RUNNING, RunState.STOPPING, RunState.ROLLING_BACK})


@dataclass(frozen=True, slots=True)
class Line:
    """An event.

    Attributes:
        at: Seconds since the epoch.
        about: A cluster or a wave; empty for the run.
        account_name: Account name of the cluster; empty if unknown.
    """

    at: float
    about: str
    what: str
    detail: str = ""
    account_name: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in the list of runs.

    Attributes:
        run_progress: None if the journal has no record or cannot be read.
        trouble: Why there is no progress.
        has_started: Whether the journal has a record.
    """

    run_id: str
    run_progress: RunProgress | None
    trouble: str = ""
    interrupted: bool = False
    has_started: bool = True


def runs(store: RunStore, most: int | None = None) -> tuple[tuple[Listed, ...], int]:
    """Recorded runs, newest first, and the number of older ones that were not read.

    Args:
        most: Maximum number of runs to read; None for all.
    """
    names = tuple(reversed(store.runs()))
    kept = names[:most]
    return tuple(_listed(store, run_id) for run_id in kept), len(names) - len(kept)


def _listed(store: RunStore, run_id: str) -> Listed:
    try:
        run_progress = load_run(store, run_id)
        return Listed(run_id, run_progress, interrupted=is_interrupted(store, run_progress))
    except NotStartedError:
        return Listed(run_id, None, _not_started(store, run_id), has_started=False)
    except EksdnsError as error:
        return Listed(run_id, None, str(error))


def _not_started(store: RunStore, run_id: str) -> str:
    if is_left(store, run_id):
        return "its process ended before the first record; nothing was changed, nothing to resume"
    return "its process writes the first record, or its lock has not expired; nothing was changed"


def is_interrupted(store: RunStore, run_progress: RunProgress) -> bool:
    """Whether the run is in progress by its journal, but its process has ended."""
    return run_progress.state in UNDER_WAY and is_left(store, run_progress.opened.run_id)


def lines(store: RunStore, run_id: str) -> tuple[Line, ...]:
    """All events of a run.

    Raises:
        EksdnsError: The run does not exist, or its journal cannot be read.
    """
    return tuple(_lines(read_records(store, run_id)))


def _lines(records: tuple[Record, ...]) -> Iterator[Line]:
    opened = (record for record in records if isinstance(record, Opened))
    names = {str(one.target.ref): one.target.account_name for each in opened for one in each.plan.clusters}
    for record in records:
        about, what, detail = _describe(record)
        yield Line(record.at, about, what, detail, names.get(about, ""))


def _describe(record: Record) -> tuple[str, str, str]:
    match record:
        case Opened(who=who, tool=tool, plan=plan):
            return "", "opened", f"by {who} with eksdns {tool}, plan {plan.digest[:12]}"
        case Writing(ref=ref, restores=restores, plane=plane):
            return str(ref), "rolling back" if restores else "writing", f"{plane.value} plane"
        case PlaneDone(ref=ref, plane=plane):
            return str(ref), f"{plane.value} plane done", ""
        case Accepted(ref=ref, update_id=update_id):
            return str(ref), "updating", f"update {update_id}"
        case Ended(ref=ref, outcome=outcome, seconds=seconds):
            reason = getattr(outcome, "reason", "") or str(getattr(outcome, "trouble", ""))
            return str(ref), outcome_label(outcome_word(outcome)), reason or f"after {seconds:.0f} s"
        case SkipAsked(ref=ref, reason=reason):
            return str(ref), "skipped", reason
        case Paused() | Resumed() | Stopped() | Retried() | RollbackAsked() | Closed():
            return _of_run(record)
        case _:
            return _of_wave(record)


def _of_wave(record: WaveRecord) -> tuple[str, str, str]:
    about = f"wave {record.wave}" if record.wave else ""
    match record:
        case WaveBegan():
            return about, "started", ""
        case WaveSoaking(until=until, at=at):
            return about, "soaking", f"for {until - at:.0f} s"
        case GateLooked(gate=gate, verdict=verdict, detail=detail):
            return about, f"check {gate}", f"{verdict}" + (f": {detail}" if detail else "")
        case ProbeStarted():
            return about, "probe", "started"
        case ProbeRead(results=results, state=state):
            return about, "probe", f"{probe_text(results)}, {state.value}"
        case Approved(who=who, reason=reason):
            return about, "approved", _with_reason(f"by {who}", reason)
        case WaveEnded(state=state, reason=reason):
            return about, state, reason
        case _:
            assert_never(record)


def _of_run(
    record: Paused | Resumed | Stopped | Retried | RollbackAsked | Closed,
) -> tuple[str, str, str]:
    match record:
        case Paused(reason=reason):
            return "", "paused", reason
        case Resumed(who=who, reason=reason, accepts_failures=accepts_failures):
            by = f"by {who}, failures accepted" if reason and accepts_failures else f"by {who}"
            return "", "resumed", _with_reason(by, reason)
        case Stopped(reason=reason):
            return "", "stopped", reason
        case Retried(refs=refs):
            return "", "retrying", counted(len(refs), "cluster")
        case RollbackAsked(waves=waves, reason=reason):
            wave_names = ", ".join(wave for wave in waves if wave)
            return "", "rolling back", f"{wave_names}: {reason}" if wave_names else reason
        case Closed(state=state):
            return "", "ended", state
        case _:
            assert_never(record)


def _with_reason(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else text
