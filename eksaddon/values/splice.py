"""Replaces spans of a text."""

from collections.abc import Iterable

from eksaddon.frozen import dataclass


class UneditableError(Exception):
    """The change cannot be confined to a span."""


@dataclass(frozen=True, slots=True)
class Splice:
    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Apply all replacements.

    Raises:
        UneditableError: Two replacements overlap.
    """
    parts: list[str] = []
    position = 0
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        if splice.start < position:
            raise UneditableError
        parts += [text[position : splice.start], splice.text]
        position = splice.end
    return "".join([*parts, text[position:]])
