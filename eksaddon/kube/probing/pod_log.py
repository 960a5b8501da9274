"""What one pod of a probe has printed; pure."""

from collections.abc import Sequence
from dataclasses import field, replace

from eksaddon.domain.probing.figures import NOTHING
from eksaddon.domain.probing.lines import FailedLookup, ProbeLine
from eksaddon.domain.probing.proof import SERVICE, NodeTrace, Point
from eksaddon.frozen import dataclass

CLOCKS_APART = 1.0
"""Seconds between a line's time and its arrival here, above which the node's clock counts as behind."""


@dataclass(slots=True)
class PodLog:
    """What one pod of a probe has printed.

    Attributes:
        newest: None before its first line.
        heard: When a new line was last read, by the monotonic clock.
        offset: Seconds that this host's clock is ahead of the pod's, at most; infinite before the first line.
    """

    pod: str
    node: str
    newest: ProbeLine | None = None
    heard: float = 0.0
    offset: float = float("inf")
    failures: list[FailedLookup] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    trouble: str = ""

    def add(
        self,
        lines: Sequence[ProbeLine],
        heard: float,
        now: float,
        *,
        with_failures: bool = True,
        with_points: bool = True,
    ) -> None:
        """Take the lines that are new.

        Args:
            with_failures: Keep each failed lookup.
            with_points: Keep the counts second by second.
        """
        known = self.newest.sequence if self.newest is not None else 0
        for line in lines:
            if line.sequence > known:
                if with_failures:
                    self.failures += line.failures
                if with_points:
                    service = line.servers.get(SERVICE, NOTHING)
                    self.points.append(Point(line.at, service.asked, service.lost))
                self.newest, self.heard = line, heard
                self.offset = min(self.offset, now - line.at)

    @property
    def apart(self) -> float:
        """Seconds to add to the pod's times for this host's.

        Nodes keep time to milliseconds as a rule; only a difference that the way of a log line cannot
        explain is taken for one of the clocks.
        """
        return self.offset if self.offset < 0 or CLOCKS_APART < self.offset < float("inf") else 0.0

    @property
    def counted_until(self) -> float:
        """By this host's clock; 0 before the first line."""
        return 0.0 if self.newest is None else self.newest.at + self.apart

    def trace(self) -> NodeTrace:
        """By this host's clock."""
        apart = self.apart
        return NodeTrace(
            self.node,
            tuple(replace(each, at=each.at + apart) for each in self.points),
            tuple(replace(each, sent=each.sent + apart) for each in self.failures),
        )
