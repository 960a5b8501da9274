"""What may start now: width, lanes and the brake; pure."""

from collections import Counter
from dataclasses import dataclass, replace

from eksaddon.domain.cause import Cause
from eksaddon.domain.outcome import Failed, Outcome, Unreached
from eksaddon.domain.target import ClusterRef

WENT_WRONG = frozenset(
    {
        Cause.UPDATE_FAILED,
        Cause.UPDATE_CANCELLED,
        Cause.UNHEALTHY,
        Cause.NOT_AS_PLANNED,
        Cause.STILL_RUNNING,
        Cause.CONFLICT,
        Cause.WORKLOAD,
    }
)
"""EKS took the change and it did not end well: the next cluster may fare the same, so these count."""


@dataclass(frozen=True, slots=True)
class Width:
    """How much may be in flight.

    Attributes:
        total: Targets at once.
        per_scope: Targets at once in one account and region, the unit that AWS throttles.
        tolerance: Bad ends that are tolerated; one more and nothing new starts.
    """

    total: int = 10
    per_scope: int = 5
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; each method gives a new value."""

    waiting: tuple[ClusterRef, ...]
    running: frozenset[ClusterRef] = frozenset()
    bad: int = 0
    stopped: str = ""

    def startable(self, width: Width) -> tuple[ClusterRef, ...]:
        """The next targets in order, within the width; none once the run is stopped."""
        if self.stopped:
            return ()
        room = width.total - len(self.running)
        lanes = Counter(ref.scope for ref in self.running)
        chosen: list[ClusterRef] = []
        for ref in self.waiting:
            if len(chosen) >= room:
                break
            if lanes[ref.scope] < width.per_scope:
                lanes[ref.scope] += 1
                chosen.append(ref)
        return tuple(chosen)

    def started(self, refs: tuple[ClusterRef, ...]) -> "Progress":
        begun = frozenset(refs)
        left = tuple(ref for ref in self.waiting if ref not in begun)
        return replace(self, waiting=left, running=self.running | begun)

    def ended(self, ref: ClusterRef, outcome: Outcome, width: Width) -> "Progress":
        bad = self.bad + went_wrong(outcome)
        return replace(self, running=self.running - {ref}, bad=bad, stopped=self.stopped or brake(bad, width))

    def halted(self, reason: str) -> "Progress":
        """Nothing new starts from here; what runs is followed to its end."""
        return replace(self, stopped=self.stopped or reason)

    @property
    def is_over(self) -> bool:
        return not self.running and (not self.waiting or bool(self.stopped))


def brake(bad: int, width: Width) -> str:
    """Why nothing new may start; empty while the bad ends are within the tolerance."""
    if bad <= width.tolerance:
        return ""
    return f"not started: {bad} update(s) went wrong, failureTolerance is {width.tolerance}"


def went_wrong(outcome: Outcome) -> bool:
    return isinstance(outcome, Failed | Unreached) and outcome.trouble.cause in WENT_WRONG
