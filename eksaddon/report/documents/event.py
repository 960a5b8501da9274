"""The event that a notification carries."""

from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import Action
from eksaddon.domain.run.result import RunState
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import DriftState, Kind, Tone

EVENT_VERSION = 1
GOOD_ENDS = frozenset({RunState.SUCCEEDED, RunState.PAUSED})


def event(model: ReportModel, url: str = "") -> JsonObject:
    """The event of a report, without the targets: they are in the report.

    Args:
        url: Of the job that made it; empty if unknown.
    """
    return {
        "schemaVersion": EVENT_VERSION,
        "kind": "event",
        "report": model.kind.value,
        "needsAttention": needs_attention(model),
        "at": model.created_at,
        "targets": len(model.entries),
        "summary": dict(model.counts),
        "runId": model.run_id,
        "state": model.run_state,
        "reason": model.reason,
        "url": url,
    }


def needs_attention(model: ReportModel) -> bool:
    """Whether a person should look: drift, failures, or what could not be read."""
    if model.kind is Kind.RUN:
        return model.run_state not in GOOD_ENDS
    if model.kind is Kind.DRIFT:
        fine = {DriftState.IN_SYNC, DriftState.SKIPPED}
        return any(number for word, number in model.counts.items() if word not in fine)
    if model.kind is Kind.PLAN:
        return any(model.counts[word] for word in (Action.BLOCKED, Action.UNREACHABLE))
    return any(model.tone(entry) in {Tone.BAD, Tone.UNKNOWN} for entry in model.entries)
