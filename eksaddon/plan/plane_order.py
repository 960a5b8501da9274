"""Which plane is written first, so that DNS is no worse off in between than before and after."""

from dataclasses import replace

from eksaddon.domain.plan import Plane
from eksaddon.domain.termination import SECOND, TerminationSettings, timeline

WORKLOAD_FIRST = (Plane.WORKLOAD, Plane.ADDON)
ADDON_FIRST = (Plane.ADDON, Plane.WORKLOAD)


def plane_order(before: TerminationSettings, after: TerminationSettings) -> tuple[Plane, Plane]:
    """Raising, the workload goes first, so that its grace holds the lameduck that comes; lowering, last.

    Where settings move both ways, the order counts that keeps pods answering, then the one that cuts less,
    then the one that leaves more of the grace to spare.
    """
    workload_first = replace(after, lameducks_ns=before.lameducks_ns)
    addon_first = replace(before, lameducks_ns=after.lameducks_ns)
    is_better = _harm(addon_first) < _harm(workload_first)
    return ADDON_FIRST if is_better else WORKLOAD_FIRST


def _harm(between: TerminationSettings) -> tuple[bool, int, int]:
    line = timeline(between)
    spare = between.grace_seconds * SECOND - line.answers_ns
    return not line.answers_ns, line.cut_ns, -spare
