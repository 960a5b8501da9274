"""A disabled PodDisruptionBudget, which EKS leaves in place."""

import pytest

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.workload import Budget, NotChecked, Workload, WorkloadState
from eksaddon.plan.budget.left import RULE, budget_left
from eksaddon.plan.live_fields import Documents, live_fields
from tests.support.planner import managed, wants

OFF: JsonObject = {"podDisruptionBudget": {"enabled": False}}
ON: JsonObject = {"podDisruptionBudget": {"enabled": True}}
LEFT = Workload(2, 30, 0, None, budgets=(Budget("own"), Budget("coredns", max_unavailable="1")))
GONE = Workload(2, 30, 0, None, budgets=(Budget("own"),))
UNREAD = NotChecked("not asked for", is_chosen=True)
COMMAND = (
    "`kubectl -n kube-system delete poddisruptionbudget coredns` deletes it after the update; "
    "so does --remove-disabled-budget (fleet file: workload.removeDisabledBudget)"
)


def found(stored: JsonObject, planned: JsonObject, workload: WorkloadState) -> list[Diagnostic]:
    return list(budget_left(managed(stored), stored, planned, DesiredState(), workload))


@pytest.mark.parametrize("stored", [{}, ON, OFF])
def test_a_budget_that_is_left_is_a_warning_with_the_command_that_deletes_it(stored: JsonObject) -> None:
    (one,) = found(stored, OFF, LEFT)
    assert (one.severity, one.rule, one.detail) == (Severity.WARNING, RULE, COMMAND)
    assert "EKS leaves the PodDisruptionBudget coredns in place" in one.summary


@pytest.mark.parametrize(
    ("stored", "planned", "workload"),
    [
        (OFF, OFF, GONE),
        (OFF, ON, LEFT),
        ({}, {}, LEFT),
        (OFF, OFF, UNREAD),
        (OFF, {}, UNREAD),
        ({}, {"podDisruptionBudget": "off"}, LEFT),
    ],
)
def test_nothing_is_reported_for_a_budget_that_is_wanted_or_gone(
    stored: JsonObject, planned: JsonObject, workload: WorkloadState
) -> None:
    assert found(stored, planned, workload) == []


def test_disabling_a_budget_without_a_look_at_the_cluster_is_a_note() -> None:
    (one,) = found(ON, OFF, UNREAD)
    assert (one.severity, one.rule, one.detail) == (Severity.INFO, RULE, COMMAND)


@pytest.mark.parametrize(("workload", "deviates"), [(LEFT, [True]), (GONE, [])])
def test_a_budget_that_is_left_is_drift(workload: Workload, deviates: list[bool]) -> None:
    one_budget = Workload(2, 30, 0, None, budgets=workload.budgets[1:])
    fields = live_fields(Documents(OFF, OFF), wants(podDisruptionBudget={"enabled": False}), one_budget)
    shown = [each for each in fields if each.path == "podDisruptionBudget.enabled"]
    assert [each.deviates for each in shown] == deviates
