"""Counts over time in one line of text."""

from collections.abc import Sequence

UNICODE, ASCII = " ▁▂▃▄▅▆▇█", " .:-=+*#@"
"""From none to the highest count; anything above none shows."""


def sparkline(counts: Sequence[int], highest: int, *, unicode: bool = True) -> str:
    """One character for each count.

    Args:
        highest: Count of the highest character; the same for lines that are compared.
    """
    levels = UNICODE if unicode else ASCII
    most = len(levels) - 1
    return "".join(levels[_level(each, highest, most)] for each in counts)


def _level(count: int, highest: int, most: int) -> int:
    if count <= 0:
        return 0
    return max(1, min(most, round(most * count / max(1, highest))))
