"""Renders the clusters of `status`: a table, or one block for each cluster if the terminal is too narrow."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.domain.termination import Verdict
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.formats.table_parts import TONES
from eksaddon.report.model.model import Entry, ReportModel, in_force
from eksaddon.report.model.options import NARROWEST, RenderOptions
from eksaddon.report.model.protection import Protection, protection_cells
from eksaddon.report.model.states import Tone
from eksaddon.report.model.text import name_text, scope_text, seconds_text, target_text

STORED = ("cluster", "version", "status", "replicas", "lameduck")
LIVE = ("preStop", "grace", "budget", "spread", "verdict")
"""Further columns if live objects were read."""

_INDENT = 4
_RIGHT = frozenset({"replicas", "lameduck", "preStop", "grace"})
_WORDS = frozenset({"version", "status"})
"""Clear without their head in a block."""

_GAP = 2
_LEAST = 16
"""Fewest columns for names of clusters; below that, a table is hard to read."""

_VERDICTS = {
    Verdict.FITS: Tone.GOOD,
    Verdict.TIGHT: Tone.CHANGE,
    Verdict.CUT: Tone.CHANGE,
    Verdict.TOO_SHORT: Tone.BAD,
    Verdict.UNPROTECTED: Tone.BAD,
}


@dataclass(frozen=True, slots=True)
class _Row:
    entry: Entry
    cells: tuple[Text, ...]
    """All but the name, in the order of the heads."""


def inventory(report_model: ReportModel, render_options: RenderOptions) -> Iterator[RenderableType]:
    """The clusters, with account and region in each row, or in headings if there is no room for them."""
    heads = (*STORED, *LIVE) if report_model.has_protection else STORED
    rows = [_Row(entry, _cells(report_model, entry)) for entry in report_model.entries]
    widths = [max(len(head), *(row.cells[at].cell_len for row in rows)) for at, head in enumerate(heads[1:])]
    screen = max(render_options.width, NARROWEST)
    room = screen - sum(widths) - _GAP * len(widths)
    longest = max(len(target_text(row.entry)) for row in rows)
    if longest <= room:
        yield _table([(target_text(row.entry), row) for row in rows], heads, (longest, *widths))
    elif room >= _LEAST:
        yield from _in_tables(rows, room, heads, widths)
    else:
        yield from _in_blocks(rows, heads, screen)


def _cells(report_model: ReportModel, entry: Entry) -> tuple[Text, ...]:
    held = entry.held
    replicas, lameduck = in_force(held)
    status = terminal(held.status) or report_model.state(entry).label
    stored = (
        Text(terminal(entry.version)),
        Text(status, style=TONES[report_model.tone(entry)]),
        Text("" if replicas is None else terminal(str(replicas))),
        Text("" if lameduck is None else seconds_text(lameduck)),
    )
    return (*stored, *_live(held.protection)) if report_model.has_protection else stored


def _live(found: Protection | None) -> tuple[Text, ...]:
    *values, verdict = (terminal(text) for text in protection_cells(found))
    tone = _VERDICTS[found.verdict] if found and found.verdict else Tone.UNKNOWN
    return (*map(Text, values), Text(verdict, style=TONES[tone]))


def _by_scope(rows: Sequence[_Row]) -> Iterator[tuple[str, list[_Row]]]:
    for scope, members in groupby(rows, key=lambda row: scope_text(row.entry)):
        yield scope, list(members)


def _in_tables(
    rows: Sequence[_Row], room: int, heads: Sequence[str], widths: Sequence[int]
) -> Iterator[RenderableType]:
    longest = max(len(name_text(row.entry)) for row in rows) + _GAP
    sizes = (min(room, max(longest, _LEAST)), *widths)
    yield _table((), heads, sizes)
    for scope, members in _by_scope(rows):
        yield Text(scope, style="bold")
        yield _table([(f"  {name_text(row.entry)}", row) for row in members], heads, sizes, has_head=False)


def _table(
    rows: Sequence[tuple[str, _Row]], heads: Sequence[str], widths: Sequence[int], *, has_head: bool = True
) -> Table:
    table = Table(
        box=None, padding=(0, _GAP, 0, 0), header_style="bold", show_header=has_head, pad_edge=False
    )
    for head, size in zip(heads, widths, strict=True):
        table.add_column(head, overflow="fold", width=size, justify="right" if head in _RIGHT else "left")
    for name, row in rows:
        table.add_row(Text(name), *row.cells)
    return table


def _in_blocks(rows: Sequence[_Row], heads: Sequence[str], screen: int) -> Iterator[RenderableType]:
    """Name, then the values that there are, as many on a line as fit."""
    for scope, members in _by_scope(rows):
        yield Text(scope, style="bold")
        for row in members:
            yield Padding(Text(name_text(row.entry)), (0, 0, 0, 2))
            named = tuple(zip(heads[1:], row.cells, strict=True))
            groups = [_values(named[: len(STORED) - 1]), _values(named[len(STORED) - 1 :])]
            for line in _lines(groups, screen - _INDENT):
                yield Padding(line, (0, 0, 0, _INDENT))


def _values(named: Sequence[tuple[str, Text]]) -> list[Text]:
    return [
        cell if head in _WORDS else Text(f"{head} ").append_text(cell)
        for head, cell in named
        if cell.cell_len
    ]


def _lines(groups: Sequence[list[Text]], width: int) -> Iterator[Text]:
    """All values on one line, else each group on one, else each value on one."""
    whole = Text("  ").join(value for group in groups for value in group)
    if whole.cell_len <= width:
        yield whole
        return
    for group in groups:
        line = Text("  ").join(group)
        yield from (line,) if group and line.cell_len <= width else group
