"""An adoption is done only if EKS proves it; what was written and cannot be read is unproven."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from eksaddon.app.adopt.adopt import execute_adoption, prepare_undo, undo
from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.proof import Proven
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Unproven
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import AddonInstaller, UpdateRequest
from eksaddon.sim.addon.update_script import fails
from eksaddon.sim.api.faults import Deny, Fault, Match, Refuse, Reset
from tests.support.adoption import FLEET, SILENT, adopted, fault, held, prepared, stage, undone
from tests.support.simulation import REF, Simulation, fleet_of

NO_ANSWER = (Deny(), "DescribeAddon"), (Deny(), "ListAddons")
NO_KUBERNETES = Fault(Refuse(503, "ServiceUnavailable", "later"), Match(service="kubernetes"))


def blinded(simulation: Simulation) -> None:
    for effect, operation in NO_ANSWER:
        simulation.world.add_fault(fault(effect, operation))


def refused_after(simulation: Simulation, *, keeps: bool) -> None:
    """An update of the adopted document that fails, and leaves the add-on ACTIVE."""
    text = held(simulation).text
    assert text is not None
    script = (fails(keeps=keeps, status="ACTIVE"),)
    simulation.world.change(REF, lambda addon: replace(addon, script=script))
    simulation.clock.advance(60)
    update = simulation.session.addons.update(REF, UpdateRequest(text, ResolveConflicts.NONE, "another"))
    assert isinstance(update, UpdateRecord)
    simulation.clock.advance(600)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_the_same_adoption_again_over_a_failed_update_is_not_a_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, is_guarded: bool
) -> None:
    simulation = stage()
    assert isinstance(adopted(simulation, tmp_path).outcome, Changed)
    refused_after(simulation, keeps=True)
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.adoption_verdict.verdict", lambda *_: Proven())
    assert isinstance(adopted(simulation, tmp_path).outcome, Failed if is_guarded else Changed)
    assert simulation.count("CreateAddon") == 1


def test_the_same_adoption_again_without_the_update_history_is_unproven(tmp_path: Path) -> None:
    simulation = stage()
    assert isinstance(adopted(simulation, tmp_path).outcome, Changed)
    simulation.world.add_fault(fault(Deny(), "ListUpdates"))
    outcome = adopted(simulation, tmp_path).outcome
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.operation == "ListUpdates"
    simulation.world.clear_faults()
    assert isinstance(adopted(simulation, tmp_path).outcome, Changed)


def test_a_history_that_cannot_be_read_for_a_moment_is_read_again(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    simulation.world.add_fault(fault(Refuse(503, "ServiceUnavailable", "later"), "ListUpdates", times=12))
    assert isinstance(adopted(simulation, tmp_path).outcome, Changed)


def test_a_first_adoption_needs_no_update_history(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    assert simulation.count("ListUpdates") == 0


def test_a_lost_reply_of_an_add_on_that_cannot_be_read_is_unproven(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    simulation.world.add_fault(fault(Reset(after=True), "CreateAddon", times=20))

    def note(step: str, _: str) -> None:
        if step == "writing":
            blinded(simulation)

    outcome = execute_adoption(begin, simulation.session, note).outcome
    assert isinstance(outcome, Unproven)
    simulation.world.clear_faults()
    assert isinstance(adopted(simulation, tmp_path).outcome, Changed)


@pytest.mark.parametrize("times", [1, 9, 13])
def test_a_request_that_does_not_arrive_is_sent_again(times: int, tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Reset(after=False), "CreateAddon", times=times))
    assert isinstance(adopted(simulation, tmp_path).outcome, Changed)


def test_a_request_that_never_arrives_failed(tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Reset(after=False), "CreateAddon"))
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert ending.there[0] == "EKS reports no add-on"


def test_a_removal_whose_live_objects_cannot_be_read_is_unproven(tmp_path: Path) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, tmp_path)

    def note(step: str, _: str) -> None:
        if step == "deleting":
            simulation.world.add_fault(NO_KUBERNETES)

    outcome = undo(begin, simulation.session, note).outcome
    assert isinstance(outcome, Unproven)
    assert "the live objects could not be read" in outcome.trouble.message
    simulation.world.clear_faults()
    assert isinstance(undone(simulation, tmp_path).outcome, RolledBack)
    assert simulation.count("DeleteAddon") == 1


@pytest.mark.parametrize(("status", "kind"), [("DELETING", Unproven), ("DELETE_FAILED", Failed)])
def test_a_removal_that_does_not_end_is_unproven_and_one_that_fails_failed(
    status: str, kind: type, tmp_path: Path
) -> None:
    simulation = stage()
    adopted(simulation, tmp_path)
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, tmp_path)
    session = replace(simulation.session, installer=cast("AddonInstaller", Accepting(simulation, status)))
    outcome = undo(begin, session, SILENT).outcome
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Failed | Unproven)
    expected = Cause.STILL_RUNNING if kind is Unproven else Cause.UPDATE_FAILED
    assert outcome.trouble.cause is expected


class Accepting:
    """EKS accepts the deletion, and the add-on stays in this state."""

    def __init__(self, simulation: Simulation, status: str) -> None:
        self._simulation = simulation
        self._status = status

    def remove(self, _: object) -> None:
        self._simulation.world.change(REF, lambda addon: replace(addon, status=self._status))
