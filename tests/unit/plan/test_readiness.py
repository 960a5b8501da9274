"""The readiness probe in a plan: as desired values of the Deployment, with both sides of a change."""

from dataclasses import replace

import pytest

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.kube.readiness import READINESS_PATHS, STOCK_READINESS, Readiness
from eksaddon.domain.plan import Action, ClusterPlan, Plan, Plane
from eksaddon.domain.workload import NotChecked, Owner, Workload
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.verify import contradictions
from tests.support.planner import COREFILE, STORED, changes, managed, planned

EKS, OWN = Owner("eks", "Apply"), Owner("eksdns", "Apply")
LIVE = Workload(2, 30, 0, COREFILE, version=(1, 33), readiness_owners=(EKS, EKS, EKS))
PERIOD, FAILURES, TIMEOUT = READINESS_PATHS


def wants(*values: int | None) -> DesiredState:
    return DesiredState(readiness=Readiness(*values))


def plan_of(cluster: ClusterPlan) -> Plan:
    return Plan((cluster,), 0.0, plan_digest((cluster,)))


def finding(plan: ClusterPlan, rule: str) -> Diagnostic | None:
    return next((one for one in plan.diagnostics if one.rule == rule), None)


def test_only_what_differs_is_a_change_of_the_workload_plane():
    plan = planned(managed(STORED), wants(5, 1, 1), LIVE)
    assert changes(plan) == [(PERIOD, 10, 5), (FAILURES, 3, 1)]
    assert {change.plane for change in plan.changes} == {Plane.WORKLOAD}
    assert plan.workload is not None
    assert plan.workload.readiness == Readiness(5, 1, 1)
    assert plan.workload.readiness_before == STOCK_READINESS


def test_nothing_is_written_where_the_probe_is_as_desired():
    plan = planned(managed(STORED), wants(10, 3), LIVE)
    assert (plan.action, plan.workload) == (Action.IN_SYNC, None)
    assert finding(plan, "readiness-probe") is None


def test_fields_set_by_eksdns_before_stay_its_own():
    live = replace(LIVE, readiness=Readiness(5, 1, 1), readiness_owners=(OWN, OWN, EKS))
    plan = planned(managed(STORED), replace(wants(2), grace_seconds=45), live)
    assert plan.workload is not None
    assert plan.workload.readiness == Readiness(2, 1, None)


def test_a_field_of_eks_is_a_conflict_unless_it_is_forced():
    plan = planned(managed(STORED), wants(5), LIVE)
    owned = finding(plan, "field-owned")
    assert owned is not None
    assert owned.summary == f"{PERIOD} is managed by eks, which set it to 10"
    assert owned.detail == "apply fails unless --force-conflicts is set"


def test_both_sides_of_a_change_are_shown():
    found = finding(planned(managed(STORED), wants(5, 2), LIVE), "readiness-probe")
    assert found is not None
    assert found.severity is Severity.INFO
    assert found.summary == (
        "terminating pods stop serving 5 to 10 s after SIGTERM, not 20 to 30 s: a lameduck of 20 s protects "
        "clients that keep a source port, with kube-proxy 1.32 or later"
    )
    assert "if all pods end at the same time, nodes reject lookups" in found.detail
    assert "one failed probe" not in found.detail


def test_a_single_failure_is_pointed_out():
    found = finding(planned(managed(STORED), wants(None, 1), LIVE), "readiness-probe")
    assert found is not None
    assert found.detail.endswith("one failed probe takes a running pod out of the Service")


def test_without_a_look_it_is_not_applied_and_says_so():
    plan = planned(managed(STORED), wants(5), NotChecked("no access"))
    assert plan.action is Action.BLOCKED
    found = finding(plan, "workload-not-checked")
    assert found is not None
    assert f"{PERIOD} 5" in found.summary
    assert [change.note for change in plan.changes] == ["not applied: no access"]


def test_live_values_are_compared_with_their_owner():
    person = Owner("kubectl-edit", "Update")
    live = replace(LIVE, readiness=Readiness(3, 3, 1), readiness_owners=(person, EKS, EKS))
    fields = {one.path: one for one in planned(managed(STORED), wants(5, 1), live).live}
    assert (fields[PERIOD].desired, fields[PERIOD].live) == (5, 3)
    assert fields[PERIOD].owner == person
    assert fields[FAILURES].live == 3
    assert TIMEOUT not in fields


def test_a_plan_that_writes_another_probe_than_it_shows_is_found():
    plan = planned(managed(STORED), wants(5), LIVE)
    assert plan.workload is not None
    assert list(contradictions(plan_of(plan))) == []
    edited = replace(plan, workload=replace(plan.workload, readiness=Readiness(1)))
    assert list(contradictions(plan_of(edited))) != []


@pytest.mark.parametrize("other", [wants(4), wants(5, 1), DesiredState()])
def test_states_differ_by_the_probe(other):
    assert other.key != wants(5).key
