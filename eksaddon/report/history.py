"""The tables of `history` in a terminal: as wide as it is, with colours and times relative to now."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from eksaddon.report.escape import terminal
from eksaddon.report.formats.table_parts import TONES, drawn
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.states import Tone

_GOOD = frozenset({"succeeded"})
_BAD = frozenset({"failed", "interrupted", "unreadable", "stopped", "incomplete"})
_MUTED = frozenset({"rolled back", "not started"})
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def history_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], render_options: RenderOptions, *, whole: int
) -> str:
    """Rows below their heads, without columns that are empty in every row; a cell named `state` has a colour.

    Args:
        whole: Number of first columns that are never folded.
    """
    filled = [index for index in range(len(heads)) if index < whole or any(row[index] for row in rows)]
    heads = [heads[index] for index in filled]
    rows = [[row[index] for index in filled] for row in rows]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for index, head in enumerate(heads):
        table.add_column(head.upper(), overflow="fold", no_wrap=index < whole)
    for row in rows:
        table.add_row(*(_cell(head, terminal(text)) for head, text in zip(heads, row, strict=True)))
    return drawn(table, render_options)


def _cell(head: str, text: str) -> Text:
    return Text(text, style=TONES[state_tone(text)] if head == "state" else "")


def state_tone(state: str) -> Tone:
    """Of a run in the list."""
    if state in _GOOD:
        return Tone.GOOD
    if state in _BAD:
        return Tone.BAD
    return Tone.MUTED if state in _MUTED else Tone.CHANGE


def ago(seconds: float) -> str:
    """How long ago, in the largest unit that fits, such as `3 h ago`."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "now" if seconds < 1 else f"{int(seconds)} s ago"
