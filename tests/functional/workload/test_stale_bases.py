"""Whatever a plan relied on in the cluster was changed since: the target is stale, and nothing is written."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from eksaddon.app.runs.exit_codes import of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.run.outcome import Changed, Outcome, Stale
from eksaddon.rules.live_base import Expected
from eksaddon.sim.addon.lifecycle import Addon
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.state import OtherPod, StuckBy, Workload
from tests.functional.workload.test_two_planes import ACCOUNTS, LOWER, RAISE, REF, planned, stage, writes
from tests.support.simulation import Simulation

LAMEDUCK = "version: 1\ncoredns: {lameduck: 20s%s}\n" + ACCOUNTS
GRACE = "version: 1\ncoredns: {terminationGracePeriod: 45s}\n" + ACCOUNTS
Change = Callable[[Simulation], None]


def set_by_hand(grace: int | None = None, sleep: int | None = None) -> Change:
    def change(simulation: Simulation) -> None:
        layer = Layer("kubectl-edit", "Update", simulation.clock.now(), termination_fields(grace, sleep))
        simulation.world.change_workload(REF, lambda old: replace(old, layers=(*old.layers, layer)))

    return change


def scaled(count: int) -> Change:
    def edit(addon: Addon) -> Addon:
        keys = {**addon.live.keys, "replicaCount": count}
        return replace(addon, live=replace(addon.live, keys=keys))

    return lambda simulation: simulation.world.change(REF, edit)


def hook(simulation: Simulation) -> None:
    container: Json = {"name": "coredns", "lifecycle": {"preStop": {"exec": {"command": ["sleep", "9"]}}}}
    deployment: JsonObject = {"template": {"spec": {"containers": [container]}}}
    simulation.world.change_workload(REF, lambda old: replace(old, deployment=deployment))


def rollout(simulation: Simulation) -> None:
    """Somebody restarts the Deployment, and its new pods do not start."""
    at = simulation.clock.now()

    def change(old: Workload) -> Workload:
        return replace(old, changes=old.changes + 1, changed_at=at, stuck=True, stuck_by=StuckBy.IMAGE_PULL)

    simulation.world.change_workload(REF, change)
    simulation.clock.advance(900)


def old_pod(simulation: Simulation) -> None:
    pod = OtherPod("coredns-old", grace=60)
    simulation.world.change_workload(REF, lambda old: replace(old, pods=(pod,)))


MOVES: dict[str, tuple[Change, str]] = {
    "grace": (set_by_hand(grace=20), "the grace period was changed to 20 s"),
    "preStop": (set_by_hand(sleep=3), "preStop was changed to 3 s"),
    "hook": (hook, "a preStop hook of type exec was added"),
    "scaled up": (scaled(5), "the Deployment was scaled from 2 to 5 replicas"),
    "scaled down": (scaled(1), "the Deployment was scaled from 2 to 1 replicas"),
    "stuck rollout": (rollout, "a rollout is stuck that the plan did not know"),
    "older pod": (old_pod, "a rollout has begun that the plan did not know"),
}


def moved(simulation: Simulation, fleet: str, move: Change) -> Outcome:
    plan = planned(simulation, fleet)
    simulation.world.calls.clear()
    move(simulation)
    result = simulation.apply(plan)
    (one,) = result.results
    assert of_run(result) is (ExitCode.REFUSED if isinstance(one.outcome, Stale) else ExitCode.DONE)
    return one.outcome


@pytest.mark.parametrize(("move", "reason"), MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("mode", ["none", "overwrite"])
def test_an_add_on_update_is_stale(move: Change, reason: str, mode: str) -> None:
    simulation = stage()
    outcome = moved(simulation, LAMEDUCK % f", resolveConflicts: {mode}", move)
    assert isinstance(outcome, Stale)
    assert reason in outcome.reason
    assert writes(simulation) == []


@pytest.mark.parametrize("name", ["hook", "stuck rollout", "older pod"])
def test_a_write_of_the_deployment_is_stale(name: str) -> None:
    move, reason = MOVES[name]
    simulation = stage()
    outcome = moved(simulation, GRACE, move)
    assert isinstance(outcome, Stale)
    assert reason in outcome.reason
    assert writes(simulation) == []


def test_a_write_of_the_deployment_is_stale_after_an_edit_of_the_corefile() -> None:
    def edit(addon: Addon) -> Addon:
        text = ".:53 {\n    health {\n        lameduck 3s\n    }\n}\n"
        return replace(addon, live=replace(addon.live, keys={**addon.live.keys, "corefile": text}))

    simulation = stage()
    outcome = moved(simulation, GRACE, lambda one: one.world.change(REF, edit))
    assert isinstance(outcome, Stale)
    assert outcome.reason == "the live Corefile was changed after the plan was made"


@pytest.mark.parametrize("fleet", [RAISE, LAMEDUCK % ""])
def test_without_the_comparison_the_same_change_is_written_over(
    fleet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Expected, "moved", lambda *_: "")
    simulation = stage()
    assert isinstance(moved(simulation, fleet, scaled(5)), Changed)
    assert "UpdateAddon" in writes(simulation)


def test_changes_by_the_run_itself_are_expected() -> None:
    simulation = stage()
    for run_id, fleet in ("up", RAISE), ("down", LOWER):
        (one,) = simulation.apply(planned(simulation, fleet), run_id=run_id).results
        assert isinstance(one.outcome, Changed), one.outcome
