"""Adoptions that are interrupted, refused, or overtaken by others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.app.adopt.adopt import Begun, Fresh, execute_adoption, exit_code, prepare_undo, undo
from eksaddon.apply.adopt import Ending
from eksaddon.domain.cause import Cause
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.run.outcome import Changed, Failed, Stale, Unproven, UnreachableTarget
from eksaddon.sim.api.faults import Cut, Deny, Effect, Expire, Refuse, Reset
from eksaddon.sim.workload.state import Reach
from eksaddon.sim.workload.state import Workload as Simulated
from tests.support.adoption import (
    COREFILE,
    FLEET,
    SILENT,
    adopted,
    fault,
    held,
    live,
    prepared,
    stage,
    undone,
    writes,
)
from tests.support.simulation import REF, Simulation, fleet_of


class KilledError(BaseException):
    """Stands for SIGKILL."""


def dies_at(word: str) -> Callable[[str, str], None]:
    def note(step: str, _: str) -> None:
        if step == word:
            raise KilledError

    return note


@pytest.mark.parametrize("word", ["saved", "writing", "creating", "verifying"])
def test_killed_anywhere_a_second_start_ends_it_with_one_write(word: str, tmp_path: Path) -> None:
    simulation = stage()
    with pytest.raises(KilledError):
        execute_adoption(prepared(simulation, tmp_path), simulation.session, dies_at(word))
    assert live(simulation).workload.corefile == COREFILE
    again = prepared(simulation, tmp_path)
    assert isinstance(again, Fresh if word in {"saved", "writing"} else Begun)
    assert execute_adoption(again, simulation.session, SILENT) == Ending(Changed(""))
    assert writes(simulation) == ["CreateAddon"]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("effect", [Reset(after=True), Reset(after=False), Expire()])
def test_a_lost_answer_is_no_second_addon(effect: Effect, tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(effect, "CreateAddon", times=1))
    assert adopted(simulation, tmp_path) == Ending(Changed(""))
    assert live(simulation).workload.corefile == COREFILE


def test_a_creation_that_was_never_sent_is_unreachable(tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Cut(), "CreateAddon"))
    assert isinstance(adopted(simulation, tmp_path).outcome, UnreachableTarget)
    assert live(simulation).workload.corefile == COREFILE


def test_a_deletion_that_was_never_sent_is_unreachable(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    simulation.world.add_fault(fault(Cut(), "DeleteAddon"))
    assert isinstance(undone(simulation, tmp_path).outcome, UnreachableTarget)
    assert held(simulation).status == "ACTIVE"


def test_a_refusal_of_eks_is_reported_and_nothing_has_changed(tmp_path: Path) -> None:
    simulation = stage()
    before = live(simulation)
    simulation.world.add_fault(fault(Deny(), "CreateAddon"))
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.DENIED
    assert ending.there[0] == "EKS reports no add-on"
    assert live(simulation).objects == before.objects


def changed_meanwhile(simulation: Simulation, begin: Fresh | Begun) -> Ending:
    ending = execute_adoption(begin, simulation.session, SILENT)
    assert writes(simulation) == []
    assert exit_code(ending.outcome) is not ExitCode.DONE
    return ending


def edited(**fields: object) -> Callable[[Simulated], Simulated]:
    return lambda old: replace(old, **fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (edited(corefile=".:53 {\n}\n"), Stale),
        (edited(corefile=None), Stale),
        (edited(replicas=9), Stale),
        (edited(reach=Reach.UNREACHABLE), UnreachableTarget),
    ],
)
def test_a_target_changed_between_plan_and_write_is_not_overwritten(
    edit: Callable[[Simulated], Simulated], kind: type, tmp_path: Path
) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    simulation.world.change_workload(REF, edit)
    assert isinstance(changed_meanwhile(simulation, begin).outcome, kind)


def test_an_addon_that_another_user_creates_meanwhile_is_left_alone(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    other = prepared(simulation, tmp_path / "other", FLEET + "coredns: {replicaCount: 7}\n")
    execute_adoption(other, simulation.session, SILENT)
    ending = execute_adoption(begin, simulation.session, SILENT)
    assert isinstance(ending.outcome, Stale)
    assert writes(simulation) == ["CreateAddon"]


def test_eks_that_does_not_answer_is_unreachable(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    assert isinstance(changed_meanwhile(simulation, begin).outcome, UnreachableTarget)


def test_an_addon_that_vanishes_while_it_is_created_is_reported(tmp_path: Path) -> None:
    simulation = stage()

    def note(step: str, _: str) -> None:
        if step == "creating":
            simulation.clock.advance(60)
            simulation.session.installer.remove(REF)

    ending = execute_adoption(prepared(simulation, tmp_path), simulation.session, note)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.NOT_AS_PLANNED


def during(simulation: Simulation, place: Path, edit: Callable[[], None]) -> Ending:
    """An edit between the add-on's creation and the proof."""

    def note(step: str, _: str) -> None:
        if step == "verifying":
            edit()

    return execute_adoption(prepared(simulation, place), simulation.session, note)


