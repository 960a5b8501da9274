"""Components of the terminal tables."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.domain.audit.verdict import Reason
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.plan import Change
from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.report.diff import DiffLine, text_diff
from eksaddon.report.escape import terminal, terminal_block
from eksaddon.report.model.groups import Finding, Group
from eksaddon.report.model.live_rows import COLUMNS, PREVIEW, LiveRow, live_rows
from eksaddon.report.model.options import ASCII, NARROWEST, UNICODE, Glyphs, RenderOptions
from eksaddon.report.model.states import Kind, Tone
from eksaddon.report.model.text import (
    by_scope,
    cut_scopes,
    fitting,
    is_text,
    is_weaker,
    listed,
    short_names,
    target_text,
    update_text,
    value_text,
)

MOST_DIFF_LINES = 60
INDENT = (0, 0, 0, 4)
WIDE = 100
"""Minimum width for optional columns."""

_TRAILING = regex("(?: |\x1b\\[[0-9;]*m)+$")

TONES = {
    Tone.GOOD: "green",
    Tone.CHANGE: "yellow",
    Tone.BAD: "red",
    Tone.UNKNOWN: "magenta",
    Tone.MUTED: "bright_black",
}
SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
WEAKER = "bold bright_magenta"
SIGNS = {"+": "green", "-": "red", "@": "cyan"}


def drawn(content: RenderableType, render_options: RenderOptions) -> str:
    """Render as text without trailing spaces; with colour codes only if the options enable them."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(render_options.width, NARROWEST),
        force_terminal=render_options.colour,
        no_color=not render_options.colour,
        color_system="standard" if render_options.colour else None,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(content)
    return "".join(f"{_TRAILING.sub(_codes, line)}\n" for line in out.getvalue().splitlines())


