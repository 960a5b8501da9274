"""A template as desired is not enough: pods that are older are drift, and no apply calls them done."""

import json
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.app.runs.exit_codes import of_drift, of_plan, of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, Plane
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.plan.live import ROLLOUT_UNFINISHED
from eksaddon.plan.planner import FOLLOW
from eksaddon.plan.verify import contradictions
from eksaddon.report.documents.documents import drift_document
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import DriftState
from eksaddon.sim.api.faults import Deny, Fault, Match
from eksaddon.sim.workload.state import Workload
from tests.functional.workload.test_two_planes import (
    ACCOUNTS,
    COREFILE,
    REF,
    SCENARIO,
    live,
    planned,
    stage,
    writes,
)
from tests.support.examples import one_quick
from tests.support.proof import ask
from tests.support.simulation import Simulation
from tests.support.walkthrough import shell

GRACE = "version: 1\ncoredns: {terminationGracePeriod: 45s}\n" + ACCOUNTS
STUCK = {
    "image-pull": "ImagePullBackOff: Back-off pulling image",
    "crash-loop": "CrashLoopBackOff: back-off 5m0s restarting failed container (last exit: Error, code 1)",
    "unschedulable": "Unschedulable: 0/3 nodes are available",
    "quota": 'FailedCreate: pods "coredns" is forbidden: exceeded quota',
    "paused": "the Deployment is paused",
    "probe": "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503",
}


def held_up(stuck: str) -> Simulation:
    simulation = stage(workload=f"stuck: {stuck}")
    (one,) = simulation.apply(planned(simulation, GRACE)).results
    assert isinstance(one.outcome, Failed)
    assert STUCK[stuck] in one.outcome.trouble.message
    return simulation


@pytest.mark.parametrize("stuck", one_quick(STUCK))
def test_the_same_apply_again_follows_the_rollout_and_never_calls_it_done(stuck: str) -> None:
    simulation = held_up(stuck)
    plan = planned(simulation, GRACE)
    (cluster,) = plan.clusters
    assert (cluster.action, cluster.reason, cluster.order) == (Action.UPDATE, FOLLOW, (Plane.WORKLOAD,))
    (finding,) = (one for one in cluster.diagnostics if one.rule == ROLLOUT_UNFINISHED)
    assert STUCK[stuck] in finding.summary
    assert not list(contradictions(plan)), "a saved plan of it can be applied"
    assert of_plan(plan, detailed=True) is ExitCode.CHANGES
    result = simulation.apply(plan, run_id="again")
    (one,) = result.results
    assert isinstance(one.outcome, Failed)
    assert STUCK[stuck] in one.outcome.trouble.message
    assert of_run(result) is ExitCode.ERROR


def test_pods_that_are_older_than_the_template_are_drift() -> None:
    simulation = held_up("image-pull")
    plan = planned(simulation, GRACE)
    assert drift_state(plan.clusters[0]) is DriftState.DRIFTED
    assert of_drift([DriftState.DRIFTED], None, detailed=True) is ExitCode.CHANGES
    assert "ImagePullBackOff" in json.dumps(drift_document(plan))


def test_once_the_pods_are_there_it_is_done_without_another_change() -> None:
    simulation = held_up("image-pull")
    simulation.world.change_workload(REF, lambda old: Workload(layers=old.layers))
    plan = planned(simulation, GRACE)
    assert plan.clusters[0].action is Action.IN_SYNC
    assert drift_state(plan.clusters[0]) is DriftState.IN_SYNC


def test_a_rollout_that_continues_is_waited_for() -> None:
    simulation = stage()
    (one,) = simulation.apply(planned(simulation, GRACE)).results
    assert isinstance(one.outcome, Changed)
    now = simulation.clock.now()
    simulation.world.change_workload(REF, lambda old: replace(old, changes=old.changes + 1, changed_at=now))
    (cluster,) = planned(simulation, GRACE).clusters
    assert cluster.reason == FOLLOW
    (one,) = simulation.apply(planned(simulation, GRACE), run_id="again").results
    assert isinstance(one.outcome, Changed)
    assert live(simulation).unfinished == ""


@pytest.mark.parametrize(
    "pod", ["{name: gone, phase: Failed, reason: Evicted}", "{name: other, of: dns-canary}"]
)
def test_evicted_pods_and_those_of_other_deployments_hold_nothing_up(pod: str) -> None:
    simulation = stage(workload=f"pods: [{pod}]")
    (one,) = simulation.apply(planned(simulation, GRACE)).results
    assert isinstance(one.outcome, Changed)
    assert planned(simulation, GRACE).clusters[0].action is Action.IN_SYNC


def test_where_no_pods_are_desired_an_unfinished_rollout_is_a_finding_alone() -> None:
    simulation = held_up("image-pull")
    before = len(writes(simulation))
    plan = planned(simulation, "version: 1\ncoredns: {lameduck: 5s}\n" + ACCOUNTS)
    (cluster,) = plan.clusters
    assert cluster.action is Action.IN_SYNC
    assert ROLLOUT_UNFINISHED in {one.rule for one in cluster.diagnostics}
    assert len(writes(simulation)) == before


def test_a_role_that_may_not_list_events_still_reads() -> None:
    simulation = stage(workload="stuck: probe")
    simulation.world.add_fault(Fault(Deny(), Match(service="kubernetes", operation="list events")))
    (one,) = simulation.apply(planned(simulation, GRACE)).results
    assert isinstance(one.outcome, Failed)
    assert "NotReady: its containers run and are not ready" in one.outcome.trouble.message


def test_status_names_the_reason_too(tmp_path: Path) -> None:
    scenario = textwrap.dedent(SCENARIO).replace("COREFILE", COREFILE % "5s")
    (tmp_path / "scenario.yaml").write_text(scenario.replace("WORKLOAD", "stuck: image-pull"))
    (tmp_path / "fleet.yaml").write_text(GRACE)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        assert here.type("apply", "--cluster", "prod", "--yes", "-q")[0] == ExitCode.ERROR
        code, document = ask(here, "status", "--all", "--live", "-q", "-o", "json")
        (one,) = document["clusters"][0]["diagnostics"]
        assert (code, one["rule"]) == (ExitCode.DONE, ROLLOUT_UNFINISHED)
        assert STUCK["image-pull"] in one["summary"]
        code, text = here.type("doctor", "--all")
        assert "note: kubernetes read: the rollout is stuck" in text
        code, document = ask(here, "status", "--all", "-q", "-o", "json")
        assert (code, document["clusters"][0]["diagnostics"]) == (ExitCode.DONE, [])
        here.world.add_fault(Fault(Deny(), Match(service="kubernetes")))
        code, document = ask(here, "status", "--all", "--live", "-q", "-o", "json")
        assert code == ExitCode.PARTIAL
        assert document["clusters"][0]["diagnostics"][0]["rule"] == "workload-not-checked"
