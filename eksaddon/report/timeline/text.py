"""Describes a shutdown timeline in sentences, for the terminal and the image."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.domain.propagation import recommended_calculation, recommended_values
from eksaddon.domain.termination import (
    PROPAGATION_MARGIN_SECONDS,
    SECOND,
    Event,
    EventKind,
    Measured,
    PhaseKind,
    Suggestion,
    TerminationSettings,
    Timeline,
    Verdict,
    in_seconds,
)
from eksaddon.frozen import dataclass
from eksaddon.report.timeline.bars import label

MOST_NAMED = 6
PROPAGATION = "nodes may keep sending queries for 1 to 10 s"
"""Where no propagation is given."""


@dataclass(frozen=True, slots=True)
class TimedText:
    at_ns: int
    text: str


def title(settings: TerminationSettings) -> str:
    pre_stop = f"{settings.pre_stop_seconds}s" if settings.pre_stop_seconds else "none"
    return f"preStop {pre_stop}, lameduck {_lameducks(settings)}, grace {settings.grace_seconds}s"


def _lameducks(settings: TerminationSettings) -> str:
    each = [f"{in_seconds(one)}s" for one in settings.lameducks_ns if one > 0]
    match len(each):
        case 0:
            return "none"
        case 1:
            return each[0]
        case many if many > MOST_NAMED:
            return f"{in_seconds(settings.lameduck_ns)}s in {many} blocks"
        case _:
            return f"{'+'.join(each)} = {in_seconds(settings.lameduck_ns)}s"


def timed_texts(line: Timeline) -> tuple[TimedText, ...]:
    """One sentence for each point in time of the timeline."""
    grouped: dict[int, list[str]] = {}
    for event in _described_events(line):
        grouped.setdefault(event.at_ns, []).append(_sentence(event, line))
    described = [TimedText(at, "; ".join(texts)) for at, texts in grouped.items()]
    if not line.killed:
        described.append(TimedText(line.kill_ns, "SIGKILL would be sent here, but the pod has already ended"))
    return tuple(described)


def _described_events(line: Timeline) -> Iterator[Event]:
    """Events to describe; only the first few of many lameducks."""
    lameducks = 0
    for event in line.events:
        lameducks += event.kind is EventKind.LAMEDUCK
        if event.kind is not EventKind.LAMEDUCK or lameducks <= MOST_NAMED:
            yield event


def _sentence(event: Event, line: Timeline) -> str:
    match event.kind:
        case EventKind.DELETED:
            return "the pod is deleted; removal of its endpoint starts"
        case EventKind.PRE_STOP:
            return "preStop sleeps; CoreDNS still answers"
        case EventKind.SIGTERM:
            return "SIGTERM"
        case EventKind.READY_CLOSED:
            return "/ready stops responding"
        case EventKind.LAMEDUCK:
            return f"{_begins(event.block, line)}; CoreDNS still answers"
        case EventKind.SERVERS_STOP:
            return "the DNS servers stop and the process ends"
        case EventKind.SIGKILL:
            return _cut_text(line) if line.cut_ns else "SIGKILL at the moment the process ends"
        case never:
            assert_never(never)


def _begins(block: int, line: Timeline) -> str:
    lameducks = [phase for phase in line.phases if phase.kind is PhaseKind.LAMEDUCK]
    number = [phase.block for phase in lameducks].index(block)
    begins, omitted = f"{label(lameducks[number], line)} begins", len(lameducks) - MOST_NAMED
    return f"{begins}, followed by {omitted} more" if omitted > 0 and number == MOST_NAMED - 1 else begins


def _cut_text(line: Timeline) -> str:
    parts = [
        f"{in_seconds(lost)} s of {kind}"
        for kind in PhaseKind
        if (lost := sum(phase.cut_ns for phase in line.phases if phase.kind is kind))
    ]
    return f"SIGKILL cuts off {' and '.join(parts)}"


def verdict(line: Timeline) -> str:
    margin = line.settings.margin_seconds
    match line.verdict:
        case Verdict.FITS:
            spare = in_seconds(line.spare_ns)
            return f"{_answers(line)} and nothing is cut off; {spare} s to spare"
        case Verdict.TIGHT:
            remaining = f"only {in_seconds(line.spare_ns)} s" if line.spare_ns else "none"
            margin_text = f"{remaining} of the {margin} s margin is left"
            return f"{_answers(line)} and nothing is cut off, but {margin_text}"
        case Verdict.CUT:
            return f"{_answers(line, still='still ')}; {_cut_text(line)}"
        case Verdict.TOO_SHORT:
            cut = f"; {_cut_text(line)}" if line.cut_ns else ""
            return f"{_answers(line)}, too short for {_needed(line.settings)}{cut}"
        case Verdict.UNPROTECTED:
            length = line.settings.propagation_ns
            sent = f"nodes keep sending queries for {in_seconds(length)} s" if length else PROPAGATION
            return f"CoreDNS stops answering as soon as the pod is deleted, but {sent}"
        case never:
            assert_never(never)


def headline(line: Timeline) -> str:
    """The verdict in a word or two."""
    if line.verdict is Verdict.CUT and line.settings.propagation_ns:
        return "cut but long enough"
    return line.verdict.value.replace("-", " ")


def _answers(line: Timeline, *, still: str = "") -> str:
    answers, length = in_seconds(line.answers_ns), line.settings.propagation_ns
    enough = f" ({still}long enough for {in_seconds(length)} s of propagation)"
    is_enough = length and line.verdict is not Verdict.TOO_SHORT
    return f"CoreDNS answers for {answers} s{enough if is_enough else ''}"


def _needed(settings: TerminationSettings) -> str:
    return (
        f"{in_seconds(settings.propagation_ns)} s of propagation and its margin of "
        f"{PROPAGATION_MARGIN_SECONDS} s"
    )


def recommendation(settings: TerminationSettings) -> str:
    """The values for the propagation, and how they are calculated; empty if no propagation is given."""
    length = settings.propagation_ns
    return f"{recommended_values(length)} ({recommended_calculation(length)})" if length else ""


def suggestions(line: Timeline) -> tuple[str, ...]:
    """Suggested settings, one sentence for each alternative; empty if none are needed."""
    settings, suggestion = line.settings, line.suggestion
    if suggestion is None:
        return ()
    if line.settings.propagation_ns and line.verdict in {Verdict.UNPROTECTED, Verdict.TOO_SHORT}:
        return (f"set {recommendation(settings)}",)
    if line.verdict is Verdict.UNPROTECTED:
        return (_protection_advice(settings, suggestion),)
    raised = f"raise the grace period to {suggestion.grace_seconds}s ({_budget_text(settings)})"
    lowered = (settings.pre_stop_seconds + suggestion.lameduck_seconds) * SECOND
    if not settings.lameduck_ns or lowered < settings.answers_needed_ns:
        return (raised,)
    return (raised, _lower_lameduck_advice(settings, suggestion))


def _protection_advice(settings: TerminationSettings, suggestion: Suggestion) -> str:
    if not suggestion.lameduck_seconds:
        return (
            f"set lameduck, and a grace period that covers it and the margin of {settings.margin_seconds} s"
        )
    return (
        f"set lameduck, up to {suggestion.lameduck_seconds}s with a grace period of {settings.grace_seconds}s"
    )


def _budget_text(settings: TerminationSettings) -> str:
    lameduck = in_seconds(settings.lameduck_ns)
    return f"preStop {settings.pre_stop_seconds} + lameduck {lameduck} + margin {settings.margin_seconds}"


def _lower_lameduck_advice(settings: TerminationSettings, suggestion: Suggestion) -> str:
    kept = f"keep the grace period at {settings.grace_seconds}s"
    if not suggestion.lameduck_seconds:
        return f"{kept}: preStop {settings.pre_stop_seconds}s and the margin leave no time for lameduck"
    if suggestion.blocks > 1:
        each = f", {suggestion.block_seconds}s in each" if suggestion.block_seconds else ""
        total = f"{suggestion.lameduck_seconds}s in total over {suggestion.blocks} blocks"
        return f"lower lameduck to {total}{each}, and {kept}"
    return f"lower lameduck to {suggestion.lameduck_seconds}s and {kept}"


def measurement(measured: Measured) -> str:
    """Compare the measurement with the prediction."""
    end = "was killed" if measured.killed else "exited on its own"
    faster = f", measured {measured.scale} times faster" if measured.scale > 1 else ""
    agrees = "as predicted" if measured.agrees else "NOT as predicted"
    return (
        f"answered for {measured.answers_seconds:.1f} s, {end} after {measured.exit_seconds:.1f} s"
        f" ({measured.queries} queries{faster}): {agrees}"
    )
