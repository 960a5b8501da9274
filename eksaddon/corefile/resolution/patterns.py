"""Whether a name matches a pattern of Go's regexp package, for patterns that Python reads the same way."""

import re

from eksaddon.regex import regex

_PLAIN = regex(r"(?:[a-z0-9_^$.*+?()|-]|\\[.\-_]|\[\^?[a-z0-9_.-]+\])*")
_REPEATED_GROUP = regex(r"\)[*+?]")
_REPEAT = regex(r"[*+?]")
_MOST_REPEATS = 4
"""Python backtracks: more, or a repeated group, could take forever."""


def matches(pattern: str, name: str) -> bool | None:
    """None if it cannot be decided."""
    if not _PLAIN.fullmatch(pattern) or "(?" in pattern or _REPEATED_GROUP.search(pattern):
        return None
    if len(_REPEAT.findall(pattern)) > _MOST_REPEATS:
        return None
    try:
        return re.search(pattern, name) is not None
    except re.error:  # Go reads it
        return None
