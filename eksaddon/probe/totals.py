"""Counts of a running probe; memory grows with time, not with the number of queries."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from eksaddon.domain.probing.figures import OWN, Figures, Loss, by_frequency
from eksaddon.frozen import dataclass
from eksaddon.probe.histogram import Histogram
from eksaddon.probe.samples import Sample

SLOTS_PER_SECOND = 10
WINDOW_SLOTS = 10
"""Slots of the sliding window of one second for the share of failures."""

OUTAGE_SHARE = 0.05
"""Share of failed lookups from which a window belongs to an outage.

A share instead of a total failure: behind a load balancer, one dead pod of twenty fails every twentieth
lookup.
"""


@dataclass(slots=True)
class Slot:
    """The lookups sent within a tenth of a second."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Outage:
    """A period with failed lookups.

    Attributes:
        start: Seconds since the epoch, to a tenth.
        seconds: To the end of the last tenth with a failure.
        share: Share of failed lookups in this period, 0 to 1.
    """

    start: float
    seconds: float
    share: float


@dataclass(slots=True)
class Totals:
    """Counts of a probe.

    Attributes:
        scheduled: Number of due lookups.
        missed: Lookups skipped because this process was late.
        sent: Number of packets, including retries.
        losses: Failures by kind.
        took: Times of good answers, from sending to arrival.
        late: Times from due time to sending.
    """

    scheduled: int = 0
    missed: int = 0
    sent: int = 0
    asked: int = 0
    good: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    took: Histogram = field(default_factory=Histogram)
    late: Histogram = field(default_factory=Histogram)
    last_answer: float | None = None
    slots: dict[int, Slot] = field(default_factory=dict)

    def add(self, sample: Sample) -> None:
        """Count one lookup."""
        self.asked += 1
        self.sent += sample.tries
        self.late.add(sample.late)
        if not sample.is_measured:
            self.losses[sample.failure] += 1
            return
        slot = self.slots.setdefault(math.floor(sample.sent * SLOTS_PER_SECOND), Slot())
        slot.sent += 1
        if failure := sample.failure:
            self.losses[failure] += 1
            slot.failed += 1
            return
        self.good += 1
        self.took.add(sample.took)
        self.last_answer = max(self.last_answer or 0.0, sample.sent + sample.took)

    def add_late(self) -> None:
        """A lookup that was counted as timed out has been answered."""
        move_late(self.losses)

    @property
    def lost(self) -> int:
        """Failed lookups, without those that failed on this host."""
        return self.asked - self.good - sum(self.losses[kind] for kind in OWN)

    @property
    def answered(self) -> int:
        """Number of lookups with any readable answer in time."""
        return self.asked - sum(self.losses[loss.value] for loss in Loss)

    def by_loss(self) -> tuple[tuple[str, int], ...]:
        """Failures by kind, most frequent first."""
        return by_frequency(self.losses)

    def figures(self) -> Figures:
        """The counts for journals and reports."""
        return Figures(
            self.scheduled, self.missed, self.asked, self.good, self.by_loss(), self.longest_outage
        )

    def forget_quiet(self) -> None:
        """Drop slots that are no longer needed: those far from every failure, except the newest.

        Outages do not change, because they depend only on windows around failures.
        """
        if not self.slots:
            return
        newest = max(self.slots)
        kept = {number for number in self.slots if newest - number < 2 * WINDOW_SLOTS}
        for number, slot in self.slots.items():
            if slot.failed:
                kept.update(range(number - WINDOW_SLOTS, number + WINDOW_SLOTS + 1))
        self.slots = {number: slot for number, slot in self.slots.items() if number in kept}

    def outages(self) -> tuple[Outage, ...]:
        """Periods in which at least 5 % of a second's lookups failed, in order.

        A single failed lookup is an outage of a tenth of a second if its share is sufficient.
        """
        return tuple(_outages(self.slots))

    @property
    def longest_outage(self) -> float:
        """The longest outage in seconds; 0 without one."""
        return max((each.seconds for each in self.outages()), default=0.0)


def move_late(failures: "Counter[str]") -> None:
    """From those that timed out to those that were answered late."""
    failures[Loss.LATE.value] += 1
    failures[Loss.TIMEOUT.value] -= 1
    if not failures[Loss.TIMEOUT.value]:
        del failures[Loss.TIMEOUT.value]


def totals(samples: Iterable[Sample]) -> Totals:
    """Totals of finished samples."""
    found = Totals()
    for sample in samples:
        found.scheduled += 1
        found.add(sample)
    return found


def _outages(slots: Mapping[int, Slot]) -> Iterator[Outage]:
    """Join failing slots in windows above the share."""
    if not slots:
        return
    span = min(slots), max(slots)
    failing = sorted(number for number, slot in slots.items() if slot.failed and _is_bad(slots, number, span))
    first: int | None = None
    last = 0
    for number in failing:
        if first is not None and number - last >= WINDOW_SLOTS:
            yield _outage(slots, first, last)
            first = None
        first = number if first is None else first
        last = number
    if first is not None:
        yield _outage(slots, first, last)


def _is_bad(slots: Mapping[int, Slot], number: int, span: tuple[int, int]) -> bool:
    """Whether any window of a second around a slot, within the probe, reaches the share of failures."""
    begin, end = span
    newest_start = max(begin, end - WINDOW_SLOTS + 1)
    for start in range(max(begin, number - WINDOW_SLOTS + 1), min(number, newest_start) + 1):
        window = [slots[each] for each in range(start, start + WINDOW_SLOTS) if each in slots]
        sent = sum(slot.sent for slot in window)
        if sum(slot.failed for slot in window) >= OUTAGE_SHARE * sent:
            return True
    return False


def _outage(slots: Mapping[int, Slot], first: int, last: int) -> Outage:
    within = [slots[number] for number in range(first, last + 1) if number in slots]
    sent = sum(slot.sent for slot in within)
    return Outage(
        start=first / SLOTS_PER_SECOND,
        seconds=(last - first + 1) / SLOTS_PER_SECOND,
        share=sum(slot.failed for slot in within) / sent,
    )
