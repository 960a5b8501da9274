"""Errors that CoreDNS itself counts, and by how much its counters rose while lookups were measured."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from eksaddon.frozen import dataclass


class OwnCounter(StrEnum):
    """Published in JSON output and in journals."""

    PANICS = "panics"
    SERVFAIL = "servfail"
    FAILED_RELOADS = "failedReloads"
    FAILED_HEALTH_CHECKS = "failedHealthChecks"
    """Requests of CoreDNS to its own health endpoint that failed or took too long."""
    FAILED_UPSTREAM_CHECKS = "failedUpstreamChecks"
    NO_HEALTHY_UPSTREAM = "noHealthyUpstream"
    """Lookups for which every upstream of `forward` was down."""


WORDS: Mapping[str, str] = {
    OwnCounter.PANICS: "panics",
    OwnCounter.SERVFAIL: "SERVFAIL answers",
    OwnCounter.FAILED_RELOADS: "failed reloads",
    OwnCounter.FAILED_HEALTH_CHECKS: "failed health checks",
    OwnCounter.FAILED_UPSTREAM_CHECKS: "failed checks of upstreams",
    OwnCounter.NO_HEALTHY_UPSTREAM: "lookups without a healthy upstream",
}

Counts = Mapping[OwnCounter, int]


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """How CoreDNS's counters of errors rose in one cluster.

    Attributes:
        pods: Number of pods whose counters were read.
        rises: By `OwnCounter`, without those that did not rise.
        unread: Why counters of some or all pods are missing; empty if none is.
    """

    pods: int = 0
    rises: tuple[tuple[str, int], ...] = ()
    unread: str = ""


def rises(first: Mapping[str, Counts], last: Mapping[str, Counts]) -> tuple[tuple[str, int], ...]:
    """Sum of the rises over all pods, in the order of `OwnCounter`.

    A pod without a first reading started later. A counter that fell belongs to a container that was
    restarted: what it has counted since then is a rise.

    Args:
        first: By the pod's uid.
        last: As `first`.
    """
    total = Counter[OwnCounter]()
    for uid, counts in last.items():
        before = first.get(uid, {})
        for counter, count in counts.items():
            start = before.get(counter, 0)
            total[counter] += count - start if count >= start else count
    return tuple((each.value, total[each]) for each in OwnCounter if total[each])


def together_own(found: Iterable[OwnCounts | None]) -> OwnCounts | None:
    """The sum of several readings of one cluster; None if its counters were never asked for."""
    asked = [each for each in found if each is not None]
    if not asked:
        return None
    total = Counter[str]()
    for each in asked:
        total.update(dict(each.rises))
    summed = tuple((each.value, total[each.value]) for each in OwnCounter if total[each.value])
    return OwnCounts(asked[-1].pods, summed, next((each.unread for each in asked if each.unread), ""))


def rises_text(found: OwnCounts) -> str:
    """`2 panics, 14 SERVFAIL answers`; empty if nothing rose."""
    return ", ".join(f"{count:,} {WORDS.get(name, name)}" for name, count in found.rises)


def own_text(found: Sequence[OwnCounts | None]) -> str:
    """`CoreDNS counted 2 panics`, and in how many clusters its counters were not read; may be empty."""
    asked = [each for each in found if each is not None]
    total = together_own(asked)
    parts = [f"CoreDNS counted {rises_text(total)}"] if total is not None and total.rises else []
    unread = [each.unread for each in asked if each.unread]
    if unread:
        clusters = f"{len(unread)} cluster{'' if len(unread) == 1 else 's'}"
        parts.append(f"CoreDNS's counters were not all read in {clusters} ({unread[0]})")
    return "; ".join(parts)
