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

    Only words that share two neighbouring letters and enough letters are compared: a text may have 100,000
    unknown ones.
    """
    pairs, letters = _pairs(word), _letters(word)
    candidates = [
        each
        for each in _sorted(tuple(known))
        if pairs & _pairs(each) and _highest_ratio(word, letters, each) >= cutoff
    ]
    return next(iter(difflib.get_close_matches(word, candidates, 1, cutoff)), None) if candidates else None


def _highest_ratio(word: str, letters: int, known: str) -> float:
    """At least difflib's ratio: letters that only one of the words has match nothing."""
    of_known = _letters(known)
    own = len(word) - (letters & ~of_known).bit_count()
    others = len(known) - (of_known & ~letters).bit_count()
    return 2 * min(own, others) / (len(word) + len(known))


@lru_cache(maxsize=1024)
def _letters(word: str) -> int:
    """A bit for each letter of a word; letters may share one."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found


@lru_cache(maxsize=256)
def _sorted(known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(known))


@lru_cache(maxsize=1024)
def _pairs(word: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(word))
