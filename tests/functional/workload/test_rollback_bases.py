"""A rollback restores what ran before the run, and leaves alone what anybody changed since."""

from dataclasses import replace

import pytest

from eksaddon.app.runs.asks import rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.exit_codes import of_run
from eksaddon.app.runs.rollout import continue_run
from eksaddon.apply.result import result_of
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    Outcome,
    RolledBack,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.target import Account
from eksaddon.rules.live_base import Expected
from eksaddon.sim.addon.lifecycle import Addon
from eksaddon.sim.api.faults import Fault, Match, Refuse
from eksaddon.sim.workload.state import Scaler
from tests.functional.workload.test_corefile_edits import SCENARIO, STORED, WANTED, edited
from tests.functional.workload.test_stale_bases import Change, hook, scaled, set_by_hand
from tests.functional.workload.test_two_planes import ACCOUNTS, RAISE, REF, live, planned, stage, writes
from tests.support.examples import one_quick
from tests.support.simulation import Simulation, right_before_the_update, simulate

LAMEDUCK = "version: 1\ncoredns: {lameduck: 20s, resolveConflicts: %s}\n" + ACCOUNTS
MODES = pytest.mark.parametrize("mode", ["none", "preserve", "overwrite"])
EDIT = ".:53 {\n    errors\n    health {\n        lameduck 20s\n    }\n    ready\n    log\n}\n"
NO_KUBERNETES = Fault(Refuse(503, "ServiceUnavailable", "later"), Match(service="kubernetes"))


def edit(simulation: Simulation) -> None:
    """As `kubectl edit configmap coredns`."""

    def change(addon: Addon) -> Addon:
        held = replace(addon.live, keys={**addon.live.keys, "corefile": EDIT})
        return replace(addon, live=held, foreign={**addon.foreign, "corefile": EDIT})

    simulation.world.change(REF, change)


def raised(fleet: str, simulation: Simulation | None = None) -> Simulation:
    simulation = simulation or stage()
    (one,) = simulation.apply(planned(simulation, fleet)).results
    assert isinstance(one.outcome, Changed), one.outcome
    simulation.world.calls.clear()
    return simulation


def rolled_back(simulation: Simulation) -> tuple[Outcome, ExitCode]:
    finished = continue_run(
        "run-1", rolling_back(""), simulation.store, lambda _: simulation.session, Conduct()
    )
    result = result_of(finished.run_progress)
    (one,) = result.results
    return one.outcome, of_run(result)


MOVES: dict[str, tuple[Change, str]] = {
    "Corefile": (edit, "the live Corefile was changed after this run"),
    "replicas": (scaled(6), "the Deployment was scaled from 2 to 6 replicas after this run"),
    "grace": (set_by_hand(grace=90), "the grace period was changed to 90 s after this run"),
    "preStop": (set_by_hand(sleep=3), "preStop was changed to 3 s after this run"),
    "hook": (hook, "a preStop hook of type exec was added after this run"),
}


@MODES
@pytest.mark.parametrize("move", one_quick(MOVES, quick=2))
def test_a_target_that_a_user_changed_since_is_left_alone(move: str, mode: str) -> None:
    simulation = raised(LAMEDUCK % mode)
    change, reason = MOVES[move]
    change(simulation)
    assert rolled_back(simulation) == (Stale(reason), ExitCode.REFUSED)
    assert writes(simulation) == []


@pytest.mark.parametrize("move", [each for each in MOVES if each != "hook"])
def test_neither_plane_is_written_if_one_of_them_was_changed_since(move: str) -> None:
    simulation = raised(RAISE)
    change, reason = MOVES[move]
    change(simulation)
    assert rolled_back(simulation) == (Stale(reason), ExitCode.REFUSED)
    assert writes(simulation) == []


@pytest.mark.parametrize(("move", "is_lost"), [(edit, "log"), (scaled(6), "6")], ids=["Corefile", "replicas"])
def test_without_the_comparison_a_rollback_writes_over_it(
    monkeypatch: pytest.MonkeyPatch, move: Change, is_lost: str
) -> None:
    monkeypatch.setattr(Expected, "moved", lambda *_: "")
    simulation = raised(LAMEDUCK % "overwrite")
    move(simulation)
    assert isinstance(rolled_back(simulation)[0], RolledBack)
    found = live(simulation)
    assert is_lost not in f"{found.corefile} {found.replicas}"


def test_replicas_that_an_autoscaler_changes_hold_no_rollback_up() -> None:
    simulation = stage()
    simulation.world.change_workload(REF, lambda old: replace(old, scaler=Scaler(2, 9)))
    raised(LAMEDUCK % "none", simulation)
    scaled(6)(simulation)
    assert rolled_back(simulation)[1] is ExitCode.DONE


@pytest.mark.parametrize("document", ["none", "stored"])
def test_the_live_corefile_of_before_is_restored(document: str) -> None:
    """It was edited by hand, and the run stored it: the document of before would bring another one."""
    simulation = edited(document)
    simulation.book.learn(Account(REF.account))
    before = live(simulation).corefile
    base = ", corefileBase: live" if document == "stored" else ""
    raised(WANTED % ("overwrite", base), simulation)
    assert live(simulation).corefile != before
    outcome, code = rolled_back(simulation)
    assert isinstance(outcome, RolledBack)
    assert code is ExitCode.DONE
    assert live(simulation).corefile == before


def test_the_default_corefile_is_restored_by_a_document_without_one() -> None:
    scenario = SCENARIO.partition("        foreign:")[0]
    simulation = simulate(scenario.format(stored=STORED, document="none"))
    simulation.book.learn(Account(REF.account))
    addon = simulation.world.addon(REF)
    assert addon is not None
    before, text = live(simulation).corefile, addon.stored.text
    raised(WANTED % ("none", ""), simulation)
    assert isinstance(rolled_back(simulation)[0], RolledBack)
    after = simulation.world.addon(REF)
    assert after is not None
    assert (live(simulation).corefile, after.stored.text) == (before, text)


def test_a_rollback_that_does_not_come_into_force_failed_however_often_it_is_asked_for() -> None:
    """EKS keeps the Corefile that somebody edits at that moment."""
    simulation = raised(LAMEDUCK % "preserve")
    racing = right_before_the_update(simulation, lambda: edit(simulation))
    outcome, code = rolled_back(racing)
    assert isinstance(outcome, Failed)
    assert "the live ConfigMap still contains" in outcome.trouble.message
    assert code is ExitCode.ERROR
    assert not isinstance(rolled_back(simulation)[0], RolledBack)
    assert writes(simulation) == ["UpdateAddon"]


@MODES
def test_a_rollback_without_the_kubernetes_api(mode: str) -> None:
    """What EKS itself keeps need not be read before, and the result must be."""
    simulation = raised((LAMEDUCK % mode).replace("lameduck: 20s", "lameduck: 20s, allowWeaken: true"))
    simulation.world.add_fault(NO_KUBERNETES)
    outcome, code = rolled_back(simulation)
    assert code is ExitCode.ERROR
    if mode == "overwrite":
        assert isinstance(outcome, UnreachableTarget)
        assert writes(simulation) == []
    simulation.world.clear_faults()
    assert rolled_back(simulation)[1] is ExitCode.DONE
    assert writes(simulation) == ["UpdateAddon"]
    assert isinstance(outcome, Unproven | UnreachableTarget)
