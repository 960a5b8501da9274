"""Counts of wave members, updated incrementally instead of recounted for each of thousands of records."""

from collections.abc import Iterable
from typing import Protocol

from eksaddon.domain.rollout.strategy import Strategy
from eksaddon.domain.run.classify import is_failure
from eksaddon.domain.run.outcome import Outcome
from eksaddon.frozen import dataclass


class Standing(Protocol):
    """The fields of a target that the counts need."""

    @property
    def outcome(self) -> Outcome | None: ...

    @property
    def restores(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """Counts of one wave's members.

    Attributes:
        waiting: Without an outcome, in progress or not.
        restoring: Those of them that are to be rolled back.
        failures: Those that count against the wave's failure tolerance.
        first: Index of the first member without an outcome; the number of members if all have one.
    """

    waiting: int = 0
    restoring: int = 0
    failures: int = 0
    first: int = 0

    def plus(self, other: "WaveCounts") -> "WaveCounts":
        return WaveCounts(
            self.waiting + other.waiting,
            self.restoring + other.restoring,
            self.failures + other.failures,
            self.first,
        )

    def minus(self, other: "WaveCounts") -> "WaveCounts":
        return self.plus(WaveCounts(-other.waiting, -other.restoring, -other.failures))


NOBODY = WaveCounts()


def one(target: Standing, strategy: Strategy, *, named: bool) -> WaveCounts:
    """Counts of a single member."""
    waits = target.outcome is None
    fails = is_failure(target.outcome, strategy, named=named)
    return WaveCounts(int(waits), int(waits and target.restores), int(fails))


def counted(members: Iterable[Standing], strategy: Strategy, *, named: bool) -> WaveCounts:
    """Counts of all members."""
    total, first, index = NOBODY, None, -1
    for index, member in enumerate(members):
        total = total.plus(one(member, strategy, named=named))
        if first is None and member.outcome is None:
            first = index
    return WaveCounts(total.waiting, total.restoring, total.failures, index + 1 if first is None else first)
