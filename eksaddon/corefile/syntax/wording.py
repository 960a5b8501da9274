"""Words of a Corefile inside of messages."""

from eksaddon.corefile.syntax.tokens import shown

LONGEST = 60
"""Longer words are cut: a message is one line."""


def brief(text: str) -> str:
    """A word as it may stand in a message."""
    return shown(text) if len(text) <= LONGEST else f"{shown(text[: LONGEST - 1])}…"
