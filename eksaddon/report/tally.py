"""How far something is, in one line."""

from collections import Counter
from dataclasses import dataclass, field

from eksaddon.domain.target import ClusterRef
from eksaddon.report.escape import terminal
from eksaddon.report.words import joined

MINUTE, HOUR = 60, 3600
FEW = 2
"""So many targets under way are named with what they are at."""


@dataclass(slots=True)
class Tally:
    """Counts of a phase that goes on.

    Attributes:
        what: Past participle, as `read`.
        begun: Seconds, on the clock of whoever asks.
        words: Outcomes so far.
        busy: Targets under way, each with its step.
    """

    what: str
    total: int
    begun: float
    done: int = 0
    words: Counter[str] = field(default_factory=Counter)
    busy: dict[ClusterRef, str] = field(default_factory=dict)


def told(tally: Tally, now: float) -> str:
    """For example `12 of 268 clusters updated · 1 failed · 5 under way · 2/min · 2 h 8 min left`."""
    passed = now - tally.begun
    bad = [f"{tally.words[word]:,} {word}" for word in ("failed", "unreached", "stale") if tally.words[word]]
    return joined(
        (
            f"{tally.done:,} of {tally.total:,} clusters {tally.what}",
            *bad,
            _under_way(tally),
            rate_text(tally.done, passed),
            left_text(tally.done, tally.total, passed),
        )
    )


def _under_way(tally: Tally) -> str:
    if not tally.busy:
        return ""
    if len(tally.busy) > FEW:
        return f"{len(tally.busy):,} under way"
    return ", ".join(f"{terminal(ref.name)}: {terminal(step)}" for ref, step in tally.busy.items())


def rate_text(done: int, seconds: float) -> str:
    """Per second, or per minute where that would be less than one; nothing before the first is done."""
    if not done or seconds <= 0:
        return ""
    rate = done / seconds
    return f"{rate:,.0f}/s" if rate >= 1 else f"{rate * MINUTE:,.0f}/min"


def left_text(done: int, total: int, seconds: float) -> str:
    """At the rate so far; nothing before the first is done and after the last."""
    if not done or done >= total:
        return ""
    return f"{duration_text(seconds / done * (total - done))} left"


def duration_text(seconds: float) -> str:
    """The two largest units at most: `45 s`, `12 min`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min"
    hours, rest = divmod(whole, HOUR)
    return f"{hours:,} h {rest // MINUTE} min"
