"""Both planes of a target, on simulated clusters: order, proof, crash, rollback."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.asks import resuming, rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run, load_run, open_run
from eksaddon.apply.result import result_of
from eksaddon.corefile import parse
from eksaddon.corefile.meaning.resolve import lameducks
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import Action, Plan, Plane
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Unproven, UnreachableTarget
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.termination import TerminationSettings, timeline
from eksaddon.domain.workload import Workload
from eksaddon.report.documents.documents import plan_document
from eksaddon.report.formats.csv import csv_text
from eksaddon.report.formats.junit import junit
from eksaddon.report.formats.sarif import sarif
from eksaddon.report.model.build import drift_model
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.states import DriftState
from eksaddon.rules.reload_deadlock import RELOAD_SECONDS
from eksaddon.sim.addon.lifecycle import Addon
from eksaddon.sim.api.faults import Fault, Match, Refuse
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.store.memory import MemoryJournal, MemoryStore
from tests.support.rollouts import KilledError
from tests.support.simulation import Simulation, fleet_of, right_before_the_update, simulate

SCENARIO = """
    version: 1
    accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
    documents:
      low: {values: {replicaCount: 2}, corefile: COREFILE}
    clusters:
      - {name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: low, workload: {WORKLOAD}}
"""
BODY = r".:53 {\n    errors\n    health {\n        lameduck %s\n    }\n    ready\n    reload\n}\n"
COREFILE = f'"{BODY}"'
REF = ClusterRef("111122223333", "eu-west-1", "prod")
ACCOUNTS = 'accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]\n'
WANTED = "version: 1\ncoredns: {lameduck: %s, terminationGracePeriod: %s, preStop: 5s}\n"
RAISE = WANTED % ("20s", "45s") + ACCOUNTS
LOWER = WANTED.replace("{", "{allowWeaken: true, ") % ("5s", "30s") + ACCOUNTS


def stage(lameduck: str = "5s", workload: str = "") -> Simulation:
    return simulate(SCENARIO.replace("COREFILE", COREFILE % lameduck).replace("WORKLOAD", workload))


def planned(simulation: Simulation, fleet: str = RAISE, *, force: bool = False) -> Plan:
    chosen = fleet_of(fleet)
    seen = observe(chosen, simulation.session, simulation.book)
    return make_plan(chosen, simulation.session, seen, strict=False, force=force)


def live(simulation: Simulation) -> Workload:
    found = simulation.session.workloads.read(REF)
    assert isinstance(found, Workload)
    return found


def writes(simulation: Simulation) -> list[str]:
    wanted = {"UpdateAddon", "patch deployments"}
    return [call.operation for call in simulation.world.calls if call.operation in wanted]


def test_raising_gives_the_pods_their_grace_before_the_corefile_asks_for_it() -> None:
    simulation = stage()
    plan = planned(simulation)
    (cluster,) = plan.clusters
    assert cluster.order == (Plane.WORKLOAD, Plane.ADDON)
    result = simulation.apply(plan)
    assert [type(one.outcome) for one in result.results] == [Changed]
    assert writes(simulation) == ["patch deployments", "UpdateAddon"]
    found = live(simulation)
    assert (found.grace_seconds, found.pre_stop_seconds) == (45, 5)
    assert "lameduck 20s" in (found.corefile or "")


def test_a_second_run_writes_nothing() -> None:
    simulation = stage()
    simulation.apply(planned(simulation))
    again = planned(simulation)
    assert [one.action for one in again.clusters] == [Action.IN_SYNC]
    simulation.apply(again, run_id="run-2")
    assert writes(simulation) == ["patch deployments", "UpdateAddon"]


def test_lowering_goes_the_other_way_and_waits_for_the_corefile() -> None:
    simulation = stage()
    simulation.apply(planned(simulation))
    simulation.world.calls.clear()
    plan = planned(simulation, LOWER)
    assert plan.clusters[0].order == (Plane.ADDON, Plane.WORKLOAD)
    result = simulation.apply(plan, run_id="run-2")
    assert [type(one.outcome) for one in result.results] == [Changed]
    assert writes(simulation) == ["UpdateAddon", "patch deployments"]
    assert live(simulation).grace_seconds == 30


def test_an_old_coredns_reloads_the_corefile_before_its_pods_restart() -> None:
    simulation = stage()
    simulation.apply(planned(simulation))
    plan = planned(simulation, LOWER)
    rules = {(one.rule, one.severity) for one in plan.clusters[0].diagnostics}
    assert ("reload-deadlock", Severity.INFO) in rules
    simulation.apply(plan, run_id="run-2")
    at = {call.operation: call.at for call in simulation.world.calls}
    assert at["patch deployments"] - at["UpdateAddon"] >= RELOAD_SECONDS


def test_the_workload_plane_alone_needs_no_update_of_the_addon() -> None:
    simulation = stage("20s")
    result = simulation.apply(planned(simulation))
    assert [type(one.outcome) for one in result.results] == [Changed]
    assert writes(simulation) == ["patch deployments"]


def test_without_access_nothing_is_raised_and_the_other_plane_is_reported() -> None:
    simulation = stage(workload="api: no-entry")
    plan = planned(simulation)
    (cluster,) = plan.clusters
    assert cluster.action is Action.BLOCKED
    assert cluster.reason.startswith("workload plane unreadable: the Kubernetes API rejected the credentials")
    simulation.apply(plan)
    assert writes(simulation) == []


def test_fields_of_another_user_are_a_conflict_unless_they_are_forced() -> None:
    simulation = stage(workload="settings: [{manager: kubectl-edit, grace: 40}]")
    plan = planned(simulation)
    assert "field-owned" in {one.rule for one in plan.clusters[0].diagnostics}
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, Failed)
    assert "kubectl-edit" in result.outcome.trouble.message
    assert writes(simulation) == ["patch deployments"]
    (forced,) = simulation.apply(planned(simulation, force=True), run_id="run-2").results
    assert isinstance(forced.outcome, Changed)


def test_a_rollout_that_is_stuck_keeps_the_corefile_as_it_is() -> None:
    simulation = stage(workload="stuck: true")
    (result,) = simulation.apply(planned(simulation)).results
    assert isinstance(result.outcome, Failed | UnreachableTarget)
    assert writes(simulation) == ["patch deployments"]


def test_a_target_changed_after_planning_is_stale() -> None:
    simulation = stage()
    plan = planned(simulation)
    layer = Layer("kubectl-edit", "Update", 0.0, termination_fields(60, None))
    simulation.world.change_workload(REF, lambda old: replace(old, layers=(layer,)))
    assert {type(one.outcome).__name__ for one in simulation.apply(plan).results} == {"Stale"}
    assert writes(simulation) == []


def test_a_rollback_reverts_both_planes_the_other_way_round() -> None:
    simulation = stage()
    simulation.apply(planned(simulation))
    simulation.world.calls.clear()
    finished = continue_run(
        "run-1", rolling_back(""), simulation.store, lambda _: simulation.session, Conduct()
    )
    assert [type(one.outcome) for one in result_of(finished.run_progress).results] == [RolledBack]
    assert writes(simulation) == ["UpdateAddon", "patch deployments"]
    found = live(simulation)
    assert (found.grace_seconds, found.pre_stop_seconds) == (30, 0)
    assert "lameduck 5s" in (found.corefile or "")


def test_hand_edits_are_found_and_attributed() -> None:
    simulation = stage()
    simulation.apply(planned(simulation))
    layer = Layer("kubectl-edit", "Update", 0.0, termination_fields(10, None))
    simulation.world.change_workload(REF, lambda old: replace(old, layers=(*old.layers, layer)))
    (cluster,) = planned(simulation).clusters
    assert cluster.action is Action.UPDATE
    assert any("kubectl-edit" in one.summary for one in cluster.diagnostics)


def test_an_edit_behind_the_back_of_eks_is_drift_with_three_columns_and_its_owner() -> None:
    simulation = stage("20s")
    simulation.apply(planned(simulation))
    (cluster,) = planned(simulation).clusters
    assert drift_state(cluster) is DriftState.IN_SYNC
    edited = (COREFILE % "20s").replace("errors", "log").strip('"').replace(r"\n", "\n")

    def edit(addon: Addon) -> Addon:
        live = replace(addon.live, keys={**addon.live.keys, "corefile": edited})
        return replace(addon, live=live, foreign={"corefile": edited})

    simulation.world.change(REF, edit)
    (cluster,) = planned(simulation).clusters
    assert cluster.action is Action.IN_SYNC
    assert drift_state(cluster) is DriftState.DRIFTED
    (entry,) = drift_model(Plan((cluster,), 0.0, "")).entries
    assert entry.reason == "2 live settings differ from EKS's configuration"
    rows = {one.path: one for one in cluster.live if one.is_foreign}
    assert set(rows) == {'corefile[".:53"].errors', 'corefile[".:53"].log'}
    report_model = drift_model(Plan((cluster,), 0.0, ""))
    assert "log: live log, in EKS not set (kubectl-edit)" in csv_text(report_model)
    assert sarif(report_model, RenderOptions()).count('"ruleId": "drift"') == 2
    assert "in EKS errors (kubectl-edit)" in junit(report_model)
    assert {one.owner.manager for one in rows.values() if one.owner} == {"kubectl-edit"}


def is_safe(simulation: Simulation) -> bool:
    """Whether the grace that pods have holds what the live Corefile and preStop need."""
    found = live(simulation)
    blocks = lameducks(parse(found.corefile or ""))
    total = tuple(block.nanoseconds for block in blocks.blocks)
    settings = TerminationSettings(found.pre_stop_seconds, total, found.grace_seconds)
    return timeline(settings).cut_ns == 0


class DyingStore(MemoryStore):
    """Its journals end the process before they take so many records."""

    at = 0

    def create(self, run_id: str) -> MemoryJournal:
        journal = super().create(run_id)
        journal.before = self.die
        return journal

    def die(self, count: int) -> None:
        if count >= self.at:
            raise KilledError


def dies_at(boundary: int, fleet: str, prepare: Callable[[Simulation], None]) -> bool:
    """Kill before a record, check that it is safe there, resume, check the end; False behind the last one."""
    simulation = stage()
    prepare(simulation)
    plan = planned(simulation, fleet)
    store = DyingStore()
    store.at = boundary
    session = simulation.session
    try:
        open_run(plan, simulation.book.known(), store, session, Conduct(), run_id="k")
    except KilledError:
        pass
    else:
        return False
    assert is_safe(simulation)
    store.journals["k"].before = lambda _: None
    finished = continue_run("k", resuming, store, lambda _: session, Conduct())
    assert [type(one.outcome) for one in result_of(finished.run_progress).results] == [Changed]
    assert is_safe(simulation)
    assert writes(simulation).count("UpdateAddon") == (1 if fleet == RAISE else 2)
    return True


@pytest.mark.slow
def test_killed_at_any_record_while_raising_it_is_safe_and_resume_ends_it() -> None:
    survived = [dies_at(boundary, RAISE, lambda _: None) for boundary in range(1, 20)]
    assert survived.count(True) >= 5
    assert not survived[-1]


@pytest.mark.slow
def test_killed_at_any_record_while_lowering_it_is_safe_and_resume_ends_it() -> None:
    def raised(simulation: Simulation) -> None:
        simulation.apply(planned(simulation), run_id="first")

    survived = [dies_at(boundary, LOWER, raised) for boundary in range(1, 20)]
    assert survived.count(True) >= 5
    assert not survived[-1]


@pytest.mark.parametrize(("code", "outcome"), [(403, Failed), (500, Unproven)])
def test_a_plane_that_is_lost_between_the_two_leaves_a_run_that_can_be_retried(
    code: int, outcome: type
) -> None:
    simulation = stage()
    plan = planned(simulation)
    fault = Fault(Refuse(code, "X", "y"), Match(operation="patch deployments"))
    simulation.world.add_fault(fault)
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, outcome)
    assert load_run(simulation.store, "run-1").targets[REF].outcome is not None


def test_resume_ends_what_a_write_without_a_readable_answer_left_unproven() -> None:
    simulation = stage()
    plan = planned(simulation)
    simulation.world.add_fault(Fault(Refuse(500, "X", "y"), Match(operation="patch deployments")))
    assert [type(one.outcome) for one in simulation.apply(plan).results] == [Unproven]
    assert "UpdateAddon" not in writes(simulation)  # a longer lameduck needs the longer grace period first
    simulation.world.clear_faults()
    simulation.world.calls.clear()
    resumed = continue_run("run-1", resuming, simulation.store, lambda _: simulation.session, Conduct())
    assert [type(one.outcome) for one in result_of(resumed.run_progress).results] == [Changed]
    assert writes(simulation) == ["patch deployments", "UpdateAddon"]
    found = live(simulation)
    assert (found.grace_seconds, found.pre_stop_seconds) == (45, 5)
    assert "lameduck 20s" in (found.corefile or "")


def test_the_json_of_a_plan_shows_both_planes() -> None:
    (cluster,) = cast("list[JsonObject]", plan_document(planned(stage()))["clusters"])
    changes = cast("list[JsonObject]", cluster["changes"])
    assert {change["plane"] for change in changes} == {"addon", "workload"}


OWNED = "eksOwnsGrace: true"
OVERWRITING = RAISE.replace("coredns: {", "coredns: {resolveConflicts: overwrite, ")
REAPPLYING = OVERWRITING.replace("coredns: {", "coredns: {workload: {reapply: true}, ")


def test_grace_that_an_update_took_back_is_reported_with_whose_it_is_now() -> None:
    simulation = stage(workload=OWNED)
    (result,) = simulation.apply(planned(simulation, OVERWRITING, force=True)).results
    assert isinstance(result.outcome, Failed)
    assert result.outcome.trouble.message == "the add-on update reverted grace period to 30 s by eks"
    assert writes(simulation) == ["patch deployments", "UpdateAddon"]


def test_grace_that_an_update_took_back_is_set_again_where_that_is_asked_for() -> None:
    simulation = stage(workload=OWNED)
    (result,) = simulation.apply(planned(simulation, REAPPLYING, force=True)).results
    assert isinstance(result.outcome, Changed)
    assert writes(simulation) == ["patch deployments", "UpdateAddon", "patch deployments"]
    assert live(simulation).grace_seconds == 45


def test_grace_from_an_earlier_run_is_looked_after_when_only_the_addon_changes() -> None:
    simulation = stage("20s", OWNED)
    simulation.apply(planned(simulation, OVERWRITING, force=True))
    more = REAPPLYING.replace("coredns: {", "coredns: {replicaCount: 3, ")
    plan = planned(simulation, more, force=True)
    assert plan.clusters[0].order == (Plane.ADDON,)
    (result,) = simulation.apply(plan, run_id="run-2").results
    assert isinstance(result.outcome, Changed)
    assert live(simulation).grace_seconds == 45


def test_an_update_that_leaves_another_users_corefile_in_force_did_not_succeed() -> None:
    simulation = stage()
    edited = (COREFILE % "2s").strip('"').replace(r"\n", "\n")

    def edit(addon: Addon) -> Addon:
        held = replace(addon.live, keys={**addon.live.keys, "corefile": edited})
        return replace(addon, live=held, foreign={"corefile": edited})

    preserving = RAISE.replace("coredns: {", "coredns: {resolveConflicts: preserve, ")
    plan = planned(simulation, preserving)
    edited_since = right_before_the_update(simulation, lambda: simulation.world.change(REF, edit))
    (result,) = edited_since.apply(plan).results
    assert isinstance(result.outcome, Failed)
    assert result.outcome.trouble.message.endswith("the live ConfigMap still contains kubectl-edit's")


def test_access_that_is_lost_after_the_update_is_reported_and_is_not_a_failure() -> None:
    simulation = stage("20s")
    simulation.apply(planned(simulation))
    plan = planned(simulation, RAISE.replace("coredns: {", "coredns: {replicaCount: 3, "))
    fault = Fault(Refuse(403, "X", "y"), Match(operation="get deployments"))
    lost = right_before_the_update(simulation, lambda: simulation.world.add_fault(fault))
    (result,) = lost.apply(plan, run_id="run-2").results
    assert isinstance(result.outcome, Changed)
    assert result.outcome.unverified == "access denied by the Kubernetes API: y"


def test_a_plan_tries_its_applies_on_the_server_and_writes_nothing() -> None:
    simulation = stage(workload="settings: [{manager: kubectl-edit, grace: 40}]")
    chosen = fleet_of(RAISE)
    seen = observe(chosen, simulation.session, simulation.book)
    (cluster,) = make_plan(chosen, simulation.session, seen, strict=False, tries=True).clusters
    assert (cluster.action, cluster.writes) == (Action.BLOCKED, False)
    assert "managed by kubectl-edit" in cluster.reason
    (forced,) = make_plan(chosen, simulation.session, seen, strict=False, tries=True, force=True).clusters
    assert forced.action is Action.UPDATE
    assert live(simulation).grace_seconds == 40