def test_another_live_corefile_than_was_sent_is_not_a_success(tmp_path: Path) -> None:
    simulation = stage()

    def edit() -> None:
        keys: JsonObject = {"corefile": COREFILE + "# x\n", "replicaCount": 2}
        simulation.world.change(REF, lambda old: replace(old, live=replace(old.live, keys=keys)))

    ending = during(simulation, tmp_path, edit)
    assert isinstance(ending.outcome, Failed)
    assert "differs from the one sent" in ending.outcome.trouble.message
    assert "the live Corefile is not the original one" in ending.there


def test_fewer_replicas_than_were_asked_for_are_not_success(tmp_path: Path) -> None:
    simulation = stage()

    def edit() -> None:
        keys: JsonObject = {"corefile": COREFILE, "replicaCount": 1}
        simulation.world.change(REF, lambda old: replace(old, live=replace(old.live, keys=keys)))

    ending = during(simulation, tmp_path, edit)
    assert isinstance(ending.outcome, Failed)
    assert "the Deployment has 1 replicas instead of 2" in ending.outcome.trouble.message


def test_access_that_is_lost_before_the_proof_leaves_it_open(tmp_path: Path) -> None:
    simulation = stage()

    def edit() -> None:
        simulation.world.add_fault(fault(Refuse(403, "Forbidden", "no"), "list pods"))

    ending = during(simulation, tmp_path, edit)
    assert isinstance(ending.outcome, Unproven)
    assert ending.there[-1].startswith("the live objects could not be read")


def test_another_document_than_was_sent_is_not_a_success(tmp_path: Path) -> None:
    simulation = stage()

    def note(step: str, _: str) -> None:
        if step == "creating":
            simulation.clock.advance(60)
            simulation.session.addons.read(REF)
            simulation.world.write(REF, "{}")

    ending = execute_adoption(prepared(simulation, tmp_path), simulation.session, note)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.NOT_AS_PLANNED


def test_a_deletion_that_eks_refuses_is_reported(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    simulation.world.add_fault(fault(Deny(), "DeleteAddon"))
    ending = undone(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert held(simulation).status == "ACTIVE"


def test_a_deletion_whose_end_cannot_be_seen_is_unreachable(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, tmp_path)
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    assert isinstance(undo(begin, simulation.session, SILENT).outcome, Unproven)


def test_a_workload_that_moves_during_the_deletion_is_reported(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, tmp_path)

    def note(step: str, _: str) -> None:
        if step == "deleting":
            simulation.world.change_workload(REF, edited(corefile=".:53 {\n}\n"))

    ending = undo(begin, simulation.session, note)
    assert isinstance(ending.outcome, Failed)
    assert "the live Corefile is not the original one" in ending.there
