"""Plans, runs, drift and status for a terminal: grouped, within its width, readable without colour."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Action, Change, Plan
from eksaddon.domain.printable import on_one_line, printable
from eksaddon.domain.run import RunResult, TargetResult
from eksaddon.report.diff import DiffLine, text_diff
from eksaddon.report.documents import (
    OUTCOME_WORDS,
    DriftState,
    drift_state,
    outcome_word,
    reason_of,
    trouble_of,
)
from eksaddon.report.groups import Group as Alike
from eksaddon.report.groups import grouped
from eksaddon.report.words import counted, joined, names_by_scope, value_text

MOST_NAMES = 12
NARROWEST = 40

MARKS = {Severity.ERROR: ("✗", "red"), Severity.WARNING: ("!", "yellow"), Severity.INFO: ("i", "blue")}
ACTION_WORDS = {
    Action.UPDATE: ("~", "to update", "yellow"),
    Action.BLOCKED: ("✗", "blocked", "red"),
    Action.UNREACHABLE: ("?", "unreachable", "red"),
    Action.SKIP: ("-", "skipped", "bright_black"),
    Action.NONE: ("=", "as desired", "green"),
}
DRIFT_WORDS = {
    DriftState.IN_SYNC: ("in sync", "green"),
    DriftState.DRIFTED: ("drifted", "yellow"),
    DriftState.SKIPPED: ("skipped", "bright_black"),
    DriftState.UNREACHABLE: ("unreachable", "red"),
}
OUTCOME_STYLES = {
    "changed": "green",
    "unchanged": "green",
    "skipped": "bright_black",
    "stale": "yellow",
    "failed": "red",
    "unreached": "red",
    "rolledBack": "yellow",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How it is to be drawn."""

    width: int = 120
    colour: bool = False


