"""Renders the clusters of `status`: a table, or one block for each cluster if the terminal is too narrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from eksaddon.report.escape import terminal
from eksaddon.report.formats.table_parts import TONES
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.options import NARROWEST, RenderOptions
from eksaddon.report.model.text import name_text, scope_text, seconds_text, target_text

HEADS = ("cluster", "version", "status", "replicas", "lameduck")
_INDENT = 4
_RIGHT = frozenset({"replicas", "lameduck"})
_GAP = 2
_LEAST = 16
"""Fewest columns for names of clusters; below that, a table is hard to read."""


@dataclass(frozen=True, slots=True)
class _Row:
    entry: Entry
    cells: tuple[Text, ...]
    """Version, status, replicas and lameduck."""


def inventory(report_model: ReportModel, render_options: RenderOptions) -> Iterator[RenderableType]:
    """The clusters, with account and region in each row, or in headings if there is no room for them."""
    rows = [_Row(entry, _cells(report_model, entry)) for entry in report_model.entries]
    widths = [_width(rows, index) for index in range(len(HEADS) - 1)]
    screen = max(render_options.width, NARROWEST)
    room = screen - sum(widths) - _GAP * len(widths)
    longest = max(len(target_text(row.entry)) for row in rows)
    if longest <= room:
        yield _table([(target_text(row.entry), row) for row in rows], longest, widths)
    elif room >= _LEAST:
        yield from _in_tables(rows, room, widths)
    else:
        yield from _in_blocks(rows, screen)


def _cells(report_model: ReportModel, entry: Entry) -> tuple[Text, ...]:
    held = entry.held
    status = terminal(held.status) or report_model.state(entry).label
    return (
        Text(terminal(entry.version)),
        Text(status, style=TONES[report_model.tone(entry)]),
        Text("" if held.replicas is None else terminal(str(held.replicas))),
        Text("" if held.lameduck_seconds is None else seconds_text(held.lameduck_seconds)),
    )


def _width(rows: Sequence[_Row], index: int) -> int:
    return max(len(HEADS[index + 1]), *(row.cells[index].cell_len for row in rows))


def _by_scope(rows: Sequence[_Row]) -> Iterator[tuple[str, list[_Row]]]:
    for scope, members in groupby(rows, key=lambda row: scope_text(row.entry)):
        yield scope, list(members)


def _in_tables(rows: Sequence[_Row], room: int, widths: Sequence[int]) -> Iterator[RenderableType]:
    longest = max(len(name_text(row.entry)) for row in rows) + _GAP
    width = min(room, max(longest, _LEAST))
    yield _table((), width, widths)
    for scope, members in _by_scope(rows):
        yield Text(scope, style="bold")
        yield _table([(f"  {name_text(row.entry)}", row) for row in members], width, widths, has_head=False)


def _table(
    rows: Sequence[tuple[str, _Row]], width: int, widths: Sequence[int], *, has_head: bool = True
) -> Table:
    table = Table(
        box=None, padding=(0, _GAP, 0, 0), header_style="bold", show_header=has_head, pad_edge=False
    )
    for head, size in zip(HEADS, (width, *widths), strict=True):
        table.add_column(head, overflow="fold", width=size, justify="right" if head in _RIGHT else "left")
    for name, row in rows:
        table.add_row(Text(name), *row.cells)
    return table


def _in_blocks(rows: Sequence[_Row], screen: int) -> Iterator[RenderableType]:
    """Name, then the values that there are on one line, or on a line each if they do not fit."""
    for scope, members in _by_scope(rows):
        yield Text(scope, style="bold")
        for row in members:
            yield Padding(Text(name_text(row.entry)), (0, 0, 0, 2))
            *words, replicas, lameduck = row.cells
            values = [word for word in words if word.cell_len]
            values += [Text(f"replicas {replicas}")] if replicas.cell_len else []
            values += [Text(f"lameduck {lameduck}")] if lameduck.cell_len else []
            line = Text("  ").join(values)
            fits = line.cell_len + _INDENT <= screen
            yield from (Padding(value, (0, 0, 0, _INDENT)) for value in ([line] if fits else values))
