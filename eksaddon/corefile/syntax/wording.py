"""Formats words of a Corefile in messages."""

import difflib
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from eksaddon.corefile.syntax.tokens import shown

LONGEST = 60
"""Longer words are truncated: a message is one line."""


LONGEST_MESSAGE = 300
"""CoreDNS repeats words of any length in its messages."""


def cut(message: str) -> str:
    """The message, truncated if it is too long."""
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"


def brief(text: str) -> str:
    """Format a word for a message."""
    return shown(text) if len(text) <= LONGEST else f"{shown(text[: LONGEST - 1])}…"


def similar(word: str, known: Iterable[str], cutoff: float) -> str | None:
    """The known word most similar to a misspelt one; None below the cutoff of difflib's ratio.

    Only words that share two neighbouring letters are compared: a text may have 100,000 unknown ones.
    """
    pairs = _pairs(word)
    candidates = [each for each in sorted(known) if pairs & _pairs(each)]
    return next(iter(difflib.get_close_matches(word, candidates, 1, cutoff)), None)


@lru_cache(maxsize=1024)
def _pairs(word: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(word))
