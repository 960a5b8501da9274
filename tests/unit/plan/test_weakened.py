"""A plan that leaves cluster DNS with less protection is blocked until allowed, and shows what is lost."""

import json
from dataclasses import replace

import pytest

from eksaddon.domain.desired import Consent, DesiredState, ResolveConflicts
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.update import UpdateRecord
from eksaddon.domain.workload import Owner, Scaler, Workload
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.verify import contradictions
from tests.support.planner import COREFILE, STORED, managed, planned, wants

LIVE = Workload(2, 45, 5, COREFILE, (1, 33))
HPA = Owner("kube-controller-manager", "Update")
MANY = {**STORED, "replicaCount": 40}
LONG = {**STORED, "corefile": COREFILE.replace("5s", "20s")}


def allowed(desired: DesiredState) -> DesiredState:
    return replace(desired, consent=replace(desired.consent, weaken=True))


def lost(plan: ClusterPlan) -> list[str]:
    return [str(one) for one in plan.weakens]


def kinds(plan: ClusterPlan) -> list[Severity]:
    return [one.severity for one in plan.diagnostics if one.rule == "weakens-dns"]


def test_from_forty_replicas_to_three_is_blocked():
    plan = planned(managed(MANY), wants(replicaCount=3))
    assert plan.action is Action.BLOCKED
    assert plan.reason == "weakens DNS: replicas from 40 to 3"
    assert not plan.writes
    assert lost(plan) == ["replicas from 40 to 3"]
    assert kinds(plan) == [Severity.ERROR]


def test_with_consent_it_is_written_and_still_marked():
    plan = planned(managed(MANY), allowed(wants(replicaCount=3)))
    assert plan.action is Action.UPDATE
    assert lost(plan) == ["replicas from 40 to 3"]
    assert kinds(plan) == [Severity.INFO]


@pytest.mark.parametrize(
    ("stored", "desired", "workload", "expected"),
    [
        (LONG, wants(5), LIVE, ["lameduck from 20 s to 5 s"]),
        (LONG, wants(corefile=COREFILE), LIVE, ["lameduck from 20 s to 5 s"]),
        (LONG, wants(corefile=None), LIVE, ["lameduck from 20 s to 5 s"]),
        (STORED, DesiredState(grace_seconds=30), LIVE, ["grace period from 45 s to 30 s"]),
        (STORED, DesiredState(pre_stop_seconds=0), LIVE, ["preStop from 5 s to none"]),
        (STORED, wants(podDisruptionBudget={"enabled": False}), LIVE, ["PodDisruptionBudget from"]),
        (STORED, wants(topologySpreadConstraints=[]), LIVE, ["spread over topology.kubernetes.io/zone"]),
        (STORED, wants(20), LIVE, []),
        (STORED, DesiredState(grace_seconds=60, pre_stop_seconds=5), LIVE, []),
    ],
)
def test_each_kind_of_weakening(stored, desired, workload, expected):
    live = replace(workload, corefile=stored["corefile"])
    found = lost(planned(managed(stored), desired, live))
    assert len(found) == len(expected)
    assert all(one.startswith(begin) for one, begin in zip(found, expected, strict=True))


def test_replicas_that_run_fall_although_no_change_says_so():
    """EKS applies its replicas with every update; an autoscaler that raises them again is no excuse."""
    live = replace(LIVE, replicas=6, scalers=(Scaler("coredns", 2, 10),))
    plan = planned(managed(STORED), wants(20), live)
    assert plan.action is Action.BLOCKED
    assert lost(plan) == ["replicas from 6 to 2"]
    assert "coredns scales up again" in str(plan.diagnostics)
    agreed = planned(managed(STORED), allowed(wants(20)), live)
    assert agreed.action is Action.UPDATE
    assert "replicas-fall" in {one.rule for one in agreed.diagnostics if one.severity is Severity.WARNING}


def test_values_kept_by_preserve_are_not_lowered():
    live = replace(LIVE, replicas=6, replicas_owner=HPA)
    preserving = replace(wants(20), resolve_conflicts=ResolveConflicts.PRESERVE)
    assert lost(planned(managed(STORED), preserving, live)) == []
    overwriting = replace(preserving, resolve_conflicts=ResolveConflicts.OVERWRITE)
    assert lost(planned(managed(STORED), overwriting, live)) == ["replicas from 6 to 2"]


