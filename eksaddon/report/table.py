"""Plans, runs, drift and status for a terminal: grouped, within its width, readable without colour."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.report.escape import terminal
from eksaddon.report.groups import Group, grouped
from eksaddon.report.look import Glyphs, Look
from eksaddon.report.parts import INDENT, TONES, Parts, drawn, glyphs_of
from eksaddon.report.sheet import STATES, Entry, Kind, Sheet
from eksaddon.report.words import counted, joined, target_text

__all__ = ["Look", "drawn", "heading", "table"]

TITLES = {Kind.PLAN: "Plan", Kind.DRIFT: "Drift", Kind.STATUS: "Status"}


def table(sheet: Sheet, look: Look) -> str:
    return drawn(Stack(*_Table(sheet, look).lines()), look)


def heading(command: str, look: Look) -> str:
    """A command as it would be typed, over what it prints."""
    line = Text("$ ", style="bright_black")
    line.append(command, style="bold cyan")
    return drawn(line, look)


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    look: Look

    @property
    def glyphs(self) -> Glyphs:
        return glyphs_of(self.look)

    @property
    def parts(self) -> Parts:
        return Parts(self.look, self.glyphs)

    def lines(self) -> Iterator[RenderableType]:
        if self.sheet.kind is Kind.STATUS and self.sheet.entries:
            yield self._inventory()
            yield ""
        for group in grouped(self.sheet):
            if self._is_worth_a_group(group):
                yield from self._group(group)
                yield ""
        yield from self._waves()
        yield self._totals()

    def _is_worth_a_group(self, group: Group) -> bool:
        """What is well needs no list of names where it is many, and status has listed all already."""
        if self.sheet.kind is Kind.STATUS:
            return bool(group.example.cause or group.findings())
        return group.state.word != "inSync" or bool(group.findings())

    def _group(self, group: Group) -> Iterator[RenderableType]:
        yield self._head(group)
        yield from self.parts.changes(group.example.changes)
        for finding in group.findings():
            yield from self.parts.finding(finding, group)
        yield from self._why(group)
        yield self.parts.names(group)

    def _head(self, group: Group) -> Text:
        mark = group.state.mark if self.look.unicode else _plain(group.state.mark)
        head = Text(f"{mark} ", style=TONES[group.state.tone])
        head.append(_number(group.entries), style="bold")
        reason = terminal(group.example.cause or group.example.reason)
        shown = "" if reason == group.state.label else reason
        parts = [group.state.label, shown, self._versions(group), _seconds(group.entries)]
        head.append(f" {joined(parts, self.glyphs)}")
        return head

    def _versions(self, group: Group) -> str:
        found = group.versions
        if len(found) <= 1:
            return terminal("".join(found))
        return f"{len(found):,} add-on versions, {terminal(found[0])} to {terminal(found[-1])}"

    def _why(self, group: Group) -> Iterator[RenderableType]:
        example = group.example
        if not example.cause:
            return
        message = example.reason.removeprefix(example.cause).removeprefix(":").strip()
        if message:
            said = "" if group.is_alike else "for example: "
            yield Padding(Text(f"{said}{terminal(message)}"), INDENT)
        if example.hint:
            yield Padding(Text(f"hint: {terminal(example.hint)}", style="italic"), INDENT)

    def _waves(self) -> Iterator[RenderableType]:
        waves = Counter(entry.wave for entry in self.sheet.entries if entry.wave)
        if waves:
            sizes = (f"{terminal(name)} {size:,}" for name, size in waves.items())
            yield Text(f"Waves: {joined(sizes, self.glyphs)}")

    def _totals(self) -> Text:
        counts = self.sheet.counts
        parts = [f"{counts[one.word]:,} {one.label}" for one in STATES[self.sheet.kind] if counts[one.word]]
        targets = counted(len(self.sheet.entries), "target")
        return Text(f"{self._title()}: {joined([targets, *parts], self.glyphs)}", style="bold")

    def _title(self) -> str:
        if self.sheet.kind is not Kind.RUN:
            return TITLES[self.sheet.kind]
        return f"Run {terminal(self.sheet.run_id)} {self.sheet.run_state.replace('_', ' ')}"

    def _inventory(self) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("cluster", overflow="fold", min_width=20)
        table.add_column("version", overflow="fold")
        table.add_column("status", overflow="fold")
        table.add_column("replicas", overflow="fold", justify="right")
        table.add_column("lameduck", overflow="fold", justify="right")
        for entry in self.sheet.entries:
            table.add_row(*self._inventory_row(entry))
        return table

    def _inventory_row(self, entry: Entry) -> tuple[Text, ...]:
        held = entry.held
        status = terminal(held.status) or self.sheet.state(entry).label
        return (
            Text(target_text(entry)),
            Text(terminal(entry.version)),
            Text(status, style=TONES[self.sheet.tone(entry)]),
            Text("" if held.replicas is None else terminal(str(held.replicas))),
            Text("" if held.lameduck_seconds is None else f"{held.lameduck_seconds:g}s"),
        )


def _plain(mark: str) -> str:
    return {"✗": "x", "✓": "+"}.get(mark, mark)


def _number(entries: tuple[Entry, ...]) -> str:
    """Clusters, unless one of them stands for a whole region or account."""
    return counted(len(entries), "target" if any(one.ref.name == "*" for one in entries) else "cluster")


def _seconds(entries: tuple[Entry, ...]) -> str:
    took = sorted(entry.seconds for entry in entries if entry.seconds)
    if not took:
        return ""
    return f"{took[0]:,} s" if took[0] == took[-1] else f"{took[0]:,} to {took[-1]:,} s"