def drawn(content: RenderableType, look: Look) -> str:
    """As text, without trailing blanks; with colour codes only if the look asks for them."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(look.width, NARROWEST),
        force_terminal=look.colour,
        no_color=not look.colour,
        color_system="standard" if look.colour else None,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(content)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def plan_table(plan: Plan, look: Look) -> str:
    return drawn(Group(*_plan_parts(plan)), look)


def _plan_parts(plan: Plan) -> Iterator[RenderableType]:
    for action in ACTION_WORDS:
        for alike in grouped(one for one in plan.clusters if one.action is action):
            yield from _group(alike)
            yield ""
    parts = [
        f"{plan.count(action):,} {word}"
        for action, (_, word, _) in ACTION_WORDS.items()
        if plan.count(action)
    ]
    yield Text(f"Plan: {joined([counted(len(plan.clusters), 'target'), *parts])}", style="bold")


def _group(alike: Alike) -> Iterator[RenderableType]:
    mark, word, style = ACTION_WORDS[alike.example.action]
    head = Text(f"{mark} ", style=style)
    head.append(counted(len(alike.clusters), "cluster"), style="bold")
    reason = on_one_line(alike.example.reason)
    shown = "" if alike.example.action is Action.UPDATE else reason
    head.append(f" {joined([word, shown, _versions(alike)])}")
    yield head
    yield from _indented(_change_table(alike.example.changes))
    yield from _indented(_diagnostics(alike.example.diagnostics))
    trouble = alike.example.trouble
    if trouble is not None:
        yield Padding(Text(f"hint: {trouble.hint}", style="italic"), (0, 0, 0, 4))
    for line in names_by_scope(alike.clusters, MOST_NAMES):
        yield Padding(Text(line, style="bright_black"), (0, 0, 0, 4))


def _versions(alike: Alike) -> str:
    found = alike.versions
    if len(found) <= 1:
        return on_one_line("".join(found))
    return f"{counted(len(found), 'add-on version')}, {on_one_line(found[0])} to {on_one_line(found[-1])}"


def _indented(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    return (Padding(part, (0, 0, 0, 4)) for part in parts)


def _change_table(changes: Sequence[Change]) -> Iterator[RenderableType]:
    short = [change for change in changes if not _is_text(change)]
    if short:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(overflow="fold")
        table.add_column(overflow="fold")
        for change in short:
            table.add_row(Text(on_one_line(change.path)), _move(change))
        yield table
    for change in changes:
        if _is_text(change):
            yield Text(on_one_line(change.path))
            yield from (
                Padding(_diff_line(line), (0, 0, 0, 2)) for line in text_diff(change.before, change.after)
            )


def _is_text(change: Change) -> bool:
    """Whether both sides are best read as a diff of lines."""
    return any(isinstance(side, str) and "\n" in side for side in (change.before, change.after))


def _move(change: Change) -> Text:
    text = Text(value_text(change.before), style="red" if change.before is not None else "bright_black")
    text.append(" → ", style="default")
    text.append(value_text(change.after), style="green" if change.after is not None else "bright_black")
    if change.note:
        text.append(f"  ({on_one_line(change.note)})", style="yellow")
    return text


def _diff_line(line: DiffLine) -> Text:
    styles = {"+": "green", "-": "red", "@": "cyan"}
    return Text(f"{line.sign}{printable(line.text)}", style=styles.get(line.sign, "default"))


def _diagnostics(diagnostics: Sequence[Diagnostic]) -> Iterator[RenderableType]:
    for one in diagnostics:
        mark, style = MARKS[one.severity]
        text = Text(f"{mark} {one.severity.value}: ", style=style)
        text.append(on_one_line(one.summary), style="default")
        text.append(f" [{one.rule}]", style="bright_black")
        yield text
        if one.detail:
            yield Padding(Text(on_one_line(one.detail), style="italic"), (0, 0, 0, 2))


def run_table(result: RunResult, look: Look) -> str:
    return drawn(Group(*_run_parts(result)), look)


def _run_parts(result: RunResult) -> Iterator[RenderableType]:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("outcome", "cluster", "seconds", "what"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "outcome")
    for one in sorted(result.results, key=lambda one: OUTCOME_WORDS.index(outcome_word(one.outcome))):
        word = outcome_word(one.outcome)
        seconds = f"{one.seconds:.0f}" if one.seconds else ""
        where = on_one_line(str(one.plan.target.ref))
        table.add_row(Text(word, style=OUTCOME_STYLES[word]), where, seconds, _what(one))
    if result.results:
        yield table
        yield ""
    words = [outcome_word(one.outcome) for one in result.results]
    counts = [f"{words.count(word):,} {word}" for word in OUTCOME_WORDS if word in words]
    state = result.state.value.replace("_", " ")
    yield Text(
        f"Run {result.run_id} {state}: {joined([counted(len(words), 'target'), *counts])}", style="bold"
    )


def _what(one: TargetResult) -> Text:
    trouble = trouble_of(one.outcome)
    if trouble is not None:
        text = Text(f"{trouble.cause.value}: {on_one_line(trouble.message)}")
        text.append(f"\nhint: {trouble.hint}", style="italic")
        return text
    if outcome_word(one.outcome) == "changed":
        moved = [change for change in one.plan.changes if not change.note]
        return Text(", ".join(on_one_line(change.path) for change in moved))
    return Text(on_one_line(reason_of(one.outcome)))


def drift_table(plan: Plan, look: Look) -> str:
    return drawn(Group(*_drift_parts(plan)), look)


def _drift_parts(plan: Plan) -> Iterator[RenderableType]:
    states = [drift_state(cluster) for cluster in plan.clusters]
    for state in (DriftState.DRIFTED, DriftState.UNREACHABLE, DriftState.SKIPPED):
        wanted = [one for one, found in zip(plan.clusters, states, strict=True) if found is state]
        for alike in grouped(wanted):
            yield from _group(alike)
            yield ""
    counts = [
        f"{states.count(state):,} {word}" for state, (word, _) in DRIFT_WORDS.items() if state in states
    ]
    yield Text(f"Drift: {joined([counted(len(states), 'target'), *counts])}", style="bold")


def heading(command: str, look: Look) -> str:
    """A command as it would be typed, over what it prints."""
    line = Text("$ ", style="bright_black")
    line.append(command, style="bold cyan")
    return drawn(line, look)
