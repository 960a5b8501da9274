"""Renders a shutdown timeline in the terminal."""

import textwrap
from collections.abc import Iterator
from typing import assert_never

from rich.text import Text

from eksaddon.domain.termination import SECOND, Measured, Timeline, Verdict, in_seconds
from eksaddon.frozen import dataclass
from eksaddon.report.timeline.bars import Bar, BarKind, bars, horizon_ns, ticks
from eksaddon.report.timeline.text import headline, measurement, suggestions, timed_texts, title, verdict

LEAST_WIDTH = 40
MOST_WIDTH = 200
LEAST_PLOT = 20
UNIT = " s"
TICK_GAP = 3
"""Minimum spaces between the numbers of the scale."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters of the bars; a cut part differs by its character, not only by colour."""

    runs: str
    cut: str
    allowed: str
    seen: str
    end: str


UNICODE = Glyphs(runs="█", cut="░", allowed="─", seen="▒", end="┤")
ASCII = Glyphs(runs="#", cut="x", allowed="-", seen="=", end="|")

STYLES = {
    BarKind.PRE_STOP: "blue",
    BarKind.LAMEDUCK: "green",
    BarKind.PROPAGATION: "yellow",
    BarKind.GRACE: "bright_black",
    BarKind.MEASURED: "magenta",
}
CUT_STYLE = "red"
VERDICT_STYLES = {
    Verdict.FITS: "bold green",
    Verdict.TIGHT: "bold yellow",
    Verdict.CUT: "bold red",
    Verdict.TOO_SHORT: "bold red",
    Verdict.UNPROTECTED: "bold red",
}


def draw(line: Timeline, width: int, *, unicode: bool = True, measured: Measured | None = None) -> Text:
    """Render the chart, its events, the verdict and suggestions in wrapped lines.

    Args:
        width: Columns of the terminal; limited to 40 to 200.
        unicode: False if the terminal's encoding lacks block characters.
    """
    rows = bars(line, measured)
    canvas = _Canvas(
        line,
        measured,
        rows=rows,
        horizon=horizon_ns(rows, line),
        width=min(max(width, LEAST_WIDTH), MOST_WIDTH),
        glyphs=UNICODE if unicode else ASCII,
    )
    lines = [
        *canvas.heading(),
        Text(),
        canvas.scale(),
        *canvas.drawn_rows(),
        Text(),
        *canvas.event_lines(),
        Text(),
        *canvas.conclusion(),
    ]
    return Text("\n").join(lines)


@dataclass(frozen=True, slots=True)
class _Canvas:
    line: Timeline
    measured: Measured | None
    rows: tuple[Bar, ...]
    horizon: int
    width: int
    glyphs: Glyphs

    @property
    def _labels(self) -> int:
        return max(len(bar.label) for bar in self.rows) + 2

    @property
    def _notes(self) -> int:
        """Width of the notes; 0 if they leave no room for bars. The event list has the numbers too."""
        notes = max(len(bar.note) for bar in self.rows) + 2
        return notes if self.width - self._labels - notes >= LEAST_PLOT else 0

    @property
    def _plot(self) -> int:
        """Columns between labels and notes."""
        return self.width - self._labels - self._notes

    def _column(self, at_ns: int) -> int:
        """The nearest column, with integer arithmetic: a lameduck can exceed the precision of a float."""
        return (at_ns * self._plot * 2 + self.horizon) // (self.horizon * 2)

    def heading(self) -> Iterator[Text]:
        for one in textwrap.wrap(f"CoreDNS pod shutdown: {title(self.line.settings)}", self.width):
            yield Text(one, style="bold")

    def scale(self) -> Text:
        text = " " * self._labels
        for tick in self._ticks():
            number = in_seconds(tick)
            column = self._labels + self._column(tick)
            if len(text) <= column and column + len(number) + len(UNIT) <= self.width:
                text = f"{text:<{column}}{number}"
        return Text(text + UNIT, style="bright_black")

    def _ticks(self) -> range:
        tick_width = len(in_seconds(self.horizon // SECOND * SECOND)) + TICK_GAP
        return ticks(self.horizon, max(2, self._plot // tick_width))

    def drawn_rows(self) -> Iterator[Text]:
        for bar in self.rows:
            row = Text.assemble(f"{bar.label:<{self._labels}}", self._draw_bar(bar))
            if self._notes:
                row.append(" " * (self._labels + self._plot - row.cell_len))
                row.append(f"  {bar.note}", style=CUT_STYLE if bar.ends_ns > bar.until_ns else "")
            row.rstrip()
            yield row

    def _draw_bar(self, bar: Bar) -> Text:
        begins, runs, cut = self._cells(bar)
        solid = self._glyph(bar.kind) * runs
        if bar.kind is BarKind.GRACE and runs:
            solid = solid[:-1] + self.glyphs.end
        cut_part = self.glyphs.cut * cut
        return Text.assemble(" " * begins, (solid, STYLES[bar.kind]), (cut_part, CUT_STYLE))

    def _cells(self, bar: Bar) -> tuple[int, int, int]:
        """Numbers of blank, solid and cut cells; a non-empty part has at least one."""
        solid = int(bar.until_ns > bar.begins_ns)
        cut_part = int(bar.ends_ns > bar.until_ns)
        begins = min(self._column(bar.begins_ns), self._plot - solid - cut_part)
        until = min(max(self._column(bar.until_ns), begins + solid), self._plot - cut_part)
        ends = max(self._column(bar.ends_ns), until + cut_part)
        return begins, until - begins, ends - until

    def _glyph(self, kind: BarKind) -> str:
        match kind:
            case BarKind.PRE_STOP | BarKind.LAMEDUCK:
                return self.glyphs.runs
            case BarKind.GRACE | BarKind.PROPAGATION:
                return self.glyphs.allowed
            case BarKind.MEASURED:
                return self.glyphs.seen
            case never:
                assert_never(never)

    def event_lines(self) -> Iterator[Text]:
        events = timed_texts(self.line)
        column = max(len(in_seconds(event.at_ns)) for event in events)
        for event in events:
            stamp = f"{in_seconds(event.at_ns):>{column}} s  "
            yield from self._wrapped(Text(stamp, style="bold"), event.text)

    def conclusion(self) -> Iterator[Text]:
        style = VERDICT_STYLES[self.line.verdict]
        yield from self._wrapped(Text(f"{headline(self.line).upper()}  ", style=style), verdict(self.line))
        if self.measured:
            yield from self._wrapped(Text("measured  ", style="bold magenta"), measurement(self.measured))
        for number, suggestion in enumerate(suggestions(self.line)):
            lead = "or: " if number else "fix: "
            yield from self._wrapped(Text(lead, style="bold"), suggestion)

    def _wrapped(self, lead: Text, text: str) -> Iterator[Text]:
        parts = textwrap.wrap(text, self.width - lead.cell_len)
        for number, part in enumerate(parts):
            yield Text.assemble(lead if number == 0 else " " * lead.cell_len, part)
