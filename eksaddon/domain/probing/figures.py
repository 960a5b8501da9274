"""A probe in numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from eksaddon.domain.probing.own_counts import OwnCounts, own_text
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass


class Loss(StrEnum):
    """Why a lookup has no answer. Published in JSON output, so that a value is never renamed."""

    TIMEOUT = "timeout"
    LATE = "late"
    """An answer that arrived after the timeout, which is too late for the client: DNS is slow."""
    REFUSED = "connection-refused"
    """An ICMP error or a TCP reset: the host is there, and no process listens."""
    BROKEN = "connection-lost"
    UNREACHABLE = "host-unreachable"
    """ICMP: no route to the host, or a packet filter rejects the packet."""
    UNREADABLE = "unreadable-reply"
    NOT_SENT = "not-sent"
    DROPPED = "dropped-by-this-host"
    """The reply arrived while the socket's buffer was full; so it says nothing about the server."""


OWN = (Loss.NOT_SENT.value, Loss.DROPPED.value)
"""Failures of the prober's own host."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a probe.

    Attributes:
        scheduled: Lookups that were due.
        missed: Lookups not sent, because the prober could not send them in time.
        asked: Lookups that were sent or tried to be sent.
        good: Lookups with an expected answer.
        failures: By kind, a `Loss` or a reply's problem; the most frequent first.
        longest_outage: Seconds.
    """

    scheduled: int = 0
    missed: int = 0
    asked: int = 0
    good: int = 0
    failures: tuple[tuple[str, int], ...] = ()
    longest_outage: float = 0.0

    def count(self, kind: str) -> int:
        """How many lookups failed in one way."""
        return dict(self.failures).get(kind, 0)

    @property
    def unsent(self) -> int:
        return self.count(Loss.NOT_SENT.value)

    @property
    def dropped(self) -> int:
        return self.count(Loss.DROPPED.value)

    @property
    def lost(self) -> int:
        """Failed lookups; failures of the prober's own host are not the server's."""
        return self.asked - self.good - self.unsent - self.dropped

    @property
    def causes(self) -> str:
        """`12 timeout, 3 SERVFAIL`."""
        named = ((kind, count) for kind, count in self.failures if kind not in OWN)
        return ", ".join(f"{count:,} {kind}" for kind, count in named)


NOTHING = Figures()


def together(all_figures: Iterable[Figures]) -> Figures:
    """The sum of several; the longest outage is the longest of any of them."""
    total, failures = NOTHING, Counter[str]()
    for each in all_figures:
        failures.update(dict(each.failures))
        total = Figures(
            total.scheduled + each.scheduled,
            total.missed + each.missed,
            total.asked + each.asked,
            total.good + each.good,
            by_frequency(failures),
            max(total.longest_outage, each.longest_outage),
        )
    return total


def by_frequency(failures: "Counter[str]") -> tuple[tuple[str, int], ...]:
    """Failures by kind, most frequent first."""
    return tuple(sorted(failures.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class ProbePart:
    """What was sent from one node to one server.

    Attributes:
        server: `kube-dns`, or `pod/NAME` for a pod that is asked apart from the Service.
    """

    node: str
    server: str
    figures: Figures


def together_parts(found: Iterable[ProbePart]) -> tuple[ProbePart, ...]:
    """One part for each node and server, sorted by both."""
    by_place: dict[tuple[str, str], list[Figures]] = {}
    for each in found:
        by_place.setdefault((each.node, each.server), []).append(each.figures)
    return tuple(ProbePart(*place, together(figures)) for place, figures in sorted(by_place.items()))


@dataclass(frozen=True, slots=True)
class ClusterProbe:
    """What a probe of one cluster has found so far.

    Attributes:
        began: Seconds since the epoch.
        until: As `began`; what happened later is not in the figures.
        trouble: Why nothing can be measured, or no longer; empty if it can.
        measured_at: Where lookups were sent from, as `this host` or the names of nodes.
        own: CoreDNS's own counters of errors; None for a probe that does not run in the cluster.
        parts: By node and server, in the cluster; `figures` are those of the Service.
    """

    ref: ClusterRef
    began: float
    until: float
    figures: Figures = NOTHING
    trouble: str = ""
    measured_at: str = ""
    own: OwnCounts | None = None
    parts: tuple[ProbePart, ...] = ()


def probe_text(results: Sequence[ClusterProbe]) -> str:
    """`3 of 12,000 lookups lost in 2 clusters (3 timeout), longest outage 0.3 s`; troubles come first."""
    found = together(each.figures for each in results)
    troubles = dict.fromkeys(each.trouble for each in results if each.trouble)
    clusters = f"{len(results)} cluster{'' if len(results) == 1 else 's'}"
    summary = f"{found.lost:,} of {found.asked:,} lookups lost in {clusters}"
    if found.lost:
        summary += f" ({found.causes}), longest outage {found.longest_outage:.1f} s"
    own = own_text([each.own for each in results])
    return "; ".join((*troubles, summary, *([own] if own else [])))
