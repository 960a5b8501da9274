"""The built-in scenarios show what the documents describe, and `--speed` divides what it says."""

import math
from dataclasses import replace

import pytest

from eksaddon.app.fleet.plan import observe
from eksaddon.app.simulate import scenarios
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.observed import Managed, Unreachable
from eksaddon.sim.api.faults import Fault, Slow
from eksaddon.sim.scenario.file import packaged_scenario, parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.scenario.speed import faster
from tests.support.paths import ROOT
from tests.support.simulation import fleet_of, simulate

PLAIN = "version: 1\ncoredns: {lameduck: 20s}\n"


def text_of(name: str) -> str:
    return (ROOT / "eksaddon" / "sim" / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")


def rules_by_cluster(name: str) -> dict[str, set[str]]:
    made = simulate(text_of(name)).plan(fleet_of(PLAIN + "accounts: []\n", regions=("eu-west-1",)))
    return {one.target.ref.name: {each.summary for each in one.diagnostics} for one in made.clusters}


def test_every_built_in_scenario_has_a_description_and_clusters():
    listed = dict(scenarios())
    assert {"adopt", "busy", "demo", "failures", "owners", "risks", "unreachable"} <= set(listed)
    assert all(listed.values())


def test_owners_are_named_by_the_plan_of_that_scenario():
    found = rules_by_cluster("owners")
    for tool in ("CloudFormation", "CDK", "Terraform", "Pulumi", "Argo CD", "Flux"):
        assert any(tool in summary for summary in found[tool.lower().replace(" ", "")]), tool
    assert not any("manages" in summary for summary in found["nobody"])


def test_each_cluster_of_unreachable_has_its_own_cause():
    simulation = simulate(text_of("unreachable"))
    fleet = fleet_of(PLAIN, regions=("eu-west-1", "eu-central-1"))
    seen = observe(fleet, simulation.session, simulation.book)
    causes = {one.target.ref.name: one.observed for one in seen.observations}
    assert isinstance(causes["readable"], Managed)
    assert isinstance(causes["denied"], Unreachable)
    assert isinstance(causes["throttled"], Unreachable)


def test_a_faster_scenario_divides_all_durations():
    scenario = packaged_scenario("failures")
    quick = faster(scenario, 10)
    assert quick.pace.update == (0.4, 0.8)
    assert (quick.pace.create, quick.pace.delete, quick.pace.regrow) == (3.0, 1.5, 6.0)
    lasts = {
        each.cluster.ref.name: [course.lasts for course in each.addons[0].script] for each in quick.clusters
    }
    assert lasts["degrades"] == [2.0]
    assert lasts["stuck"] == [math.inf]
    assert {each.workload.speed for each in quick.clusters} == {10.0}
    assert faster(scenario, 1) is scenario
    fault = Fault(Slow(2.0), begins=10.0, ends=20.0)
    (kept,) = faster(replace(scenario, faults=(fault,)), 10).faults
    assert (kept.begins, kept.ends, kept.effect) == (1.0, 2.0, Slow(2.0))


def test_updates_end_sooner_on_a_faster_world():
    text = text_of("failures").replace("update: [4, 8]", "update: [60, 60]")
    ends = []
    for speed in (1.0, 60.0):
        world = world_of(faster(parse_scenario(text, "x.yaml"), speed), lambda: 1_800_000_000.0)
        ends.append(world.pace.update)
    assert ends == [(60.0, 60.0), (1.0, 1.0)]


def test_a_misspelt_scenario_is_an_error_with_a_suggestion(bare):
    done = bare("simulate", "owner")
    assert done.code == 64
    assert "no built-in scenario 'owner'" in done.err
    assert "hint: did you mean owners?" in done.err


def test_a_missing_file_is_an_error(bare):
    assert "cannot read the scenario none.yaml" in bare("simulate", "none.yaml").err
    with pytest.raises(EksdnsError, match="unknown built-in scenario"):
        packaged_scenario("none")


def test_the_list_has_a_line_for_each_scenario(bare):
    done = bare("simulate", "--list")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == [name for name, _ in scenarios()]
