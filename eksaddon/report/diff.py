"""Lines that differ between two texts."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from eksaddon.domain.json import Json


@dataclass(frozen=True, slots=True)
class DiffLine:
    """Attributes: sign: `+`, `-`, `@` for a place, or a blank for what stays."""

    sign: str
    text: str


def text_diff(before: Json, after: Json, context: int = 2) -> tuple[DiffLine, ...]:
    """A unified diff without file names; only LF ends a line, as for CoreDNS."""
    old, new = _lines(before), _lines(after)
    return tuple(_signed(difflib.unified_diff(old, new, n=context, lineterm="")))


def _lines(side: Json) -> list[str]:
    if not isinstance(side, str) or not side:
        return []
    lines = side.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _signed(lines: Iterator[str]) -> Iterator[DiffLine]:
    for number, line in enumerate(lines):
        if number > 1:  # the two lines with file names
            yield DiffLine(line[0], line[1:] if line[0] != "@" else line[1:].strip("@ "))
