"""Lookups of a running probe by the second in which they were sent."""

import math
from collections import Counter
from dataclasses import field

from eksaddon.domain.probing.figures import Figures, by_frequency
from eksaddon.frozen import dataclass
from eksaddon.probe.samples import Sample
from eksaddon.probe.totals import move_late


@dataclass(slots=True)
class Seconds:
    """Filled on the probe's thread, read on another; grows by one entry a second."""

    _counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)

    def add(self, sample: Sample) -> None:
        """Count a lookup; one that failed on this host does not count in its second."""
        if sample.failure:
            self._failures[sample.failure] += 1
        if not sample.is_measured:
            return
        second = math.floor(sample.sent)
        asked, lost = self._counts.get(second, (0, 0))
        self._counts[second] = asked + 1, lost + bool(sample.failure)

    def add_late(self) -> None:
        """A lookup that was counted as timed out has been answered."""
        move_late(self._failures)

    def rows(self) -> tuple[tuple[int, int, int], ...]:
        """Second since the epoch, lookups asked and lost in it, in order and without gaps."""
        counts = self._counts.copy()
        if not counts:
            return ()
        span = range(min(counts), max(counts) + 1)
        return tuple((second, *counts.get(second, (0, 0))) for second in span)

    def figures(self) -> Figures:
        """Counts so far, without outages."""
        counts, failures = self._counts.copy(), self._failures.copy()
        sent, lost = (sum(each[place] for each in counts.values()) for place in (0, 1))
        own = sum(failures.values()) - lost
        return Figures(asked=sent + own, good=sent - lost, failures=by_frequency(failures))