def test_the_add_ons_own_autoscaling_is_compared_by_its_minimum():
    scaling = {"enabled": True, "minReplicas": 4, "maxReplicas": 10}
    stored = {**STORED, "replicaCount": 9, "autoScaling": scaling}
    live = replace(LIVE, replicas=9)
    assert lost(planned(managed(stored), wants(20), live)) == []
    fewer = wants(autoScaling={"minReplicas": 2})
    assert lost(planned(managed(stored), fewer, live)) == ["replicas from 4 to 2"]


def test_a_live_lameduck_that_an_update_would_replace_counts():
    live = replace(LIVE, corefile=COREFILE.replace("5s", "30s"), corefile_owner=Owner("eks", "Apply"))
    assert "lameduck from 30 s to 5 s" in lost(planned(managed(STORED), wants(replicaCount=3), live))


def test_a_live_corefile_that_cannot_be_read_is_not_compared():
    live = replace(LIVE, corefile=".:53 {\n    health {\n")
    assert lost(planned(managed(STORED), wants(replicaCount=3), live)) == []


def test_without_a_known_default_nothing_is_reported_for_the_lameduck():
    odd = managed({**LONG}, version="v9.9.9-odd")
    assert "lameduck" not in str(lost(planned(odd, allowed(wants(corefile=None)))))


@pytest.mark.parametrize(
    ("version", "is_spread"),
    [
        ("v1.9.3-eksbuild.10", False),
        ("v1.9.3-eksbuild.11", True),
        ("v1.10.1-eksbuild.7", True),
        ("v1.11.4-eksbuild.28", True),
        ("v1.8.7-eksbuild.9", False),
        ("odd", False),
    ],
)
def test_the_spread_over_zones_is_that_of_the_version(version, is_spread):
    plan = planned(managed(STORED, version=version), allowed(wants(topologySpreadConstraints=[])))
    assert bool(lost(plan)) is is_spread


def test_a_document_that_is_sent_again_is_checked_too():
    failed = UpdateRecord("u", "Failed", 1.0, (("ConfigurationValues", json.dumps(STORED)),))
    again = managed(STORED, update=failed)
    live = replace(LIVE, replicas=6)
    blocked = planned(again, wants(replicaCount=2), live)
    assert (blocked.action, lost(blocked)) == (Action.BLOCKED, ["replicas from 6 to 2"])
    assert planned(again, allowed(wants(replicaCount=2)), live).action is Action.UPDATE


def test_strict_blocks_every_warning():
    live = replace(LIVE, replicas=1, other_pre_stop="exec")
    desired = wants(20)
    assert planned(managed(STORED), desired, live).action is Action.UPDATE
    plan = planned(managed(STORED), desired, live, strict=True)
    assert plan.action is Action.BLOCKED
    assert Severity.WARNING not in {one.severity for one in plan.diagnostics}


def _saved(cluster: ClusterPlan) -> Plan:
    return Plan((cluster,), 0.0, plan_digest((cluster,)))


def test_a_saved_plan_carries_the_consent_and_cannot_be_edited_to_have_it():
    plan = planned(managed(MANY), allowed(wants(replicaCount=3)))
    assert [*contradictions(_saved(plan))] == []
    assert plan.basis is not None
    without = replace(plan, basis=replace(plan.basis, allows_weakening=False))
    assert "weakens DNS: replicas from 40 to 3" in next(contradictions(_saved(without)))
    hidden = replace(plan, weakens=())
    assert "weakened settings" in next(contradictions(_saved(hidden)))


def test_a_strict_plan_with_a_warning_is_refused():
    plan = planned(managed(STORED), wants(20), replace(LIVE, replicas=1, other_pre_stop="exec"))
    assert [*contradictions(_saved(plan))] == []
    assert plan.basis is not None
    strict = replace(plan, basis=replace(plan.basis, strict=True))
    assert next(contradictions(_saved(strict)), "").endswith("preStop hook of type exec")


def test_consent_is_part_of_the_desired_state():
    assert DesiredState(consent=Consent(weaken=True)).key != DesiredState().key
