"""Decides which plane is written first, so that DNS is protected in between as before and after."""

from dataclasses import replace

from eksaddon.domain.plan import Plane
from eksaddon.domain.termination import SECOND, TerminationSettings, timeline

WORKLOAD_FIRST = (Plane.WORKLOAD, Plane.ADDON)
ADDON_FIRST = (Plane.ADDON, Plane.WORKLOAD)


def plane_order(before: TerminationSettings, after: TerminationSettings) -> tuple[Plane, Plane]:
    """When raising, the workload is first, so that its grace covers the new lameduck; else it is last.

    For mixed changes, prefer the order that keeps pods answering, then the one that cuts less, then the one
    that leaves more spare grace.
    """
    workload_first = replace(after, lameducks_ns=before.lameducks_ns)
    addon_first = replace(before, lameducks_ns=after.lameducks_ns)
    is_better = _harm(addon_first) < _harm(workload_first)
    return ADDON_FIRST if is_better else WORKLOAD_FIRST


def _harm(between: TerminationSettings) -> tuple[bool, int, int]:
    line = timeline(between)
    spare = between.grace_seconds * SECOND - line.answers_ns
    return not line.answers_ns, line.cut_ns, -spare
