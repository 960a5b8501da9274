"""JSON document of a shutdown timeline; times are whole milliseconds, cut times are rounded up."""

from typing import Annotated, Literal

from eksaddon.domain.document import Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.propagation import recommended, recommended_calculation
from eksaddon.domain.termination import (
    SECOND,
    EventKind,
    Measured,
    Phase,
    PhaseKind,
    Suggestion,
    Timeline,
    Verdict,
)
from eksaddon.frozen import dataclass
from eksaddon.report.timeline.text import suggestions, verdict

MILLISECOND = 1_000_000

Block = Annotated[int | None, "Server block, from 1; null if not specific to a block."]
Since = Annotated[int, "Since the deletion of the pod."]


@dataclass(frozen=True, slots=True)
class SettingsView:
    pre_stop_seconds: int
    lameduck_milliseconds: Annotated[tuple[int, ...], "Of each server block."]
    termination_grace_period_seconds: int
    margin_seconds: int
    propagation_milliseconds: Annotated[int, "How long nodes keep querying a deleted pod; 0 if not given."]


@dataclass(frozen=True, slots=True)
class RecommendedView:
    pre_stop_seconds: int
    lameduck_seconds: int
    termination_grace_period_seconds: int
    sum: Annotated[str, "Where the values come from."]


@dataclass(frozen=True, slots=True)
class PhaseView:
    phase: PhaseKind
    block: Block
    begins_milliseconds: Since
    ends_milliseconds: Since
    planned_milliseconds: int
    cut_milliseconds: Annotated[int, "How much of it never runs."]


@dataclass(frozen=True, slots=True)
class EventView:
    at_milliseconds: Since
    event: EventKind
    block: Block


@dataclass(frozen=True, slots=True)
class SuggestionView:
    termination_grace_period_seconds: int
    lameduck_seconds: Annotated[int, "Of all blocks together; 0 if the grace period leaves no time."]
    ways: Annotated[tuple[str, ...], "One sentence for each way to make it fit."]


@dataclass(frozen=True, slots=True)
class MeasuredView:
    answers_milliseconds: Annotated[int, "From the deletion to the last answer."]
    exit_milliseconds: Annotated[int, "From the deletion to the end of the process."]
    killed: bool
    queries: int
    lost_early: Annotated[int, "Queries lost after the deletion and sent before the last answered one."]
    scale: Annotated[int, "How many times faster than real time it ran."]
    agrees: Annotated[bool, "Whether the measurement matches the calculated timeline."]


@dataclass(frozen=True, slots=True)
class TimelineDocument:
    schema_version: Version
    kind: Literal["timeline"]
    settings: SettingsView
    verdict: Verdict
    summary: Annotated[str, "The verdict in a sentence."]
    answers_milliseconds: Annotated[int, "How long DNS is answered."]
    cut_milliseconds: Annotated[int, "How much of preStop and lameduck never runs."]
    kill_milliseconds: Since
    killed: bool
    phases: tuple[PhaseView, ...]
    events: tuple[EventView, ...]
    suggestion: Annotated[SuggestionView | None, "Null if nothing is cut off."]
    recommended: Annotated[
        RecommendedView | None, "Recommended settings for the propagation; null if none is given."
    ]
    measured: Annotated[MeasuredView | None, "Null if nothing was measured."]


def document(line: Timeline, *, measured: Measured | None = None) -> JsonObject:
    """Build the document for `-o json`."""
    settings = line.settings
    made = TimelineDocument(
        SCHEMA_VERSION,
        "timeline",
        settings=SettingsView(
            settings.pre_stop_seconds,
            tuple(_down(one) for one in settings.lameducks_ns),
            settings.grace_seconds,
            settings.margin_seconds,
            _down(settings.propagation_ns),
        ),
        verdict=line.verdict,
        summary=verdict(line),
        answers_milliseconds=_down(line.answers_ns),
        cut_milliseconds=_up(line.cut_ns),
        kill_milliseconds=_down(line.kill_ns),
        killed=line.killed,
        phases=tuple(_phase(phase) for phase in line.phases),
        events=tuple(EventView(_down(one.at_ns), one.kind, _block(one.block)) for one in line.events),
        suggestion=_suggestion(line.suggestion, suggestions(line)),
        recommended=_recommended(settings.propagation_ns),
        measured=_measured(measured),
    )
    return as_json(made)


def _down(nanoseconds: int) -> int:
    return nanoseconds // MILLISECOND


def _up(nanoseconds: int) -> int:
    return -(-nanoseconds // MILLISECOND)


def _block(block: int) -> int | None:
    return block + 1 if block >= 0 else None


def _phase(phase: Phase) -> PhaseView:
    return PhaseView(
        phase.kind,
        _block(phase.block),
        begins_milliseconds=_down(phase.begins_ns),
        ends_milliseconds=_down(phase.ends_ns),
        planned_milliseconds=_down(phase.planned_ns),
        cut_milliseconds=_up(phase.cut_ns),
    )


def _suggestion(suggestion: Suggestion | None, ways: tuple[str, ...]) -> SuggestionView | None:
    if suggestion is None:
        return None
    return SuggestionView(suggestion.grace_seconds, suggestion.lameduck_seconds, ways)


def _recommended(propagation_ns: int) -> RecommendedView | None:
    if not propagation_ns:
        return None
    settings = recommended(propagation_ns)
    return RecommendedView(
        settings.pre_stop_seconds,
        settings.lameduck_ns // SECOND,
        settings.grace_seconds,
        recommended_calculation(propagation_ns),
    )


def _measured(measured: Measured | None) -> MeasuredView | None:
    if measured is None:
        return None
    return MeasuredView(
        answers_milliseconds=round(measured.answers_seconds * 1000),
        exit_milliseconds=round(measured.exit_seconds * 1000),
        killed=measured.killed,
        queries=measured.queries,
        lost_early=measured.lost_early,
        scale=measured.scale,
        agrees=measured.agrees,
    )
