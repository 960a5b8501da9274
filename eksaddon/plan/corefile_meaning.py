"""The semantic difference of two Corefiles as rows of a plan: one for each directive of a server block."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.corefile.diff.difference import (
    BlockAdded,
    BlockChange,
    BlockChanged,
    BlockRemoved,
    Difference,
    DirectiveChange,
    compare,
)
from eksaddon.corefile.diff.statements import Statement, as_text

Row = tuple[str, str | None, str | None]
"""Path such as `corefile[".:53"].cache`, and what stands there before and after; None for nothing."""


def meaning_rows(before: str, after: str) -> Iterator[Row]:
    """Rows in the order of the server blocks; none if both mean the same or one cannot be parsed."""
    found = compare(before, after)
    for change in found.changes if isinstance(found, Difference) else ():
        yield from _rows(change)


def _rows(change: BlockChange) -> Iterator[Row]:
    place = block_place(change.keys)
    match change:
        case BlockAdded(directives=directives):
            yield place, None, "; ".join(all_said(each.after) or "" for each in directives) or "empty"
        case BlockRemoved(directives=directives):
            yield place, "; ".join(all_said(each.before) or "" for each in directives) or "empty", None
        case BlockChanged(gained=gained, lost=lost, directives=directives):
            if gained or lost:
                kept = [key for key in change.keys if key not in lost]
                yield f"{place} zones", " ".join(change.keys), " ".join([*kept, *gained])
            yield from (_directive(place, each) for each in directives)
        case _:
            assert_never(change)


def block_place(keys: tuple[str, ...]) -> str:
    return f'corefile["{" ".join(keys)}"]'


def _directive(place: str, change: DirectiveChange) -> Row:
    return f"{place}.{change.name}", all_said(change.before), all_said(change.after)


def all_said(statements: tuple[Statement, ...]) -> str | None:
    """All occurrences of a directive on one line; None without one."""
    return "; ".join(as_text(each) for each in statements) or None
