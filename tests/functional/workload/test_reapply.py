"""`workload.reapply` applies again what an add-on update reverted, although EKS owns it then."""

from dataclasses import replace

import pytest

from eksaddon.domain.cause import Cause
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.outcome import Changed, Failed, Outcome
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.state import Workload
from tests.functional.workload.test_two_planes import REAPPLYING, REF, live, planned, stage, writes
from tests.support.simulation import Simulation, right_before_the_update

MORE = REAPPLYING.replace("coredns: {", "coredns: {replicaCount: 3, ")


def owned_by_eks(old: Workload) -> Workload:
    """From the next update on, EKS's manifest names the grace period."""
    return replace(old, owns_grace=True)


def raised() -> Simulation:
    simulation = stage("20s")
    simulation.apply(planned(simulation, REAPPLYING))
    assert live(simulation).grace_seconds == 45
    simulation.world.calls.clear()
    return simulation


def applied(simulation: Simulation, plan: Plan) -> Outcome:
    (result,) = simulation.apply(plan, run_id="run-2").results
    return result.outcome


def test_the_field_is_taken_from_eks_said_and_proved() -> None:
    simulation = raised()
    plan = planned(simulation, MORE)
    simulation.world.change_workload(REF, owned_by_eks)
    outcome = applied(simulation, plan)
    assert isinstance(outcome, Changed)
    assert outcome.note == "the add-on update reverted grace period to 30 s by eks; applied again by force"
    assert writes(simulation) == ["UpdateAddon", "patch deployments"]
    found = live(simulation)
    assert (found.grace_seconds, found.pre_stop_seconds) == (45, 5)
    assert found.grace_owner is not None
    assert found.grace_owner.manager == "eksdns"


def test_a_field_of_another_manager_is_not_taken() -> None:
    simulation = raised()
    plan = planned(simulation, MORE)

    def edited(old: Workload) -> Workload:
        layer = Layer("kubectl-edit", "Update", simulation.session.clock.now(), termination_fields(40, None))
        return replace(old, layers=(*old.layers, layer))

    edited_since = right_before_the_update(simulation, lambda: simulation.world.change_workload(REF, edited))
    outcome = applied(edited_since, plan)
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.CONFLICT
    assert live(simulation).grace_seconds == 40


@pytest.mark.parametrize("text", ["reapply: true", "reapply: false"])
def test_without_a_loss_nothing_is_applied_again(text: str) -> None:
    simulation = raised()
    outcome = applied(simulation, planned(simulation, MORE.replace("reapply: true", text)))
    assert outcome == Changed(outcome.update_id if isinstance(outcome, Changed) else "")
    assert writes(simulation) == ["UpdateAddon"]
