"""Replicas that a killed `eksdns prove --scale-to` left: every verb names them, and nothing is written."""

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon.domain.errors import ExitCode
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Stale
from eksaddon.sim.workload.state import Scaled, Workload
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
from tests.support.proof import ask
from tests.support.simulation import Simulation
from tests.support.walkthrough import Shell, shell

FLEET = "version: 1\ncoredns: {%s}\n" + ACCOUNTS
RECORD = ScaledDown(2, 0)
SUMMARY = "`eksdns prove` scaled CoreDNS from 2 to 0 replicas and has not restored them: cluster DNS is off"
COMMAND = "`eksdns prove --cluster 111122223333/eu-west-1/prod --restore`"
ON_PROD = ("--cluster", "prod", "-q", "-o", "json")


def state_of(cluster: dict[str, Any]) -> str:
    """Of any document."""
    keys = ("action", "state", "verdict", "outcome")
    return next(str(cluster[key]) for key in keys if key in cluster)


def scale(simulation: Simulation) -> None:
    assert simulation.session.restarts.scale(REF, 0, RECORD) is None


@pytest.mark.parametrize("desired", ["lameduck: 20s", "replicaCount: 5", "terminationGracePeriod: 45s"])
@pytest.mark.parametrize("mode", ["none", "preserve", "overwrite"])
def test_a_plan_that_was_made_before_is_stale(desired: str, mode: str) -> None:
    simulation = stage()
    plan = planned(simulation, FLEET % f"{desired}, resolveConflicts: {mode}")
    assert plan.clusters[0].action is Action.UPDATE
    scale(simulation)
    before = writes(simulation)
    (one,) = simulation.apply(plan).results
    assert isinstance(one.outcome, Stale)
    assert one.outcome.reason == (
        "`eksdns prove` scaled CoreDNS from 2 to 0 replicas after the plan was made"
    )
    assert (writes(simulation), live(simulation).replicas) == (before, 0)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    scenario = textwrap.dedent(SCENARIO).replace("COREFILE", COREFILE % "5s").replace("WORKLOAD", "")
    (tmp_path / "scenario.yaml").write_text(scenario)
    (tmp_path / "fleet.yaml").write_text(FLEET % "lameduck: 5s")
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as opened:

        def scaled(old: Workload) -> Workload:
            return replace(old, scaled=Scaled(0, 2, "2 to 0", opened.clock.now(), 1))

        opened.world.change_workload(REF, scaled)
        yield opened


@pytest.mark.parametrize(
    ("args", "code", "state"),
    [
        (("plan",), ExitCode.REFUSED, "blocked"),
        (("apply", "--yes"), ExitCode.REFUSED, "blocked"),
        (("drift",), ExitCode.DONE, "drifted"),
        (("drift", "--detailed-exitcode"), ExitCode.CHANGES, "drifted"),
        (("status", "--live"), ExitCode.DONE, "managed"),
        (("audit",), ExitCode.DONE, "atRisk"),
    ],
)
def test_each_verb_names_them_and_the_command_that_restores_them(
    here: Shell, args: tuple[str, ...], code: ExitCode, state: str
) -> None:
    found, document = ask(here, *args, *ON_PROD)
    (cluster,) = document["clusters"]
    assert (found, state_of(cluster)) == (code, state)
    (one,) = (each for each in cluster["diagnostics"] if each["rule"] == "scaled-down")
    assert (one["severity"], one["summary"]) == ("error", SUMMARY)
    assert COMMAND in one["detail"]
    assert cluster.get("grade", "F") == "F"


def test_a_fleet_file_does_not_take_over_their_number(here: Shell) -> None:
    code, text = here.type("init", "new.yaml", "--all", "--goal", "recommended")
    assert "replicaCount" not in Path("new.yaml").read_text(), text
    assert SUMMARY in " ".join(text.split())
    assert COMMAND in " ".join(text.split())
    assert code == ExitCode.DONE, text


def test_doctor_notes_them(here: Shell) -> None:
    _, text = here.type("doctor", "--all")
    assert f"note: kubernetes read: {SUMMARY}" in " ".join(text.split())
    assert COMMAND in " ".join(text.split())


def test_the_command_restores_them_and_then_nothing_is_left_to_name(here: Shell) -> None:
    code, text = here.type(*COMMAND.strip("`").split()[1:])
    assert (code, "restored the 2 replicas" in text) == (ExitCode.DONE, True)
    code, document = ask(here, "plan", *ON_PROD)
    (cluster,) = document["clusters"]
    assert (code, state_of(cluster)) == (ExitCode.DONE, "inSync")
    assert "scaled-down" not in {each["rule"] for each in cluster["diagnostics"]}
