"""Counts of a wave's probes over time, from readings of everything that was counted so far."""

import math
from dataclasses import field

from eksaddon.domain.probing.series import MOST_SLICES, Series, series_of
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass

SLACK_SLICES = 2 * MOST_SLICES
"""Above that, slices are combined."""


@dataclass(slots=True)
class OverTime:
    """Of all clusters together.

    Attributes:
        began: Seconds since the epoch.
    """

    began: float = 0.0
    _read: dict[ClusterRef, tuple[float, int, int]] = field(init=False, default_factory=dict)
    _slices: dict[int, tuple[int, int]] = field(init=False, default_factory=dict)
    _length: int = field(init=False, default=1)

    def add(self, ref: ClusterRef, until: float, asked: int, lost: int) -> None:
        """Take the counts of a cluster; those since the last reading are spread evenly over that time.

        Args:
            until: Seconds since the epoch up to which the counts are complete.
        """
        since, asked_before, lost_before = self._read.get(ref, (self.began, 0, 0))
        new_asked, new_lost = asked - asked_before, lost - lost_before
        if new_asked <= 0:
            return
        self._read[ref] = max(since, until), asked, lost
        self._spread(since, max(since, until), new_asked, max(0, new_lost))
        if len(self._slices) > SLACK_SLICES:
            self._combine()

    def _spread(self, since: float, until: float, asked: int, lost: int) -> None:
        first, last = (math.floor(each / self._length) for each in (since, until))
        done_asked = done_lost = 0
        for number in range(first, last + 1):
            end = min(until, (number + 1) * self._length)
            share = 1.0 if number == last else (end - since) / (until - since)
            upto_asked, upto_lost = round(asked * share), round(lost * share)
            old_asked, old_lost = self._slices.get(number, (0, 0))
            new = old_asked + upto_asked - done_asked, old_lost + upto_lost - done_lost
            if new != (0, 0):
                self._slices[number] = new
            done_asked, done_lost = upto_asked, upto_lost

    def _combine(self) -> None:
        found = self.series()
        self._length = found.length
        self._slices = {at // found.length: (asked, lost) for at, asked, lost in found.rows() if asked}

    def series(self) -> Series:
        rows = ((number * self._length, *counts) for number, counts in self._slices.items())
        return series_of(rows, self._length)
