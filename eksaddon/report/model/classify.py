"""Maps plans and outcomes to the state of a target in reports, and the reason."""

from typing import assert_never

from eksaddon.domain.cause import Trouble
from eksaddon.domain.plan import Action, ClusterPlan, Plane
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
    Updating,
)
from eksaddon.report.model.states import DriftState
from eksaddon.rules.scaled_down import RULE as SCALED_DOWN

_UNHEALTHY_RULES = frozenset({"addon-unhealthy", "update-failed"})
_UNPROVEN_RULES = frozenset({"addon-busy", "update-running", "update-unseen"})
"""Rules of the planner for a stored document that is not in force, or not known to be."""

NOT_CHECKED = "workload-not-checked"
"""Rule of the planner for a managed plane that could not be read."""


NEXT_START = "corefile-next-start"
"""Rule of the planner for a Corefile in force that CoreDNS would refuse at its next start."""


def drift_state(cluster: ClusterPlan) -> DriftState:
    """Classify a target: in sync only if compared in full and in force, unreachable only if not read."""
    match cluster.action:
        case Action.UPDATE | Action.BLOCKED if not cluster.changes and (found := _not_in_force(cluster)):
            return found
        case Action.UPDATE:
            return DriftState.DRIFTED
        case Action.BLOCKED:
            if _differs(cluster) or any(one.rule == SCALED_DOWN for one in cluster.diagnostics):
                return DriftState.DRIFTED
            return DriftState.UNVERIFIED
        case Action.SKIPPED:
            return DriftState.SKIPPED
        case Action.UNREACHABLE:
            return DriftState.UNREACHABLE
        case Action.IN_SYNC:
            is_refused = any(one.rule == NEXT_START for one in cluster.diagnostics)
            if is_refused or any(one.deviates for one in cluster.live):
                return DriftState.DRIFTED
            return DriftState.UNVERIFIED if _is_partly_read(cluster) else DriftState.IN_SYNC
        case _:
            assert_never(cluster.action)


def _not_in_force(cluster: ClusterPlan) -> DriftState | None:
    """State of a target whose document equals the desired one; None if it is in force as far as known."""
    rules = {one.rule for one in cluster.diagnostics}
    if rules & _UNHEALTHY_RULES:
        return DriftState.UNHEALTHY
    return DriftState.UNVERIFIED if rules & _UNPROVEN_RULES else None


def why_unverified(cluster: ClusterPlan) -> str:
    """Why the state of an unverified target is not fully known."""
    rules = {NOT_CHECKED, *_UNPROVEN_RULES}
    return cluster.reason or next(
        (one.summary for one in cluster.diagnostics if one.rule in rules), "not checked"
    )


def _is_partly_read(cluster: ClusterPlan) -> bool:
    return any(one.rule == NOT_CHECKED for one in cluster.diagnostics)


def _differs(cluster: ClusterPlan) -> bool:
    """Whether a difference was observed; planned changes of an unread plane do not count."""
    is_partly_read = _is_partly_read(cluster)
    return any(change.plane is Plane.ADDON or not is_partly_read for change in cluster.changes)


def trouble_of(outcome: Outcome) -> Trouble | None:
    return outcome.trouble if isinstance(outcome, Failed | UnreachableTarget | Unproven) else None


NOT_VERIFIED = "unverified: "
"""Begins the reason of a target that was changed or in sync, and whose live objects were not seen."""


def reason_of(outcome: Outcome) -> str:
    match outcome:
        case Skipped(reason=reason) | Blocked(reason=reason) | Stale(reason=reason):
            return reason
        case Failed(trouble=trouble) | UnreachableTarget(trouble=trouble) | Unproven(trouble=trouble):
            return trouble.message
        case Changed(note=note, unverified=unverified):
            return f"{NOT_VERIFIED}{unverified}" if unverified else note
        case Updating():
            return "its result is not recorded yet"
        case InSync(unverified=unverified):
            return f"{NOT_VERIFIED}{unverified}" if unverified else ""
        case RolledBack():
            return ""
        case _:
            assert_never(outcome)


def update_id_of(outcome: Outcome) -> str | None:
    match outcome:
        case Changed(update_id=found) | Failed(update_id=found) | Unproven(update_id=found):
            return found or None
        case RolledBack(update_id=found) | Updating(update_id=found):
            return found or None
        case InSync() | Skipped() | Blocked() | Stale() | UnreachableTarget():
            return None
        case _:
            assert_never(outcome)
