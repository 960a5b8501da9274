"""What a restart of CoreDNS shows: which pod lost which lookups, and how long nodes went on asking it."""

from collections.abc import Iterator, Mapping, Sequence

from eksaddon.domain.probing.lines import POD, FailedLookup
from eksaddon.frozen import dataclass

SERVICE = "kube-dns"
SLACK_SECONDS = 0.2
"""Between the first failed lookup to a pod's own address and that of the Service which met the same end."""

APART_SECONDS = 1.0
"""Without a lost lookup before the next pod's end, after which those of a pod are complete."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """A pod that was deleted; times in seconds since the epoch.

    Attributes:
        deleted: Between two readings of the pods.
        within: Half of the time between these readings.
        gone: None while it is there.
    """

    pod: str
    deleted: float
    within: float = 0.0
    gone: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Cumulative counts of lookups to the Service."""

    at: float
    asked: int
    lost: int


@dataclass(frozen=True, slots=True)
class NodeTrace:
    """What the probe's pod on one node saw, by the clock of this host."""

    node: str
    points: tuple[Point, ...] = ()
    failures: tuple[FailedLookup, ...] = ()


@dataclass(frozen=True, slots=True)
class PodLoss:
    """Lookups to the Service that met one pod's end.

    Attributes:
        pod: Empty for lookups that no pod's end explains.
        propagation: Seconds from the pod's deletion to the last of them; 0 without a pod.
        is_complete: No later pod's end can hide a later one of these.
    """

    node: str
    pod: str
    lost: int
    first: float
    last: float
    propagation: float
    is_complete: bool = True


def attribute(
    deletions: Sequence[Deletion], traces: Sequence[NodeTrace], *, others_answer: bool = True
) -> tuple[PodLoss, ...]:
    """Match the lost lookups of each node with the pods that ended, node by node and in time.

    Args:
        others_answer: False if no pod was left: then all lookups are lost, so that no pod's end explains
            them.
    """
    known = deletions if others_answer else ()
    return tuple(loss for trace in traces for loss in _of_node(known, trace))


def _of_node(deletions: Sequence[Deletion], trace: NodeTrace) -> Iterator[PodLoss]:
    ends = _ends(deletions, trace)
    lost: dict[str, list[float]] = {}
    for each in sorted(trace.failures, key=lambda one: one.sent):
        if each.server == SERVICE:
            lost.setdefault(_met(ends, each.sent), []).append(each.sent)
    deleted = {each.pod: each.deleted for each in deletions}
    for pod, times in lost.items():
        later = (at for at in ends.values() if at > ends.get(pod, float("inf")))
        is_complete = times[-1] + APART_SECONDS < min(later, default=float("inf"))
        propagation = max(0.0, times[-1] - deleted[pod]) if pod else 0.0
        yield PodLoss(trace.node, pod, len(times), times[0], times[-1], propagation, is_complete)


def _ends(deletions: Sequence[Deletion], trace: NodeTrace) -> Mapping[str, float]:
    """When each deleted pod stopped answering at its own address, as seen from the node."""
    found: dict[str, float] = {}
    deleted = {each.pod: each.deleted - each.within for each in deletions}
    for each in sorted(trace.failures, key=lambda one: one.sent):
        pod = each.server.removeprefix(POD)
        if each.server.startswith(POD) and each.sent >= deleted.get(pod, float("inf")):
            found.setdefault(pod, each.sent)
    return found


def _met(ends: Mapping[str, float], sent: float) -> str:
    """The pod that had ended last when a lookup was sent; empty for none."""
    over = [(at, pod) for pod, at in ends.items() if at <= sent + SLACK_SECONDS]
    return max(over, default=(0.0, ""))[1]


def propagations(losses: Sequence[PodLoss]) -> Mapping[str, float]:
    """Measured propagation of new flows by node, in seconds; a node that met no ended pod has none."""
    found: dict[str, float] = {}
    for each in losses:
        own = [one for one in losses if one.node == each.node and one.pod]
        complete = [one for one in own if one.is_complete] or own
        if complete:
            found[each.node] = max(one.propagation for one in complete)
    return found


def by_second(traces: Sequence[NodeTrace]) -> tuple[tuple[int, int, int], ...]:
    """Second since the epoch, lookups asked and lost in it, over all nodes."""
    found: dict[int, tuple[int, int]] = {}
    for trace in traces:
        asked = lost = 0
        for point in trace.points:
            before = found.get(int(point.at), (0, 0))
            found[int(point.at)] = before[0] + point.asked - asked, before[1] + point.lost - lost
            asked, lost = point.asked, point.lost
    return tuple((second, *counts) for second, counts in sorted(found.items()))
