"""preStop handlers that others set are removed or replaced only by force, and then really are."""

from dataclasses import replace

import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.asks import rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run
from eksaddon.apply.result import result_of
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, RolledBack
from eksaddon.sim.workload.state import Workload
from tests.functional.workload.test_two_planes import ACCOUNTS, REF, live, planned, stage, writes
from tests.support.simulation import Simulation, fleet_of

SLEEP = "settings: [{manager: kubectl-edit, grace: 45, preStop: 5}]"
HOOK = (
    "deployment: {template: {spec: {containers: [{name: coredns, lifecycle: {preStop: %s}},"
    " {name: proxy, lifecycle: {preStop: {exec: {command: [wait]}}}}]}}}"
)
EXEC, HTTP = "{exec: {command: [sleep, '5']}}", "{httpGet: {path: /bye, port: 8080}}"
NONE = "version: 1\ncoredns: {preStop: 0s, allowWeaken: true}\n" + ACCOUNTS
SOME = "version: 1\ncoredns: {terminationGracePeriod: 45s, preStop: 5s}\n" + ACCOUNTS


def only(simulation: Simulation, fleet: str, *, force: bool = False) -> ClusterPlan:
    (cluster,) = planned(simulation, fleet, force=force).clusters
    return cluster


def forced(simulation: Simulation, fleet: str) -> Outcome:
    chosen = fleet_of(fleet)
    seen = observe(chosen, simulation.session, simulation.book)
    plan = make_plan(chosen, simulation.session, seen, strict=False, force=True, tries=True)
    assert plan.clusters[0].action is Action.UPDATE, plan.clusters[0].reason
    simulation.world.calls.clear()
    (result,) = simulation.apply(plan).results
    return result.outcome


def findings(cluster: ClusterPlan) -> list[tuple[str, str, str]]:
    return [
        (one.severity.value, one.summary, one.detail)
        for one in cluster.diagnostics
        if one.rule == "pre-stop-foreign"
    ]


def test_no_sleep_over_anothers_sleep_says_that_it_needs_force() -> None:
    cluster = only(stage(workload=SLEEP), NONE)
    assert cluster.action is Action.BLOCKED
    summary = "the preStop sleep of 5 s is managed by kubectl-edit; an apply cannot remove it"
    assert findings(cluster) == [("error", summary, "--force-conflicts removes it")]


def test_by_force_the_sleep_is_really_gone() -> None:
    simulation = stage(workload=SLEEP)
    assert isinstance(forced(simulation, NONE), Changed)
    assert writes(simulation) == ["patch deployments", "patch deployments"]
    found = live(simulation)
    assert (found.grace_seconds, found.pre_stop_seconds, found.pre_stop_owner) == (45, 0, None)
    assert only(simulation, NONE).action is Action.IN_SYNC


def test_a_grace_below_the_old_sleep_follows_its_removal() -> None:
    simulation = stage(workload="settings: [{manager: kubectl-edit, grace: 60, preStop: 40}]")
    lower = NONE.replace("preStop: 0s", "preStop: 0s, terminationGracePeriod: 30s")
    assert isinstance(forced(simulation, lower), Changed)
    assert (live(simulation).grace_seconds, live(simulation).pre_stop_seconds) == (30, 0)


def test_a_rollback_restores_the_sleep() -> None:
    simulation = stage(workload=SLEEP)
    forced(simulation, NONE)
    finished = continue_run(
        "run-1", rolling_back(""), simulation.store, lambda _: simulation.session, Conduct()
    )
    assert [type(one.outcome) for one in result_of(finished.run_progress).results] == [RolledBack]
    assert live(simulation).pre_stop_seconds == 5


@pytest.mark.parametrize(("hook", "kind"), [(EXEC, "exec"), (HTTP, "httpGet")])
def test_a_hook_of_another_kind_is_replaced_by_force_alone(hook: str, kind: str) -> None:
    simulation = stage(workload=HOOK % hook)
    blocked = only(simulation, SOME)
    assert blocked.action is Action.BLOCKED
    by = "is managed by kubectl-client-side-apply; an apply cannot remove it"
    summary = f"the preStop hook of type {kind} {by}"
    assert findings(blocked) == [("error", summary, "--force-conflicts replaces it with a sleep of 5 s")]
    assert isinstance(forced(simulation, SOME), Changed)
    found = live(simulation)
    assert (found.grace_seconds, found.pre_stop_seconds, found.other_pre_stop) == (45, 5, "")
    assert only(simulation, SOME).action is Action.IN_SYNC


def test_a_hook_is_a_difference_where_none_is_desired() -> None:
    simulation = stage(workload=HOOK % EXEC)
    assert only(simulation, NONE).action is Action.BLOCKED
    cluster = only(simulation, NONE, force=True)
    assert [(one.path, one.before, one.after) for one in cluster.changes] == [
        ("lifecycle.preStop", "exec", None)
    ]
    assert findings(cluster)[0][0] == "warning"
    assert isinstance(forced(simulation, NONE), Changed)
    assert live(simulation).other_pre_stop == ""


def test_a_rollback_says_which_hook_it_cannot_restore() -> None:
    simulation = stage(workload=HOOK % EXEC)
    forced(simulation, SOME)
    finished = continue_run(
        "run-1", rolling_back(""), simulation.store, lambda _: simulation.session, Conduct()
    )
    (result,) = result_of(finished.run_progress).results
    assert isinstance(result.outcome, Failed)
    assert result.outcome.trouble.message.endswith(
        "add the preStop hook of type exec to the Deployment again"
    )
    assert live(simulation).grace_seconds == 30


def test_hooks_of_other_containers_take_one_line_and_stay() -> None:
    simulation = stage(workload=HOOK % EXEC)
    cluster = only(simulation, SOME, force=True)
    told = [one for one in cluster.diagnostics if one.rule == "sidecar-hooks"]
    assert [(one.severity, one.summary) for one in told] == [
        (Severity.INFO, "preStop hooks of other containers are not changed: proxy (exec)")
    ]
    forced(simulation, SOME)
    assert live(simulation).sidecar_hooks == ("proxy (exec)",)


def test_a_killed_removal_is_finished_by_the_next_apply() -> None:
    """The sleep is removed, the apply was never sent: the mix is ours, not an edit."""
    simulation = stage(workload=SLEEP)
    lower = NONE.replace("preStop: 0s", "preStop: 0s, terminationGracePeriod: 60s")
    plan = planned(simulation, lower, force=True)

    def half_done(old: Workload) -> Workload:
        kept = tuple(
            replace(
                layer, fields={path: value for path, value in layer.fields.items() if "f:preStop" not in path}
            )
            for layer in old.layers
        )
        return replace(old, layers=kept)

    simulation.world.change_workload(REF, half_done)
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, Changed)
    assert (live(simulation).grace_seconds, live(simulation).pre_stop_seconds) == (60, 0)
