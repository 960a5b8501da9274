"""Formats events of a run as lines."""

from collections.abc import Callable
from datetime import UTC, datetime

from eksaddon.apply.events import Event, Halted, LockKept, Stepped
from eksaddon.apply.lease import TIME_TO_LIVE
from eksaddon.apply.retry import RETRYING
from eksaddon.domain.probing.figures import probe_text
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Outcome
from eksaddon.domain.run.records import (
    Approved,
    Ended,
    GateLooked,
    Opened,
    ProbeRead,
    ProbeStarted,
    Retried,
    RollbackAsked,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
)
from eksaddon.domain.target import ClusterRef
from eksaddon.report.model.states import outcome_label
from eksaddon.report.model.text import counted, within_wave
from eksaddon.report.run_view.counts import has_failed, why_failed


def is_notable(event: Event) -> bool:
    """Whether an event is printed in addition to the live view."""
    match event:
        case Stepped(step=step):
            return step == RETRYING
        case Ended(outcome=outcome):
            return has_failed(outcome)
        case _:
            return True


def event_text(event: Event, label: Callable[[ClusterRef], str] = str) -> str:
    """Format an event; empty for events without text. The text is not escaped.

    Args:
        label: Returns the display name of a target.
    """
    match event:
        case Stepped(ref=ref, step=step, detail=detail) if step == RETRYING:
            return f"{label(ref)}: {step}: {detail}"
        case Stepped(ref=ref, step=step, detail=detail):
            return f"{label(ref)}: {step}" + (f" {detail}" if detail else "")
        case Ended(ref=ref, outcome=outcome):
            return f"{label(ref)}: {_outcome(outcome)}"
        case Halted(reason=reason):
            return f"no new updates start: {reason}{_meanwhile(reason)}"
        case LockKept(run_id=run_id, reason=reason):
            return (
                f"warning: the lock of run {run_id} was not released: {reason}; "
                f"it expires within {TIME_TO_LIVE:.0f} seconds (eksdns unlock {run_id})"
            )
        case Opened(run_id=run_id):
            return f"run {run_id}"
        case Retried(refs=refs):
            return f"retrying {counted(len(refs), 'cluster')}"
        case RollbackAsked(waves=waves):
            wave_names = ", ".join(wave for wave in waves if wave)
            return "rolling back" + (f" {wave_names}" if wave_names else " all changes")
        case _:
            return _of_wave(event)


def _outcome(outcome: Outcome) -> str:
    reason = why_failed(outcome).removeprefix("stale: ")
    label = outcome_label(outcome_word(outcome))
    return f"{label}: {reason}" if reason else label


def _meanwhile(reason: str) -> str:
    return (
        ("; waiting for running updates to finish (press Ctrl-C again to exit now)")
        if reason == "interrupted"
        else ""
    )


def _of_wave(event: Event) -> str:
    match event:
        case WaveBegan(wave=wave) if wave:
            return f"wave {wave} started"
        case WaveSoaking(wave=wave, until=until):
            return f"wave {wave} soaking until {datetime.fromtimestamp(until, UTC):%H:%M:%S} UTC"
        case GateLooked(wave=wave, gate=gate, verdict=verdict, detail=detail):
            return f"wave {wave}: check {gate}: {verdict}" + (f" ({detail})" if detail else "")
        case ProbeStarted(wave=wave):
            return f"wave {wave}: probe started"
        case ProbeRead(wave=wave, results=results):
            return f"wave {wave}: probe: {probe_text(results)}"
        case Approved(wave=wave, who=who):
            return f"wave {wave} approved by {who}"
        case WaveEnded(wave=wave, state=state, reason=reason) if wave:
            return f"wave {wave} {state}" + (f": {within_wave(reason, wave)}" if reason else "")
        case _:
            return ""
