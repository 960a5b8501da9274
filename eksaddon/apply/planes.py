"""Which planes of a target are still to be written, and what their outcomes come to; pure."""

from eksaddon.domain.plan import ClusterPlan, Plane
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, RolledBack
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.values import Unreadable, parse_values


def planes_left(target: TargetProgress) -> tuple[Plane, ...]:
    """In the order in which that is safe; backwards where they are taken back, and only what was changed."""
    order = target.plan.order or (Plane.ADDON,)
    if target.restores:
        changed = {Plane.ADDON: target.changed is not None, Plane.WORKLOAD: target.touched}
        order = tuple(plane for plane in reversed(order) if changed[plane])
    return tuple(plane for plane in order if plane not in target.done)


def is_good(outcome: object) -> bool:
    """Whether the next plane may follow."""
    return isinstance(outcome, Changed | InSync | RolledBack)


def combined(outcomes: list[Outcome]) -> Outcome:
    """One outcome for both planes: what was changed counts, with the add-on's update id."""
    changed = [one for one in outcomes if isinstance(one, Changed | RolledBack)]
    return next((one for one in changed if one.update_id), changed[0] if changed else outcomes[-1])


def planned_corefile(plan: ClusterPlan) -> str:
    """The Corefile that the add-on plane brings; empty where it brings none."""
    if plan.write is None:
        return ""
    values = parse_values(plan.write.text)
    found = None if isinstance(values, Unreadable) else values.tree.get("corefile")
    return found if isinstance(found, str) else ""
