"""Findings about a PodDisruptionBudget that is disabled: EKS leaves an existing one in place; pure.

Source: AWS, managing-coredns: "enabled: false" does not delete the budget, nor does a downgrade.
"""

from collections.abc import Iterator

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.observed import Managed
from eksaddon.domain.workload import ADDON_BUDGET, Budget, Workload, WorkloadState

RULE = "pdb-left"
BY_EKSDNS = "--remove-disabled-budget (fleet file: workload.removeDisabledBudget)"


def is_disabled(values: JsonObject) -> bool:
    budget = values.get("podDisruptionBudget")
    return isinstance(budget, dict) and budget.get("enabled") is False


def is_left(values: JsonObject, workload: Workload) -> bool:
    """Whether the configuration disables a budget that still exists."""
    return is_disabled(values) and _found(workload) is not None


def _found(workload: Workload) -> Budget | None:
    return next((each for each in workload.budgets if each.name == ADDON_BUDGET), None)


def budget_left(
    observed: Managed, stored: JsonObject, planned: JsonObject, desired: DesiredState, workload: WorkloadState
) -> Iterator[Diagnostic]:
    """A warning if the budget exists and stays; a note if that was not read and the plan disables it."""
    command = f"kubectl -n {observed.namespace} delete poddisruptionbudget {ADDON_BUDGET}"
    detail = f"`{command}` deletes it after the update; so does {BY_EKSDNS}"
    if not isinstance(workload, Workload):
        if is_disabled(planned) and not is_disabled(stored) and not desired.removes_budget:
            yield Diagnostic(Severity.INFO, RULE, LEFT, detail)
        return
    budget = _found(workload)
    if budget is None or not is_disabled(planned):
        return
    if not desired.removes_budget:
        yield Diagnostic(Severity.WARNING, RULE, LEFT, detail)
    elif not (budget.is_addons and budget.uid):
        by = ", ".join(budget.managers) or "a manager that is not on record"
        what = f"the PodDisruptionBudget {ADDON_BUDGET} was set by {by}"
        summary = f"{what}, and eksdns deletes only the add-on's own"
        yield Diagnostic(Severity.WARNING, RULE, summary, f"`{command}` deletes it")


LEFT = (
    f"EKS leaves the PodDisruptionBudget {ADDON_BUDGET} in place: "
    "`enabled: false` does not delete an existing one"
)
