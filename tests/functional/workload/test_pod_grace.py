"""No write asks more of pods than their grace holds, whichever verb writes."""

from dataclasses import replace

import pytest

from eksaddon.app.runs.asks import resuming, retrying, rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run, open_run
from eksaddon.apply.result import result_of
from eksaddon.domain.cause import Cause
from eksaddon.domain.plan import Plane
from eksaddon.domain.run.outcome import Changed, Failed, Outcome
from eksaddon.domain.run.records import PlaneDone
from eksaddon.domain.run.result import RunResult
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.state import Workload
from tests.functional.workload.test_two_planes import REF, live, planned, stage, writes
from tests.support.examples import one_quick
from tests.support.rollouts import KilledError
from tests.support.simulation import Simulation

RAISE = (
    "version: 1\ncoredns: {lameduck: 40s, terminationGracePeriod: 60s, preStop: 5s}\n"
    'accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]\n'
)
ALONE = RAISE.replace(", terminationGracePeriod: 60s, preStop: 5s", "")


def lameduck(simulation: Simulation) -> str:
    return (live(simulation).corefile or "").partition("lameduck ")[2].partition("\n")[0]


def only(result: RunResult) -> Outcome:
    (one,) = result.results
    return one.outcome


def assert_held(outcome: Outcome, why: str) -> None:
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.POD_GRACE
    assert "has a grace period of 30 s, but needs 40 s" in outcome.trouble.message
    assert why in outcome.trouble.message


@pytest.mark.parametrize(
    ("stuck", "why"),
    one_quick(
        [
            ("image-pull", "ImagePullBackOff"),
            ("crash-loop", "CrashLoopBackOff"),
            ("unschedulable", "Unschedulable: 0/3 nodes are available"),
            ("quota", "exceeded quota"),
            ("paused", "the Deployment is paused"),
            ("probe", "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503"),
        ]
    ),
)
def test_the_same_apply_again_does_not_write_the_lameduck_over_old_pods(stuck: str, why: str) -> None:
    simulation = stage(workload=f"stuck: {stuck}")
    first = only(simulation.apply(planned(simulation, RAISE)))
    assert isinstance(first, Failed)
    assert why in first.trouble.message
    again = only(simulation.apply(planned(simulation, RAISE), run_id="run-2"))
    assert isinstance(again, Failed)
    assert why in again.trouble.message
    alone = planned(simulation, ALONE)
    assert alone.clusters[0].order == (Plane.ADDON,)
    assert_held(only(simulation.apply(alone, run_id="run-3")), why)
    assert writes(simulation) == ["patch deployments"] * 2
    assert lameduck(simulation) == "5s"


def test_a_rollout_that_continues_is_waited_for() -> None:
    simulation = stage()
    simulation.session.workloads.write(REF, planned(simulation, RAISE).clusters[0].workload)  # type: ignore[arg-type]  # there is one
    for fleet, order in (ALONE, (Plane.ADDON,)), (RAISE, (Plane.WORKLOAD, Plane.ADDON)):
        assert planned(simulation, fleet).clusters[0].order == order
    assert isinstance(only(simulation.apply(planned(simulation, ALONE))), Changed)
    assert lameduck(simulation) == "40s"


def test_a_pod_that_ends_holds_the_write_until_it_is_gone() -> None:
    simulation = stage(workload="pods: [{name: old, grace: 10, ending: true, ready: false}]")
    outcome = only(
        simulation.apply(
            planned(simulation, RAISE.replace("40s, terminationGracePeriod: 60s, preStop: 5s", "20s"))
        )
    )
    assert isinstance(outcome, Failed)
    assert "pod old has a grace period of 10 s, but needs 20 s" in outcome.trouble.message
    assert lameduck(simulation) == "5s"


def test_pods_that_cannot_answer_and_pods_of_others_hold_nothing_up() -> None:
    simulation = stage(
        workload="pods: [{name: gone, phase: Failed, reason: Evicted}, {name: x, of: other, grace: 10}]"
    )
    assert isinstance(only(simulation.apply(planned(simulation, RAISE))), Changed)


def set_back(simulation: Simulation) -> None:
    """Somebody gives the template its old grace again, and its pods run."""
    layer = Layer("kubectl-edit", "Update", 0.0, termination_fields(30, None))
    simulation.world.change_workload(REF, lambda old: replace(old, layers=(layer,)))


def test_resume_after_a_kill_between_the_planes_looks_at_the_pods_first() -> None:
    simulation = stage()
    killed = simulation.session

    def die(event: object) -> None:
        if isinstance(event, PlaneDone):
            raise KilledError

    plan = planned(simulation, RAISE)
    with pytest.raises(KilledError):
        open_run(plan, simulation.book.known(), simulation.store, killed, Conduct(emit=die), run_id="k")
    set_back(simulation)
    finished = continue_run("k", resuming, simulation.store, lambda _: simulation.session, Conduct())
    outcome = only(result_of(finished.run_progress))
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.POD_GRACE
    assert "UpdateAddon" not in writes(simulation)
    again = continue_run("k", retrying, simulation.store, lambda _: simulation.session, Conduct())
    assert lameduck(simulation) == "5s" or live(simulation).grace_seconds == 60
    assert (
        not isinstance(only(result_of(again.run_progress)), Changed) or live(simulation).grace_seconds == 60
    )


def test_a_rollback_that_raises_waits_for_the_pods_too() -> None:
    simulation = stage()
    simulation.apply(planned(simulation, RAISE))
    lower = RAISE.replace("40s", "5s").replace("60s", "30s").replace("{", "{allowWeaken: true, ", 1)
    simulation.apply(planned(simulation, lower), run_id="down")

    def stuck(old: Workload) -> Workload:
        return replace(old, stuck=True)

    simulation.world.change_workload(REF, stuck)
    simulation.world.calls.clear()
    finished = continue_run(
        "down", rolling_back(""), simulation.store, lambda _: simulation.session, Conduct()
    )
    assert isinstance(only(result_of(finished.run_progress)), Failed)
    assert writes(simulation) == ["patch deployments"]
    assert lameduck(simulation) == "5s"


def test_a_cut_that_the_plan_says_is_the_users_own_choice() -> None:
    simulation = stage()
    advice = RAISE.replace("40s", "30s").replace("60s", "30s")
    plan = planned(simulation, advice)
    assert "the last 5 s are cut" in str(plan.clusters[0].diagnostics)
    assert plan.clusters[0].cut_ns == (0, 5_000_000_000)
    assert isinstance(only(simulation.apply(plan)), Changed)
