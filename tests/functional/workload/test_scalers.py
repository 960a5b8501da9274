"""Autoscalers that leave no trace on the Deployment are looked for, and never hide what an update lowers."""

import pytest

from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.workload import Scaler, ScalerKind
from eksaddon.sim.api.faults import Deny, Fault, Match
from tests.functional.workload.test_two_planes import ACCOUNTS, live, planned
from tests.support.simulation import Simulation, simulate

SCENARIO = """
    version: 1
    accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
    documents: {{none: {{values: {{computeType: ec2}}}}}}
    clusters:
      - name: prod
        region: eu-west-1
        addon: v1.11.4-eksbuild.51
        document: none
        foreign: {{replicaCount: 6}}
        workload: {{scaler: {{least: 2, most: 9, kind: {kind}}}}}
"""
FLEET = "version: 1\ncoredns: {lameduck: 20s, resolveConflicts: overwrite%s}\n" + ACCOUNTS
FOUND = {
    "horizontal": Scaler("coredns", 2, 9),
    "proportional": Scaler("dns-autoscaler", None, None, ScalerKind.PROPORTIONAL),
    "keda": Scaler("coredns", 2, 9, ScalerKind.KEDA),
}


def only(simulation: Simulation, more: str = "") -> ClusterPlan:
    (cluster,) = planned(simulation, FLEET % more).clusters
    return cluster


@pytest.mark.parametrize("kind", FOUND)
def test_each_kind_is_found_and_the_fall_is_blocked(kind: str) -> None:
    simulation = simulate(SCENARIO.format(kind=kind))
    cluster = only(simulation)
    assert live(simulation).scalers == (FOUND[kind],)
    assert cluster.action is Action.BLOCKED
    assert [str(each) for each in cluster.weakens] == ["replicas from 6 to 2"]
    (one,) = (each for each in cluster.diagnostics if each.rule == "replicas-fall")
    assert one.summary == f"the update lowers the running replicas from 6 to 2; {FOUND[kind]} scales up again"
    assert only(simulation, ", allowWeaken: true").action is Action.UPDATE


@pytest.mark.parametrize("resource", ["deployments", "scaledobjects"])
def test_a_role_of_an_earlier_release_still_reads_and_the_plan_says_what_it_lacks(resource: str) -> None:
    simulation = simulate(SCENARIO.format(kind="keda"))
    simulation.world.add_fault(Fault(Deny(), Match(service="kubernetes", operation=f"list {resource}")))
    cluster = only(simulation, ", allowWeaken: true")
    assert cluster.action is Action.UPDATE
    (one,) = (each for each in cluster.diagnostics if each.rule == "autoscalers-not-read")
    assert one.summary.startswith("some autoscalers could not be looked for: access denied")
