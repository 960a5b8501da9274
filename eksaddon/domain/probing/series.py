"""Lookups over time, in few numbers however long they are measured."""

from collections.abc import Iterable, Iterator

from eksaddon.frozen import dataclass

MOST_SLICES = 120
"""Of a series; with more, slices become twice as long."""


@dataclass(frozen=True, slots=True)
class Series:
    """Lookups in slices of equal length.

    Attributes:
        begin: Seconds since the epoch, a multiple of `length`.
        length: Seconds of a slice, a power of 2.
        asked: Lookups that were complete in each slice.
        lost: How many of them failed.
    """

    begin: int = 0
    length: int = 1
    asked: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()

    def rows(self) -> Iterator[tuple[int, int, int]]:
        """Begin of each slice, lookups asked and lost in it."""
        for number, counts in enumerate(zip(self.asked, self.lost, strict=True)):
            yield self.begin + number * self.length, *counts


NO_SERIES = Series()


def series_of(counts: Iterable[tuple[int, int, int]], length: int) -> Series:
    """In at most `MOST_SLICES` slices.

    Args:
        counts: Seconds since the epoch, lookups asked and lost then; in any order, also several for a time.
        length: At least this many seconds for each slice, a power of 2.
    """
    rows = tuple(counts)
    if not rows:
        return NO_SERIES
    first, last = min(row[0] for row in rows), max(row[0] for row in rows)
    while last // length - first // length >= MOST_SLICES:
        length *= 2
    begin, size = first // length, last // length - first // length + 1
    asked, lost = [0] * size, [0] * size
    for at, now_asked, now_lost in rows:
        asked[at // length - begin] += now_asked
        lost[at // length - begin] += now_lost
    return Series(begin * length, length, tuple(asked), tuple(lost))


def together_series(all_series: Iterable[Series]) -> Series:
    """The sum of several."""
    found = [each for each in all_series if each.asked]
    length = max((each.length for each in found), default=1)
    return series_of((row for each in found for row in each.rows()), length)
