"""Histogram of answer times with exponential buckets: two significant digits, any range, a few kB."""

from collections import Counter
from dataclasses import field

from eksaddon.frozen import dataclass

SUB_BUCKETS = 64
"""Buckets per power of two, so that a bucket is at most 1.6 % wide."""

_BITS = SUB_BUCKETS.bit_length() - 1


def bucket(microseconds: int) -> int:
    """Index of the bucket of a value."""
    shift = max(0, microseconds.bit_length() - _BITS - 1)
    return shift * SUB_BUCKETS + (microseconds >> shift)


def highest(number: int) -> int:
    """The largest value of a bucket, in microseconds."""
    if number < 2 * SUB_BUCKETS:
        return number
    shift = number // SUB_BUCKETS - 1
    return ((number - shift * SUB_BUCKETS + 1) << shift) - 1


@dataclass(slots=True)
class Histogram:
    """Counts of durations. Histograms of several probes are merged by adding their counts."""

    counts: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bucket(max(0, round(seconds * 1_000_000)))] += 1
        self.slowest = max(self.slowest, seconds)

    def merge(self, other: "Histogram") -> None:
        self.counts.update(other.counts)
        self.slowest = max(self.slowest, other.slowest)

    def percentile(self, share: float) -> float | None:
        """The percentile in seconds for a share from 0 to 1; None without values."""
        total = self.counts.total()
        if not total:
            return None
        rank, seen = max(1, round(share * total)), 0
        for number in sorted(self.counts):
            seen += self.counts[number]
            if seen >= rank:
                return min(highest(number) / 1_000_000, self.slowest)
        return self.slowest
