"""The planned deletion of a PodDisruptionBudget that EKS leaves in place."""

from dataclasses import replace

import pytest

from eksaddon.domain.desired import Consent, DesiredState
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    Overridden,
    WriteForbidden,
    WriteRefused,
)
from eksaddon.domain.plan import Action, BudgetRemoval, ClusterPlan, Plan, Plane
from eksaddon.domain.workload import Budget, NotChecked, Workload, WorkloadState
from eksaddon.plan.budget.left import RULE as LEFT
from eksaddon.plan.budget.removal import PATH, budget_removal
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.trials.dry_run import with_removal_trials
from eksaddon.plan.verify import contradictions
from tests.support.planner import REF, managed, planned

OFF: JsonObject = {"podDisruptionBudget": {"enabled": False}}
ON: JsonObject = {"podDisruptionBudget": {"enabled": True}}
OWN = Budget("coredns", "", "1", 1, "0a1b", 2, "7", ("eks",))
SEEN = Workload(2, 30, 0, None, budgets=(Budget("own"), OWN))
WANTED = DesiredState(values=OFF, remove_budget=True, consent=Consent(weaken=True))
STORED_ON, STORED_OFF = '{"replicaCount":2}', '{"podDisruptionBudget":{"enabled":false}}'


def with_budget(budget: Budget) -> Workload:
    return replace(SEEN, budgets=(budget,))


def plan(
    stored: str = STORED_OFF, workload: WorkloadState = SEEN, desired: DesiredState = WANTED
) -> ClusterPlan:
    return planned(managed(stored), desired, workload)


@pytest.mark.parametrize(("stored", "returns"), [(ON, True), ({}, True), (OFF, False)])
def test_the_addons_own_budget_is_deleted(stored: JsonObject, returns: bool) -> None:
    assert budget_removal(WANTED, stored, SEEN) == BudgetRemoval("0a1b", 2, "maxUnavailable 1", returns)


@pytest.mark.parametrize(
    ("desired", "workload"),
    [
        (replace(WANTED, remove_budget=False), SEEN),
        (replace(WANTED, values=ON), SEEN),
        (replace(WANTED, values={}), SEEN),
        (WANTED, NotChecked("not asked for")),
        (WANTED, Workload(2, 30, 0, None)),
        (WANTED, with_budget(replace(OWN, name="other"))),
        (WANTED, with_budget(replace(OWN, uid=""))),
        (WANTED, with_budget(replace(OWN, managers=()))),
        (WANTED, with_budget(replace(OWN, managers=("eks", "kubectl-edit")))),
    ],
)
def test_no_other_budget_is_deleted_and_none_without_being_asked(
    desired: DesiredState, workload: WorkloadState
) -> None:
    assert budget_removal(desired, OFF, workload) is None


@pytest.mark.parametrize(
    ("budget", "limits"),
    [
        (Budget("a", "1", ""), "minAvailable 1"),
        (Budget("a", "", "33%"), "maxUnavailable 33%"),
        (Budget("a"), "no limit"),
    ],
)
def test_the_limits_are_shown(budget: Budget, limits: str) -> None:
    assert budget.limits == limits


def test_the_deletion_alone_is_an_update_after_no_other_write() -> None:
    found = plan()
    assert (found.action, found.reason, found.write, found.workload) == (
        Action.UPDATE,
        "1 change",
        None,
        None,
    )
    assert [(each.plane, each.path, each.before, each.after) for each in found.changes] == [
        (Plane.BUDGET, PATH, "maxUnavailable 1", None)
    ]
    assert [str(each) for each in found.weakens] == [
        "live PodDisruptionBudget coredns from maxUnavailable 1 to none"
    ]
    assert found.writes


def test_the_deletion_follows_the_update_that_disables_the_budget() -> None:
    found = plan(STORED_ON)
    assert found.removal is not None
    assert (found.removal.returns, found.order) == (True, (Plane.ADDON,))
    assert [str(each) for each in found.weakens] == [
        "PodDisruptionBudget from maxUnavailable 1 to off",
        "live PodDisruptionBudget coredns from maxUnavailable 1 to none",
    ]


def test_without_consent_the_deletion_is_blocked() -> None:
    found = plan(desired=replace(WANTED, consent=Consent()))
    assert (found.action, found.removal) == (Action.BLOCKED, None)


@pytest.mark.parametrize(
    ("managers", "by"), [((), "a manager that is not on record"), (("argocd",), "argocd")]
)
def test_a_budget_of_another_manager_is_a_warning(managers: tuple[str, ...], by: str) -> None:
    found = plan(workload=with_budget(replace(OWN, managers=managers)))
    (one,) = [each for each in found.diagnostics if each.rule == LEFT]
    assert one.severity is Severity.WARNING
    assert f"was set by {by}, and eksdns deletes only the add-on's own" in one.summary
    assert (found.removal, found.action) == (None, Action.IN_SYNC)


def test_a_cluster_that_was_not_read_is_told_and_blocks() -> None:
    unread = NotChecked("no access")
    found = plan(workload=unread)
    assert (found.action, found.removal) == (Action.BLOCKED, None)
    assert found.reason.endswith("deletion of the PodDisruptionBudget coredns not applied")
    allowed = replace(WANTED, consent=Consent(weaken=True, unverified_workload=True))
    found = plan(workload=unread, desired=allowed)
    assert (found.action, found.is_half_applied) == (Action.IN_SYNC, True)


def contradiction(found: ClusterPlan) -> str:
    whole = Plan((found,), 0.0, plan_digest((found,)))
    return next(contradictions(whole), "")


def test_a_plan_as_made_contradicts_nothing() -> None:
    assert contradiction(plan()) == contradiction(plan(STORED_ON)) == ""


def test_a_deletion_that_does_not_fit_the_document_contradicts_it() -> None:
    found = plan(STORED_ON)
    enabled = plan(STORED_ON, desired=replace(WANTED, values={"replicaCount": 3}))
    assert "does not disable" in contradiction(replace(enabled, removal=found.removal))
    assert found.removal is not None
    other = replace(found, removal=replace(found.removal, returns=False))
    assert "what a rollback does" in contradiction(other)


@pytest.mark.parametrize(
    ("answer", "writes", "action", "rule"),
    [
        (Applied(), True, Action.UPDATE, ""),
        (ApplyConflict(()), True, Action.UPDATE, ""),
        (Overridden(()), True, Action.UPDATE, ""),
        (WriteRefused("a webhook says no"), False, Action.BLOCKED, "pdb-refused"),
        (WriteForbidden("access denied"), True, Action.BLOCKED, "pdb-forbidden"),
        (WriteForbidden("access denied"), False, Action.UPDATE, "pdb-not-tried"),
        (NotChecked("timed out"), True, Action.UPDATE, "pdb-not-tried"),
    ],
)
def test_a_dry_run_of_the_deletion_decides(
    answer: ApplyAnswer, writes: bool, action: Action, rule: str
) -> None:
    one, untouched = plan(), planned(managed(STORED_OFF), DesiredState(values=OFF), SEEN)
    whole = Plan((one, untouched), 0.0, plan_digest((one, untouched)))
    tried = with_removal_trials(whole, {REF: answer}, writes=writes)
    first, second = tried.clusters
    assert (first.action, second) == (action, untouched)
    assert (first.removal is None) is (action is Action.BLOCKED)
    assert {each.rule for each in first.diagnostics} - {each.rule for each in one.diagnostics} == (
        {rule} - {""}
    )
    assert tried.digest == plan_digest(tried.clusters)
    assert with_removal_trials(whole, {}) == whole
