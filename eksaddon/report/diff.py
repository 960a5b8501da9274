"""Computes the difference of two texts."""

import difflib
import json
from collections.abc import Iterator

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff.

    Attributes:
        sign: `+`, `-`, `@` for a position, or a space for context.
    """

    sign: str
    text: str


def text_diff(before: Json, after: Json, context: int = 2) -> tuple[DiffLine, ...]:
    """Build a unified diff without file names; only LF ends a line, as in CoreDNS.

    Args:
        before: Values other than text are compared as indented JSON, None as an empty text.
    """
    old, new = _lines(before), _lines(after)
    found = tuple(_signed(difflib.unified_diff(old, new, n=context, lineterm="")))
    return found or (DiffLine("@", "only the trailing newline differs"),)


def _lines(side: Json) -> list[str]:
    if side is None or side == "":
        return []
    text = side if isinstance(side, str) else json.dumps(side, indent=2, ensure_ascii=False)
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _signed(lines: Iterator[str]) -> Iterator[DiffLine]:
    for number, line in enumerate(lines):
        if number > 1:  # the two lines with file names
            yield DiffLine(line[0], line[1:] if line[0] != "@" else line[1:].strip("@ "))
