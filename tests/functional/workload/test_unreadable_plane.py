"""What could not be looked at is never taken for what was: blocked, unless the user says to go on."""

from dataclasses import replace

import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.exit_codes import of_drift, of_plan, of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.run.outcome import Changed, InSync, UnreachableTarget
from eksaddon.report.model.classify import drift_state, reason_of
from eksaddon.report.model.states import DriftState
from eksaddon.sim.api.faults import Deny, Fault, Match, Refuse
from eksaddon.sim.workload.applying import Layer, termination_fields
from tests.functional.workload.test_two_planes import ACCOUNTS, REF, planned, stage, writes
from tests.support.simulation import Simulation, fleet_of

RAISE = "version: 1\ncoredns: {lameduck: 40s, terminationGracePeriod: 60s, preStop: 5s%s}\n" + ACCOUNTS
LAMEDUCK = "version: 1\ncoredns: {lameduck: %s%s}\n" + ACCOUNTS
ALLOWED = ", allowUnverifiedWorkload: true"


def only(simulation: Simulation, fleet: str) -> ClusterPlan:
    (cluster,) = planned(simulation, fleet).clusters
    return cluster


def denied(simulation: Simulation, operation: str) -> None:
    simulation.world.add_fault(Fault(Deny(), Match(service="kubernetes", operation=operation)))


def test_one_answer_of_503_is_asked_again() -> None:
    simulation = stage()
    busy = Refuse(503, "ServiceUnavailable", "apiserver not ready")
    simulation.world.add_fault(Fault(busy, Match(service="kubernetes"), times=1))
    plan = planned(simulation, RAISE % "")
    assert plan.clusters[0].action is Action.UPDATE
    assert isinstance(simulation.apply(plan).results[0].outcome, Changed)
    assert writes(simulation) == ["patch deployments", "UpdateAddon"]


@pytest.mark.parametrize(
    "operation",
    [
        "get configmaps",
        "list pods",
        "list poddisruptionbudgets",
        "list horizontalpodautoscalers",
    ],
)
def test_one_missing_right_blocks_and_is_named(operation: str) -> None:
    simulation = stage()
    denied(simulation, operation)
    cluster = only(simulation, RAISE % "")
    assert cluster.action is Action.BLOCKED
    assert cluster.reason.startswith("workload plane unreadable")
    assert drift_state(cluster) is not DriftState.IN_SYNC
    simulation.apply(planned(simulation, RAISE % ""))
    assert writes(simulation) == []


def test_an_apply_that_may_list_deployments_but_not_get_one_writes_nothing() -> None:
    simulation = stage()
    denied(simulation, "get deployments")
    plan = planned(simulation, RAISE % "")
    assert plan.clusters[0].action is Action.UPDATE, "a plan lists them"
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, UnreachableTarget)
    assert writes(simulation) == []


@pytest.mark.parametrize("fleet", [RAISE.replace("40s", "5s") % "", LAMEDUCK % ("5s", "")])
def test_drift_counts_it_apart_and_ends_with_partial(fleet: str) -> None:
    simulation = stage(workload="api: no-entry")
    state = drift_state(only(simulation, fleet))
    assert state is DriftState.UNVERIFIED
    assert of_drift([state, DriftState.IN_SYNC], None, detailed=False) is ExitCode.PARTIAL


def test_the_user_may_continue_within_the_stock_grace_and_every_report_says_so() -> None:
    simulation = stage(workload="api: no-entry")
    plan = planned(simulation, LAMEDUCK % ("20s", ALLOWED))
    assert plan.clusters[0].action is Action.UPDATE
    assert "workload-not-checked" in {one.rule for one in plan.clusters[0].diagnostics}
    result = simulation.apply(plan)
    (one,) = result.results
    assert isinstance(one.outcome, Changed)
    assert "401" in one.outcome.unverified
    assert of_run(result) is ExitCode.PARTIAL


GRACE = "version: 1\ncoredns: {terminationGracePeriod: 60s%s%s}\n" + ACCOUNTS


