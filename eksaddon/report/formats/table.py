"""Renders every kind of report in the terminal: grouped, wrapped, readable without colour."""

from collections.abc import Iterator

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.formats.inventory import inventory
from eksaddon.report.formats.table_parts import INDENT, TONES, WEAKER, Parts, drawn, glyphs_of
from eksaddon.report.model.groups import Group, summarized, unhealthy_groups
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.options import Glyphs, RenderOptions
from eksaddon.report.model.probes import PROBE_COLUMNS, probe_rows
from eksaddon.report.model.states import IN_SYNC, STATES, Kind
from eksaddon.report.model.text import (
    counted,
    joined,
    wave_terms,
    weakening_text,
)

__all__ = ["RenderOptions", "drawn", "heading", "table"]

TITLES = {Kind.PLAN: "Plan", Kind.DRIFT: "Drift", Kind.STATUS: "Status", Kind.AUDIT: "Audit"}


def table(report_model: ReportModel, render_options: RenderOptions) -> str:
    return drawn(Stack(*_Table(report_model, render_options).lines()), render_options)


def heading(command: str, render_options: RenderOptions) -> str:
    """A command line as heading of its output."""
    line = Text("$ ", style="bright_black")
    line.append(command, style="bold cyan")
    return drawn(line, render_options)


@dataclass(frozen=True, slots=True)
class _Table:
    report_model: ReportModel
    render_options: RenderOptions

    @property
    def glyphs(self) -> Glyphs:
        return glyphs_of(self.render_options)

    @property
    def parts(self) -> Parts:
        return Parts(self.render_options, self.glyphs)

    def lines(self) -> Iterator[RenderableType]:
        if self.report_model.kind is Kind.STATUS and self.report_model.entries:
            yield from inventory(self.report_model, self.render_options)
            yield ""
        for group in self._groups():
            yield from self._group(group)
            yield ""
        yield from self._waves()
        yield self._totals()

    def _groups(self) -> Iterator[Group]:
        """Groups to show: of status only unhealthy ones, of drift none in sync without findings."""
        if self.report_model.kind is Kind.STATUS:
            yield from unhealthy_groups(self.report_model)
            return
        for group in summarized(self.report_model):
            if self.report_model.kind is not Kind.DRIFT or group.state != IN_SYNC or group.findings():
                yield group

    def _group(self, group: Group) -> Iterator[RenderableType]:
        yield self._head(group)
        yield from self.parts.changes(group)
        yield from self.parts.live(group)
        for finding in group.findings():
            yield from self.parts.finding(finding, group)
        yield from self._why(group)
        yield from self.parts.audited(group)
        yield from self.parts.updates(group)
        if group.state != IN_SYNC or len(group.entries) <= self.render_options.most_names:
            yield self.parts.names(group)

    def _head(self, group: Group) -> Text:
        mark = group.state.mark if self.render_options.unicode else _plain(group.state.mark)
        tone = TONES[group.state.tone]
        head = Text()
        head.append(f"{mark} {group.size}", style=f"bold {tone}")
        head.append(f" {group.state.label}", style=tone)
        dot = f" {self.glyphs.dot} "
        if group.reason:
            head.append(f"{dot}{terminal(group.reason)}")
        for part in (terminal(group.versions), _seconds(group.entries)):
            if part:
                head.append(f"{dot}{part}", style="bright_black")
        return head

    def _why(self, group: Group) -> Iterator[RenderableType]:
        example = group.example
        if not example.cause:
            return
        message = example.reason.removeprefix(example.cause).removeprefix(":").strip()
        if message:
            yield Padding(Text(f"{group.for_example}{terminal(message)}"), INDENT)
        if group.hint:
            yield Padding(Text(f"hint: {terminal(group.hint)}", style="italic"), INDENT)

    def _waves(self) -> Iterator[RenderableType]:
        if not self.report_model.waves:
            return
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("wave", overflow="fold")
        if self.report_model.kind is Kind.RUN:
            table.add_column("state", overflow="fold")
        table.add_column("to change", justify="right")
        table.add_column("how", overflow="fold")
        for wave in self.report_model.waves:
            state = [Text(wave.state.replace("_", " "))] if self.report_model.kind is Kind.RUN else []
            size = Text(f"{wave.targets:,}")
            table.add_row(Text(terminal(wave.name)), *state, size, Text(terminal(wave_terms(wave))))
        yield table
        if self.report_model.reason:
            yield Text(terminal(self.report_model.reason), style="italic")
        yield ""
        yield from self._probes()

    def _probes(self) -> Iterator[RenderableType]:
        """Clusters whose lookups were lost, or could not be measured; the waves have the sums."""
        rows = [row for row in probe_rows(self.report_model) if row.is_bad]
        if not rows:
            return
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for column in PROBE_COLUMNS:
            table.add_column(column, overflow="fold")
        for row in rows[: self.render_options.most_names]:
            table.add_row(*(Text(terminal(cell)) for cell in row.cells))
        yield table
        if (left := len(rows) - self.render_options.most_names) > 0:
            yield Text(f"and {left:,} more clusters that lost lookups or could not be measured")
        yield ""

    def _totals(self) -> Text:
        counts = self.report_model.counts
        parts = [
            f"{counts[one.word]:,} {one.label}" for one in STATES[self.report_model.kind] if counts[one.word]
        ]
        targets = counted(len(self.report_model.entries), "target")
        totals = Text(f"{self._title()}: {joined([targets, *parts], self.glyphs)}", style="bold")
        if weakening := weakening_text(self.report_model.weakening):
            totals.append(f" {self.glyphs.dot} {self.glyphs.weaker} {weakening}", style=WEAKER)
        return totals

    def _title(self) -> str:
        if self.report_model.kind is not Kind.RUN:
            return TITLES[self.report_model.kind]
        return f"Run {terminal(self.report_model.run_id)} {self.report_model.run_state_label}"


def _plain(mark: str) -> str:
    return {"✗": "x", "✓": "+"}.get(mark, mark)


def _seconds(entries: tuple[Entry, ...]) -> str:
    durations = sorted(entry.seconds for entry in entries if entry.seconds)
    if not durations:
        return ""
    return (
        f"{durations[0]:,} s" if durations[0] == durations[-1] else f"{durations[0]:,} to {durations[-1]:,} s"
    )
