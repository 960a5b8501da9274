"""Two hundred clusters on a bad day: every one ends in exactly one outcome, and no update is sent twice."""

from collections import Counter
from dataclasses import replace

import pytest

from eksaddon.apply.steps import Limits
from eksaddon.domain.plan import Action
from eksaddon.domain.rollout.strategy import unstaged
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Changed, Failed, InSync, UnreachableTarget
from eksaddon.domain.target import ClusterRef
from eksaddon.report.documents.documents import plan_document, run_document
from tests.support.simulation import Simulation, fleet_of, simulate

CLUSTERS, ACCOUNTS, VERSIONS = 200, 10, 5

SCENARIO = """
    version: 1
    seed: {seed}
    defaultAccount: hub
    organization: {{management: hub}}
    accounts:
      - {{id: "100000000000", name: hub, regions: [eu-west-1], roles: {{eksdns-apply: {{}}}}}}
    documents:
      plain: '{{"replicaCount": 2}}'
      stock:
        values: {{computeType: ec2}}
        corefile: |
          .:53 {{
              errors
              health {{
                  lameduck 5s
                }}
              ready
              forward . /etc/resolv.conf
              loop
              reload
          }}
    fleets:
      - clusters: 200
        accounts: 10
        regions: [eu-west-1, us-east-1]
        versions:
          - v1.10.1-eksbuild.38
          - v1.11.4-eksbuild.51
          - v1.12.4-eksbuild.29
          - v1.13.2-eksbuild.21
          - v1.14.3-eksbuild.14
        documents: [stock, plain]
    faults:
{faults}
"""

FLEET = """
    version: 1
    coredns: {lameduck: 20s, replicaCount: 3}
    organization: {role: eksdns-apply, regions: [eu-west-1, us-east-1], excludeAccounts: ["100000000000"]}
"""

BAD_DAY = """
      - {kind: throttle-429, match: {service: eks}, probability: 0.05}
      - {kind: server-error, match: {service: eks}, probability: 0.03}
      - {kind: unavailable-html, match: {service: eks}, probability: 0.01}
      - {kind: reset-before, match: {operation: UpdateAddon}, probability: 0.05}
      - {kind: reset-after, match: {operation: UpdateAddon}, probability: 0.3}
      - {kind: truncated, match: {service: eks}, probability: 0.02}
      - {kind: unreachable, match: {account: fleet-007}}
"""


def bad_day(seed: int) -> Simulation:
    return simulate(SCENARIO.format(seed=seed, faults=BAD_DAY))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cluster_ends_in_one_outcome_and_no_update_is_sent_twice(seed):
    simulation = bad_day(seed)
    plan = simulation.plan(fleet_of(FLEET))
    summary = plan_document(plan)["summary"]
    assert isinstance(summary, dict)
    assert summary["targets"] == len(plan.clusters) == sum(summary.values()) - summary["targets"]
    unreachable = [one for one in plan.clusters if one.action is Action.UNREACHABLE]
    assert {one.target.account_name for one in unreachable} == {"fleet-007"}

    result = simulation.apply(replace(plan, strategy=unstaged(50, CLUSTERS)))

    counts = run_document(result)["summary"]
    assert isinstance(counts, dict)
    assert counts["targets"] == len(plan.clusters) == sum(counts.values()) - counts["targets"]
    assert len({one.plan.target.ref for one in result.results}) == len(result.results)
    for one in result.results:
        if isinstance(one.outcome, Changed):
            assert simulation.world.document(one.plan.target.ref) == one.plan.write.text  # type: ignore[union-attr]  # changed, so written
    assert max(accepted_updates(simulation).values()) == 1


def accepted_updates(simulation: Simulation) -> Counter[ClusterRef]:
    """How many updates the simulated EKS began on each cluster."""
    found: Counter[ClusterRef] = Counter()
    for cluster in simulation.world.clusters():
        addon = simulation.world.addon(cluster.ref)
        found[cluster.ref] = len(addon.updates) if addon else 0
    return found


def test_reachable_clusters_are_changed_and_a_second_run_writes_nothing():
    simulation = bad_day(4)
    first = simulation.plan(fleet_of(FLEET))
    simulation.apply(replace(first, strategy=unstaged(50, CLUSTERS)))
    simulation.world.clear_faults()
    again = simulation.plan(fleet_of(FLEET))
    simulation.apply(again, run_id="run-2")
    before = simulation.count("UpdateAddon")
    third = simulation.plan(fleet_of(FLEET))
    result = simulation.apply(third, run_id="run-3")
    assert simulation.count("UpdateAddon") == before
    assert {outcome_word(one.outcome) for one in result.results} == {"inSync"}
    assert len(result.results) == CLUSTERS


def test_a_failing_update_stops_the_fleet_before_it_spreads():
    simulation = simulate(
        SCENARIO.format(seed=1, faults="      - {kind: slow, match: {operation: Nothing}}").replace(
            "    fleets:",
            "    clusters:\n      - {name: aaa, account: hub, region: eu-west-1, addon: v1.11.4-eksbuild.51,"
            " document: plain, outcomes: [{result: fails}]}\n    fleets:",
        )
    )
    plan = simulation.plan(fleet_of(FLEET.replace(', excludeAccounts: ["100000000000"]', "")))
    result = simulation.apply(plan, Limits(total=1, per_scope=1))
    assert isinstance(result.results[0].outcome, Failed)
    assert simulation.count("UpdateAddon") == 1
    assert not any(isinstance(one.outcome, Changed | InSync | UnreachableTarget) for one in result.results)


def test_calls_for_a_plan_are_the_least_there_can_be():
    simulation = simulate(SCENARIO.format(seed=1, faults="      - {kind: slow, match: {operation: Nothing}}"))
    simulation.plan(fleet_of(FLEET))
    counts = simulation.world.calls.counts
    assert counts["DescribeAddon"] == CLUSTERS
    assert counts["DescribeAddonConfiguration"] == VERSIONS
    assert counts["ListClusters"] == ACCOUNTS * 2
    assert counts["AssumeRole"] == ACCOUNTS
    live = ("DescribeCluster", "list deployments", "get configmaps", "list pods")
    assert {counts[each] for each in live} == {CLUSTERS}, (
        "what runs is read once, where the Corefile is desired"
    )
    assert (counts["get version"], counts["get deployments"]) == (0, 0)
    assert "ListAddons" not in counts