@pytest.mark.parametrize("addon", ["", ", replicaCount: 3"], ids=["in sync", "to be changed"])
def test_a_grace_that_was_asked_for_and_not_applied_is_never_done(addon: str) -> None:
    simulation = stage(workload="api: no-entry")
    plan = planned(simulation, GRACE % (addon, ALLOWED))
    (cluster,) = plan.clusters
    assert cluster.action is (Action.UPDATE if addon else Action.IN_SYNC)
    assert of_plan(plan, detailed=False) is of_plan(plan, detailed=True) is ExitCode.PARTIAL
    state = drift_state(cluster)
    assert state is (DriftState.DRIFTED if addon else DriftState.UNVERIFIED)
    assert of_drift([state], None, detailed=True) is not ExitCode.DONE
    result = simulation.apply(plan)
    (one,) = result.results
    assert isinstance(one.outcome, Changed if addon else InSync)
    assert reason_of(one.outcome).endswith("terminationGracePeriodSeconds 60 not applied")
    assert of_run(result) is ExitCode.PARTIAL


def test_settings_beyond_the_default_grace_period_are_blocked_even_then() -> None:
    simulation = stage(workload="api: no-entry")
    cluster = only(simulation, LAMEDUCK % ("40s", ALLOWED))
    assert cluster.action is Action.BLOCKED
    assert "the last 10 s are cut" in cluster.reason


def test_a_live_grace_that_is_too_short_blocks_a_lameduck_alone() -> None:
    simulation = stage()
    layer = Layer("kubectl-edit", "Update", 0.0, termination_fields(10, None))
    simulation.world.change_workload(REF, lambda old: replace(old, layers=(layer,)))
    cluster = only(simulation, LAMEDUCK % ("20s", ""))
    assert cluster.action is Action.BLOCKED
    assert "against a grace period of 10 s" in cluster.reason
    assert drift_state(cluster) is DriftState.DRIFTED


def test_without_a_look_the_stock_grace_is_assumed_and_said() -> None:
    simulation = stage()
    chosen = fleet_of(LAMEDUCK % ("20s", ""))
    seen = observe(chosen, simulation.session, simulation.book)
    (cluster,) = make_plan(chosen, simulation.session, seen, strict=False, corefiles=False).clusters
    assert cluster.action is Action.UPDATE
    assert "workload-not-checked" in {one.rule for one in cluster.diagnostics}
    assert "get configmaps" not in simulation.world.calls.counts


REPLICAS = "version: 1\ncoredns: {replicaCount: %d}\n" + ACCOUNTS


@pytest.mark.parametrize(("count", "is_read"), [(2, False), (3, True)], ids=["in sync", "to update"])
def test_where_only_keys_of_the_add_on_are_desired_just_what_changes_is_read(
    count: int, is_read: bool
) -> None:
    simulation = stage()
    cluster = only(simulation, REPLICAS % count)
    assert (cluster.action is Action.UPDATE) is is_read
    assert bool([call for call in simulation.world.calls if call.service == "kubernetes"]) is is_read
    assert (cluster.basis is not None and cluster.basis.live is not None) is is_read


def test_a_comparison_alone_reads_none_of_it() -> None:
    simulation, chosen = stage(), fleet_of(REPLICAS % 3)
    seen = observe(chosen, simulation.session, simulation.book)
    (cluster,) = make_plan(chosen, simulation.session, seen, strict=False, foresees=False).clusters
    assert drift_state(cluster) is DriftState.DRIFTED
    assert not [call for call in simulation.world.calls if call.service == "kubernetes"]


def test_an_unreadable_cluster_does_not_block_keys_of_the_add_on() -> None:
    cluster = only(stage(workload="api: no-entry"), REPLICAS % 3)
    assert cluster.action is Action.UPDATE
    (one,) = (each for each in cluster.diagnostics if each.rule == "update-not-foreseen")
    assert one.summary.startswith("conflicts with the live objects could not be checked: the Kube")


def test_live_objects_that_are_asked_for_and_cannot_be_read_are_unverified_whatever_is_desired() -> None:
    simulation = stage(workload="api: no-entry")
    fleet = fleet_of("version: 1\ncoredns: {replicaCount: 2}\n" + ACCOUNTS)
    seen = observe(fleet, simulation.session, simulation.book)
    plan = make_plan(fleet, simulation.session, seen, strict=False, live=True)
    (cluster,) = plan.clusters
    assert cluster.action is Action.IN_SYNC
    assert drift_state(cluster) is DriftState.UNVERIFIED
    assert of_drift([drift_state(cluster)], None, detailed=False) is ExitCode.PARTIAL
    assert of_plan(plan, detailed=False) is ExitCode.PARTIAL