def _codes(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")


def glyphs_of(render_options: RenderOptions) -> Glyphs:
    return UNICODE if render_options.unicode else ASCII


@dataclass(frozen=True, slots=True)
class Parts:
    """Renders the parts of a group."""

    render_options: RenderOptions
    glyphs: Glyphs

    def changes(self, group: Group) -> Iterator[RenderableType]:
        """Changes in one line each, then texts as diffs; in a brief group, texts are one line too."""
        is_drift = group.kind is Kind.DRIFT
        live_paths = {row.field.path for row in live_rows(group) if row.is_change and is_drift}
        changes = [change for change in group.changes if change.path not in live_paths]
        short = [change for change in changes if group.is_brief or not is_text(change)]
        if short:
            yield Padding(self._short(short, group), INDENT)
        for change in changes:
            if change not in short:
                yield from self._text(change, group)

    def _short(self, changes: Sequence[Change], group: Group) -> Table:
        table = Table(
            box=None,
            show_header=group.kind is Kind.DRIFT,
            padding=(0, 2, 0, 0),
            header_style="bright_black",
        )
        table.add_column("setting", overflow="fold")
        table.add_column(f"is {self.glyphs.arrow} should", overflow="fold")
        for change in changes:
            cell = Text(_size(change)) if is_text(change) else self.move(change)
            table.add_row(Text(terminal(change.path)), cell.append(self._weaker(change, group)))
        return table

    def _weaker(self, change: Change, group: Group) -> Text:
        """The mark of a change that leaves cluster DNS with less protection; empty for any other."""
        mark = f"  {self.glyphs.weaker} weakens DNS" if is_weaker(change, group.example) else ""
        return Text(mark, style=WEAKER)

    def move(self, change: Change) -> Text:
        absent = "bright_black"
        text = Text(value_text(change.before, self.glyphs), style=absent if change.before is None else "red")
        text.append(f" {self.glyphs.arrow} ", style="default")
        text.append(value_text(change.after, self.glyphs), style=absent if change.after is None else "green")
        if change.note:
            text.append(f"  ({terminal(change.note)})", style="yellow")
        return text

    def _text(self, change: Change, group: Group) -> Iterator[RenderableType]:
        head = Text(terminal(change.path))
        if change.note:
            head.append(f"  ({terminal(change.note)})", style="yellow")
        yield Padding(head.append(self._weaker(change, group)), INDENT)
        lines = text_diff(change.before, change.after)
        for line in lines[:MOST_DIFF_LINES]:
            yield Padding(_diff_line(line), (0, 0, 0, 6))
        if len(lines) > MOST_DIFF_LINES:
            omitted = f"{self.glyphs.cut} {len(lines) - MOST_DIFF_LINES:,} more lines of this diff"
            yield Padding(Text(omitted, style="bright_black"), (0, 0, 0, 6))

    def live(self, group: Group) -> Iterator[RenderableType]:
        """Live values next to those stored by EKS, then the effect of an update."""
        rows = live_rows(group)
        if not rows:
            return
        yield Padding(self._live_table(rows, group), INDENT)
        at_stake = [row for row in rows if row.is_at_stake]
        if at_stake:
            yield Padding(self._preview(at_stake), INDENT)

    def _live_table(self, rows: Sequence[LiveRow], group: Group) -> Table:
        """Table of live values; field managers are shown here if there is room, else in the preview."""
        is_partial = any(len(row.entries) < len(group.entries) for row in rows)
        headings = (*COLUMNS, *(("clusters",) if is_partial else ()))
        table = self._columns(headings if self._is_wide else (*COLUMNS[:-1], *headings[len(COLUMNS) :]))
        for row in rows:
            path, *values = row.cells if self._is_wide else row.cells[:-1]
            size = (Text(f"{len(row.entries):,}"),) if is_partial else ()
            tone = "yellow" if row.field.deviates else ""
            table.add_row(Text(path, style=tone), *(Text(value) for value in values), *size)
        return table

    def _preview(self, rows: Sequence[LiveRow]) -> Table:
        table = self._columns(PREVIEW if self._is_wide else (*PREVIEW, COLUMNS[-1]))
        for row in rows:
            fates = (Text(fate, style=_fate_tone(fate)) for fate in row.fates)
            owner = () if self._is_wide else (Text(terminal(row.manager)),)
            table.add_row(Text(row.cells[0]), *fates, *owner)
        return table

    @property
    def _is_wide(self) -> bool:
        return self.render_options.width >= WIDE

    def _columns(self, headings: Sequence[str]) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bright_black")
        for heading in headings:
            table.add_column(heading, overflow="fold")
        return table

    def finding(self, finding: Finding, group: Group) -> Iterator[RenderableType]:
        one = finding.diagnostic
        text = Text(f"{self._mark(one.severity)} {one.label}: ", style=SEVERITIES[one.severity])
        text.append(terminal(one.summary), style="default")
        where = f" at {terminal(str(one.location))}" if one.location else ""
        text.append(f" [{terminal(one.rule)}]{where}", style="bright_black")
        if isinstance(one, Reason) and one.sources:
            text.append(f" {terminal(one.sources[0].name)}", style="bright_black")
        yield Padding(text, INDENT)
        if one.detail:
            yield Padding(Text(terminal(one.detail), style="italic"), (0, 0, 0, 6))
        if len(finding.entries) < len(group.entries):
            names = listed(short_names(finding.entries, group.entries), self.render_options.most_names)
            only = f"{len(finding.entries):,} of {len(group.entries):,}: {names}"
            yield Padding(Text(only, style="bright_black"), (0, 0, 0, 6))

    def _mark(self, severity: Severity) -> str:
        marks = {Severity.ERROR: self.glyphs.error, Severity.WARNING: self.glyphs.warning}
        return marks.get(severity, self.glyphs.note)

    def audited(self, group: Group) -> Iterator[RenderableType]:
        """What an audit says to do first, and what it could not read."""
        if group.kind is not Kind.AUDIT:
            return
        label, step = group.first_step
        if step:
            yield Padding(Text(f"{label}: {terminal(step)}", style="bold"), INDENT)
        for sentence in group.example.unread:
            yield Padding(Text(f"not read: {terminal(sentence)}", style="magenta"), INDENT)

    def updates(self, group: Group) -> Iterator[RenderableType]:
        """The newest update of each cluster, where it was read."""
        with_update = [entry for entry in group.entries if entry.last_update is not None]
        if not with_update:
            return
        table = self._columns(("cluster", "last update of the add-on; EKS does not record the author"))
        for entry in with_update[: self.render_options.most_names]:
            assert entry.last_update is not None  # noqa: S101  # as chosen above
            table.add_row(Text(target_text(entry)), Text(terminal(update_text(entry.last_update))))
        if len(with_update) > self.render_options.most_names:
            table.add_row(
                Text(self.glyphs.cut), Text(f"and {len(with_update) - self.render_options.most_names:,} more")
            )
        yield Padding(table, INDENT)

    def names(self, group: Group) -> RenderableType:
        most, scopes = self.render_options.most_names, by_scope(group.entries)
        widest = min(max(len(scope) for scope, _ in scopes[:most]), self.render_options.width // 2)
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(overflow="fold", max_width=widest)
        table.add_column(overflow="fold")
        for scope, names in scopes[:most]:
            table.add_row(Text(scope), Text(fitting(names, most, self.render_options.width - widest - 8)))
        if omitted := cut_scopes(scopes, most):
            table.add_row(Text(self.glyphs.cut), Text(omitted))
        return Padding(table, INDENT)


def _fate_tone(fate: str) -> str:
    return "red" if fate.startswith(("lost", "fails")) else "green"


def _size(change: Change) -> str:
    signs = Counter(line.sign for line in text_diff(change.before, change.after))
    return f"+{signs['+']:,} -{signs['-']:,} lines"


def _diff_line(line: DiffLine) -> Text:
    return Text(f"{line.sign} {terminal_block(line.text)}", style=SIGNS.get(line.sign, "default"))
