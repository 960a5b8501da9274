"""A Corefile in force that CoreDNS will refuse at its next start blocks whatever starts pods."""

import json

import pytest

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.plan.next_start import NEXT_START
from eksaddon.report.model.build import drift_model
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import DriftState
from tests.functional.workload.test_two_planes import ACCOUNTS, planned, writes
from tests.support.simulation import Simulation, simulate

GOOD = ".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n    reload\n}\n"
BAD = GOOD.replace("    reload\n", "    reload\n    proxy . 10.0.0.2\n")
"""CoreDNS has had no plugin `proxy` since 1.5.0."""

SCENARIO = """
    version: 1
    accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
    documents: {{low: {{values: {{replicaCount: 2}}, corefile: {stored}}}}}
    clusters:
      - {{name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: low, foreign: {{{foreign}}}}}
"""
FLEET = "version: 1\ncoredns: {%s}\n" + ACCOUNTS


def stage(stored: str, live: str = "") -> Simulation:
    foreign = f"corefile: {json.dumps(live)}" if live else ""
    return simulate(SCENARIO.format(stored=json.dumps(stored), foreign=foreign))


def only(simulation: Simulation, wanted: str) -> ClusterPlan:
    (cluster,) = planned(simulation, FLEET % wanted).clusters
    return cluster


def found(cluster: ClusterPlan) -> list[Severity]:
    return [one.severity for one in cluster.diagnostics if one.rule == NEXT_START]


@pytest.mark.parametrize(
    "wanted",
    [
        "terminationGracePeriod: 45s",
        "preStop: 5s",
        "replicaCount: 3",
        "configuration: {tolerations: [{operator: Exists}]}",
        "configuration: {podLabels: {team: dns}}",
    ],
)
def test_changes_that_start_pods_are_blocked(wanted: str) -> None:
    simulation = stage(BAD)
    cluster = only(simulation, wanted)
    assert cluster.action is Action.BLOCKED
    assert found(cluster) == [Severity.ERROR]
    assert "CoreDNS 1.11.4 will refuse the Corefile in force at its next start" in cluster.reason
    simulation.apply(planned(simulation, FLEET % wanted))
    assert writes(simulation) == []


def test_where_no_pod_starts_it_is_a_warning() -> None:
    cluster = only(stage(BAD), "podDisruptionBudget: {maxUnavailable: 1}")
    assert cluster.action is Action.UPDATE
    assert found(cluster) == [Severity.WARNING]


def test_without_another_change_it_is_drift() -> None:
    plan = planned(stage(BAD), FLEET % "replicaCount: 2")
    (cluster,) = plan.clusters
    assert cluster.action is Action.IN_SYNC
    assert found(cluster) == [Severity.WARNING]
    assert drift_state(cluster) is DriftState.DRIFTED
    assert drift_model(plan).entries[0].reason == cluster.reason
    assert "will refuse the Corefile in force" in cluster.reason


def test_a_live_edit_counts_more_than_what_is_stored() -> None:
    cluster = only(stage(GOOD, live=BAD), "terminationGracePeriod: 45s")
    assert cluster.action is Action.BLOCKED
    assert found(cluster) == [Severity.ERROR]
    assert found(only(stage(BAD, live=GOOD), "terminationGracePeriod: 45s")) == []


def test_a_plan_that_brings_a_good_corefile_is_not_a_finding() -> None:
    fixed = f"configuration: {{corefile: {json.dumps(GOOD)}}}"
    assert found(only(stage(BAD), fixed)) == []
    both = only(stage(BAD), f"terminationGracePeriod: 45s, {fixed}")
    assert found(both) == [Severity.ERROR], "the new pods would come before the new Corefile"


def test_a_good_corefile_is_not_a_finding() -> None:
    cluster = only(stage(GOOD), "terminationGracePeriod: 45s")
    assert (cluster.action, found(cluster)) == (Action.UPDATE, [])
