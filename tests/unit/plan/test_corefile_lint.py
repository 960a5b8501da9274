"""A plan does not store a Corefile that CoreDNS refuses or that stops answering the cluster's queries."""

import pytest

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.workload import Workload
from tests.support.planner import COREFILE, STORED, managed, planned, wants

HOSTS = COREFILE.replace("    loop", "    hosts {\n        10.0.0.1 git.corp\n    }\n    loop")
REFUSED = COREFILE.replace("    loop", "    cache x {\n        nonsense\n    }\n    loop")
OUTSIDE = "`hosts` without `fallthrough` answers every name of its zones"


def found(plan: ClusterPlan, words: str) -> list[str]:
    return [one.severity.value for one in plan.diagnostics if words in one.summary]


def live(corefile: str) -> Workload:
    return Workload(replicas=2, grace_seconds=30, pre_stop_seconds=0, corefile=corefile)


def stores(corefile: str) -> dict[str, object]:
    return {**STORED, "corefile": corefile}


def test_a_corefile_that_stops_answering_is_not_stored() -> None:
    plan = planned(managed(STORED), wants(corefile=HOSTS))
    assert (plan.action, found(plan, OUTSIDE)) == (Action.BLOCKED, ["error"])
    assert "`example.com` get SERVFAIL" in plan.reason


@pytest.mark.parametrize(
    ("observed", "desired"),
    [
        (stores(HOSTS), wants(20)),
        (stores(HOSTS), wants(replicaCount=3)),
        (stores(HOSTS), wants(corefile=HOSTS.replace("5s", "7s"))),
    ],
)
def test_an_earlier_failure_is_a_warning_and_blocks_nothing(
    observed: dict[str, object], desired: DesiredState
) -> None:
    plan = planned(managed(observed), desired)
    assert (plan.action, found(plan, OUTSIDE)) == (Action.UPDATE, ["warning"])


def test_a_corefile_is_repaired() -> None:
    plan = planned(managed(stores(HOSTS)), wants(corefile=COREFILE))
    assert (plan.action, found(plan, OUTSIDE)) == (Action.UPDATE, [])


def test_the_first_corefile_of_an_addon_must_resolve() -> None:
    for workload in ({}, {"workload": live(COREFILE)}):
        plan = planned(managed(None), wants(corefile=HOSTS), **workload)
        assert (plan.action, found(plan, OUTSIDE)) == (Action.BLOCKED, ["error"])


def test_a_lameduck_goes_into_a_live_corefile_that_already_fails_queries() -> None:
    plan = planned(managed(None), wants(20), workload=live(HOSTS))
    assert plan.action is Action.UPDATE
    assert found(plan, OUTSIDE) == ["warning", "warning"]


def test_an_edit_that_coredns_would_not_read_is_blocked() -> None:
    """It refuses the Corefile with the edit as it does without, so that the edit could not take effect."""
    plan = planned(managed(stores(REFUSED)), wants(20))
    assert plan.action is Action.BLOCKED
    assert "error" in found(plan, "`nonsense`")
    budget = wants(podDisruptionBudget={"enabled": True, "maxUnavailable": 1})
    plan = planned(managed(stores(REFUSED)), budget)
    assert plan.action is Action.UPDATE
    assert set(found(plan, "`nonsense`")) == {"warning"}


def test_queries_that_the_live_corefile_fails_are_found_where_eks_holds_another() -> None:
    plan = planned(managed(STORED), wants(), workload=live(HOSTS))
    assert plan.action is Action.IN_SYNC
    assert found(plan, "the live Corefile fails queries: ") == ["warning"]
    plan = planned(managed(stores(HOSTS)), wants(), workload=live(HOSTS))
    assert found(plan, OUTSIDE) == ["warning"]
    assert found(plan, "the live Corefile fails queries: ") == []


def test_an_addon_version_that_is_none_is_not_judged() -> None:
    plan = planned(managed(stores(HOSTS), version="unknown"), wants(), workload=live(COREFILE))
    assert found(plan, OUTSIDE) == []


LOOP = "no server block has `loop`"
NO_LOOP = COREFILE.replace("    loop\n", "")


def test_a_likely_mistake_is_reported_where_the_plan_adds_it() -> None:
    assert found(planned(managed(STORED), wants(corefile=NO_LOOP)), LOOP) == ["warning"]
    assert found(planned(managed(None), wants(corefile=NO_LOOP)), LOOP) == ["warning"]
    assert found(planned(managed(stores(NO_LOOP)), wants(20)), LOOP) == []
    assert found(planned(managed(stores(NO_LOOP)), wants(corefile=COREFILE)), LOOP) == []


def test_a_mistake_that_the_deployment_decides_is_reported_once() -> None:
    plan = planned(managed(STORED), wants(corefile=COREFILE.replace("    ready\n", "")))
    assert len(found(plan, "new pods never become ready")) == 1
