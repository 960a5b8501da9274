"""What a probe's samples prove, and what they do not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from eksaddon.probe.samples import Loss, NoReply, Reply, Sample

PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When DNS counts as well.

    Attributes:
        accepted: rcodes that are good answers; every other one counts as lost.
        most_lost_permille: Lost queries in a thousand that are still well.
        longest_gap: Seconds without a good answer that are still well.
        least_sent: Fewer queries than these prove nothing.
    """

    accepted: frozenset[str] = frozenset({"NOERROR", "NXDOMAIN"})
    most_lost_permille: int = 10
    longest_gap: float = 1.0
    least_sent: int = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """A probe in numbers.

    Attributes:
        losses: What was lost to what: a `Loss` or the rcode that is not accepted; most frequent first.
        longest_gap: Seconds from the sending of a lost query to that of the next well answered one, or to the
            end of the probe; 0 where nothing was lost.
        last_answer: Seconds since the epoch when the last good answer arrived; None where there was none.
        median_ms: How long good answers took; None where there was none.
        slowest_ms: As above.
    """

    sent: int
    answered: int
    losses: tuple[tuple[str, int], ...]
    longest_gap: float
    last_answer: float | None
    median_ms: float | None
    slowest_ms: float | None

    @property
    def lost(self) -> int:
        return self.sent - self.answered

    def lost_to(self, loss: Loss) -> int:
        return dict(self.losses).get(loss.value, 0)


@dataclass(frozen=True, slots=True)
class Pass:
    summary: Summary


@dataclass(frozen=True, slots=True)
class Fail:
    """DNS is not well.

    Attributes:
        reasons: One sentence each, at least one.
    """

    summary: Summary
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """Nothing is proven either way; never taken for a pass."""

    summary: Summary
    reasons: tuple[str, ...]


ProbeVerdict = Pass | Fail | Inconclusive


def summarise(samples: Sequence[Sample], accepted: frozenset[str] = Thresholds().accepted) -> Summary:
    """The samples' numbers; `samples` in the order in which they were sent."""
    good = [sample for sample in samples if _loss(sample, accepted) is None]
    losses = Counter(loss for sample in samples if (loss := _loss(sample, accepted)) is not None)
    took = sorted(sample.took * 1000 for sample in good)
    return Summary(
        sent=len(samples),
        answered=len(good),
        losses=tuple(sorted(losses.items(), key=lambda item: (-item[1], item[0]))),
        longest_gap=_longest_gap(samples, accepted),
        last_answer=max((sample.sent + sample.took for sample in good), default=None),
        median_ms=took[len(took) // 2] if took else None,
        slowest_ms=took[-1] if took else None,
    )


def judge(
    samples: Sequence[Sample], thresholds: Thresholds, *, known_reachable: bool = False
) -> ProbeVerdict:
    """Pass, fail, or inconclusive.

    Args:
        known_reachable: The server answered this prober before, so that silence is the server's.
    """
    summary = summarise(samples, thresholds.accepted)
    if doubts := _doubts(summary, thresholds, known_reachable=known_reachable):
        return Inconclusive(summary, doubts)
    faults = _faults(summary, thresholds)
    return Fail(summary, faults) if faults else Pass(summary)


def _loss(sample: Sample, accepted: frozenset[str]) -> str | None:
    match sample.result:
        case Reply(rcode):
            return None if rcode in accepted else rcode
        case NoReply(loss):
            return loss.value
        case never:
            assert_never(never)


def _longest_gap(samples: Sequence[Sample], accepted: frozenset[str]) -> float:
    longest, began = 0.0, None
    for sample in samples:
        if _loss(sample, accepted) is not None:
            began = sample.sent if began is None else began
        elif began is not None:
            longest, began = max(longest, sample.sent - began), None
    if began is not None:
        longest = max(longest, max(sample.sent + sample.took for sample in samples) - began)
    return longest


def _doubts(summary: Summary, thresholds: Thresholds, *, known_reachable: bool) -> tuple[str, ...]:
    doubts = []
    if summary.sent < thresholds.least_sent:
        doubts.append(f"{summary.sent} queries were sent, {thresholds.least_sent} are needed")
    unsent = summary.lost_to(Loss.NOT_SENT)
    if _too_many(unsent, summary, thresholds):
        doubts.append(f"{unsent} of {summary.sent} queries could not be sent from here")
    silent = summary.sent > 0 and summary.lost_to(Loss.TIMEOUT) == summary.sent
    if silent and not known_reachable:
        doubts.append("no reply of any kind came: DNS is down, or it cannot be reached from here")
    return tuple(doubts)


def _faults(summary: Summary, thresholds: Thresholds) -> tuple[str, ...]:
    faults = []
    if _too_many(summary.lost, summary, thresholds):
        causes = ", ".join(f"{count} {loss}" for loss, count in summary.losses)
        faults.append(f"{summary.lost} of {summary.sent} queries were lost ({causes})")
    if summary.longest_gap > thresholds.longest_gap:
        faults.append(
            f"no good answer for {summary.longest_gap:.1f} s, {thresholds.longest_gap:g} s are allowed"
        )
    return tuple(faults)


def _too_many(lost: int, summary: Summary, thresholds: Thresholds) -> bool:
    return lost * PER_MILLE > thresholds.most_lost_permille * summary.sent
