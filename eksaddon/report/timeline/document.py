"""A shutdown timeline for other programs."""

from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.termination import Measured, Phase, Suggestion, Timeline
from eksaddon.report.timeline.text import suggestions, verdict

MILLISECOND = 1_000_000


def document(line: Timeline, *, measured: Measured | None = None) -> JsonObject:
    """What `-o json` prints; times are whole milliseconds since the deletion, cut ones rounded up."""
    settings = line.settings
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "timeline",
        "settings": {
            "preStopSeconds": settings.pre_stop_seconds,
            "lameduckMilliseconds": [_down(one) for one in settings.lameducks_ns],
            "terminationGracePeriodSeconds": settings.grace_seconds,
            "marginSeconds": settings.margin_seconds,
        },
        "verdict": line.verdict.value,
        "summary": verdict(line),
        "answersMilliseconds": _down(line.answers_ns),
        "cutMilliseconds": _up(line.cut_ns),
        "killMilliseconds": _down(line.kill_ns),
        "killed": line.killed,
        "phases": [_phase(phase) for phase in line.phases],
        "events": [
            {"atMilliseconds": _down(event.at_ns), "event": event.kind.value, "block": _block(event.block)}
            for event in line.events
        ],
        "suggestion": _suggestion(line.suggestion, suggestions(line)),
        "measured": _measured(measured),
    }


def _down(nanoseconds: int) -> int:
    return nanoseconds // MILLISECOND


def _up(nanoseconds: int) -> int:
    return -(-nanoseconds // MILLISECOND)


def _block(block: int) -> int | None:
    """Counted from 1 as in the pictures; None where no server block is meant."""
    return block + 1 if block >= 0 else None


def _phase(phase: Phase) -> JsonObject:
    return {
        "phase": phase.kind.value,
        "block": _block(phase.block),
        "beginsMilliseconds": _down(phase.begins_ns),
        "endsMilliseconds": _down(phase.ends_ns),
        "plannedMilliseconds": _down(phase.planned_ns),
        "cutMilliseconds": _up(phase.cut_ns),
    }


def _suggestion(suggestion: Suggestion | None, ways: tuple[str, ...]) -> JsonObject | None:
    if suggestion is None:
        return None
    return {
        "terminationGracePeriodSeconds": suggestion.grace_seconds,
        "lameduckSeconds": suggestion.lameduck_seconds,
        "ways": list(ways),
    }


def _measured(measured: Measured | None) -> JsonObject | None:
    if measured is None:
        return None
    return {
        "answersMilliseconds": round(measured.answers_seconds * 1000),
        "exitMilliseconds": round(measured.exit_seconds * 1000),
        "killed": measured.killed,
        "queries": measured.queries,
        "lostEarly": measured.lost_early,
        "scale": measured.scale,
        "agrees": measured.agrees,
    }
