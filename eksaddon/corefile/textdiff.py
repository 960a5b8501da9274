"""The lines of two texts side by side, as data for reports that show them in colour."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One row.

    Attributes:
        before: Line number in the first text, from 1; 0 where it has none.
        after: Line number in the second text, from 1; 0 where it has none.
        text: Without its line ending, otherwise as it is: whoever prints it escapes it. Empty if skipped.
    """

    kind: Kind
    before: int
    after: int
    text: str


def line_diff(before: str, after: str, context: int = 3) -> tuple[DiffLine, ...]:
    """Rows with `context` equal lines around each change; a skipped row stands for those left out.

    Only LF ends a line. Where only one text ends with one, it has an empty line more.
    """
    old, new = before.split("\n"), after.split("\n")
    if not old[-1] and not new[-1]:
        old, new = old[:-1], new[:-1]
    groups = difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(context)
    rows: list[DiffLine] = []
    reached = 0
    for group in groups:
        if group[0][1] > reached:
            rows.append(DiffLine(Kind.SKIPPED, 0, 0, ""))
        for code in group:
            rows += _rows(code, old, new)
        reached = group[-1][2]
    if rows and reached < len(old):
        rows.append(DiffLine(Kind.SKIPPED, 0, 0, ""))
    return tuple(rows)


def _rows(code: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[DiffLine]:
    tag, start, end, new_start, new_end = code
    if tag == "equal":
        for offset, text in enumerate(old[start:end]):
            yield DiffLine(Kind.SAME, start + offset + 1, new_start + offset + 1, text)
        return
    for number, text in enumerate(old[start:end], start + 1):
        yield DiffLine(Kind.REMOVED, number, 0, text)
    for number, text in enumerate(new[new_start:new_end], new_start + 1):
        yield DiffLine(Kind.ADDED, 0, number, text)


def unified(before: str, after: str, before_name: str, after_name: str, context: int = 3) -> str:
    """The same as a unified diff; empty if the texts are equal."""
    rows = line_diff(before, after, context)
    if not rows:
        return ""
    sign = {Kind.SAME: " ", Kind.REMOVED: "-", Kind.ADDED: "+"}
    lines = [f"--- {before_name}", f"+++ {after_name}"]
    lines += ["@@" if row.kind is Kind.SKIPPED else sign[row.kind] + row.text for row in rows]
    return "\n".join(lines) + "\n"
