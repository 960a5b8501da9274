"""Replacements of spans in a text."""

from collections.abc import Iterable
from dataclasses import dataclass


class UneditableError(Exception):
    """No span can be named that the change would stay within."""


@dataclass(frozen=True, slots=True)
class Splice:
    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all replacements made.

    Raises:
        UneditableError: Two of them overlap.
    """
    parts: list[str] = []
    position = 0
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        if splice.start < position:
            raise UneditableError
        parts += [text[position : splice.start], splice.text]
        position = splice.end
    return "".join([*parts, text[position:]])
