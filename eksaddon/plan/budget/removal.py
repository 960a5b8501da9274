"""The deletion of a disabled PodDisruptionBudget, which EKS leaves in place; pure."""

from collections.abc import Iterator

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import BudgetRemoval, Change, Plane
from eksaddon.domain.weakening import Weakening
from eksaddon.domain.workload import ADDON_BUDGET, Workload, WorkloadState
from eksaddon.plan.budget.left import is_disabled

PATH = f"PodDisruptionBudget/{ADDON_BUDGET}"
"""The object, as a plan names it; `podDisruptionBudget` is the key of the configuration."""

RULE = "pdb-removed"


def budget_removal(
    desired: DesiredState, stored: JsonObject, workload: WorkloadState
) -> BudgetRemoval | None:
    """The deletion, if it is wanted and the add-on's own budget exists; None otherwise."""
    if not (desired.removes_budget and isinstance(workload, Workload)):
        return None
    return next(
        (
            BudgetRemoval(each.uid, each.generation, each.limits, returns=not is_disabled(stored))
            for each in workload.budgets
            if each.is_addons and each.uid
        ),
        None,
    )


def removal_changes(removal: BudgetRemoval | None) -> tuple[Change, ...]:
    return () if removal is None else (Change(Plane.BUDGET, PATH, removal.limits, None),)


def removal_weakens(removal: BudgetRemoval | None) -> tuple[Weakening, ...]:
    """The loss of protection by the deletion, also where the configuration disabled the budget before."""
    if removal is None:
        return ()
    return (Weakening(PATH, f"live PodDisruptionBudget {ADDON_BUDGET}", removal.limits, "none"),)


def removal_notes(removal: BudgetRemoval | None) -> Iterator[Diagnostic]:
    """What is deleted, and what a rollback does about it."""
    if removal is None:
        return
    what = f"the PodDisruptionBudget {ADDON_BUDGET} ({removal.limits})"
    summary = f"deletes {what}, which EKS leaves in place"
    yield Diagnostic(Severity.INFO, RULE, summary, RETURNS if removal.returns else STAYS_DELETED)


RETURNS = "a rollback enables it again in the configuration, and EKS then creates it"
STAYS_DELETED = "a rollback does not create it again; podDisruptionBudget.enabled: true does"
