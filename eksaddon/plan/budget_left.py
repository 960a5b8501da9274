"""Findings about a PodDisruptionBudget that is disabled: EKS leaves an existing one in place; pure.

Source: AWS, managing-coredns: "enabled: false" does not delete the budget, nor does a downgrade.
"""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.observed import Managed
from eksaddon.domain.workload import Workload, WorkloadState

RULE = "pdb-left"
NAME = "coredns"
"""Name of the budget that EKS creates."""


def is_disabled(values: JsonObject) -> bool:
    budget = values.get("podDisruptionBudget")
    return isinstance(budget, dict) and budget.get("enabled") is False


def is_left(values: JsonObject, workload: Workload) -> bool:
    """Whether the configuration disables a budget that still exists."""
    return is_disabled(values) and any(each.name == NAME for each in workload.budgets)


def budget_left(
    observed: Managed, stored: JsonObject, planned: JsonObject, workload: WorkloadState
) -> Iterator[Diagnostic]:
    """A warning if the budget exists; a note if that was not read and the plan disables it."""
    command = f"kubectl -n {observed.namespace} delete poddisruptionbudget {NAME}"
    if isinstance(workload, Workload):
        if is_left(planned, workload):
            summary = (
                f"EKS leaves the PodDisruptionBudget {NAME} in place: `enabled: false` does not delete it"
            )
            yield Diagnostic(Severity.WARNING, RULE, summary, f"`{command}` deletes it, after the update")
    elif is_disabled(planned) and not is_disabled(stored):
        summary = f"EKS leaves an existing PodDisruptionBudget {NAME} in place: it does not delete it"
        yield Diagnostic(Severity.INFO, RULE, summary, f"`{command}` deletes it, after the update")
