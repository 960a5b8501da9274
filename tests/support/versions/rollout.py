"""Moves 200 clusters in six versions to EKS's defaults, with a failure and a rollback, and writes the table.

`python -m tests.support.versions.rollout` writes it into docs/versions.md.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunResult
from eksaddon.domain.target import ClusterRef
from eksaddon.schema import parse_version
from eksaddon.sim.addon.update_script import Course, Problem
from tests.support.paths import ROOT
from tests.support.simulation import Simulation, fleet_of, simulate

PAGE = ROOT / "docs" / "versions.md"
BEGIN, END = "<!-- rollout: begin -->\n", "<!-- rollout: end -->\n"

CLUSTERS = 200
VERSIONS = (
    "v1.10.1-eksbuild.38",
    "v1.11.1-eksbuild.13",
    "v1.11.3-eksbuild.3",
    "v1.11.4-eksbuild.28",
    "v1.12.4-eksbuild.29",
    "v1.13.2-eksbuild.21",
)
ACCOUNTS = 'accounts: [{id: "111122223333", name: shop, regions: [eu-west-1, us-east-1]}]'
SCENARIO = f"""
    version: 1
    seed: 18
    {ACCOUNTS}
    documents: {{three: '{{"replicaCount": 3}}', plain: '{{}}'}}
    fleets:
      - clusters: {CLUSTERS}
        accounts: [shop]
        regions: [eu-west-1, us-east-1]
        documents: [three, plain]
        versions: [{", ".join(VERSIONS)}]
"""
FLEET = f"""
    version: 1
    coredns: {{addonVersion: default}}
    {ACCOUNTS}
    rollout:
      waves:
        - {{name: canary, limit: 10, maxConcurrency: 5}}
        - {{name: early, limit: 60, maxConcurrency: 20, onFailure: rollback-wave}}
        - {{name: rest, maxConcurrency: 50}}
"""

Versions = Mapping[ClusterRef, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """A moment of the story."""

    title: str
    versions: Versions
    result: RunResult | None = None


@dataclass(frozen=True, slots=True)
class Rollout:
    simulation: Simulation
    plan: Plan
    broken: ClusterRef
    stages: tuple[Stage, ...]


def rolled_out() -> Rollout:
    """The first run fails at a cluster of the second wave, which is rolled back; the next one moves all."""
    simulation, fleet = simulate(SCENARIO), fleet_of(FLEET)
    before = versions(simulation)
    plan = planned(simulation, fleet)
    broken = next(one.target.ref for one in plan.clusters if one.wave == "early")
    problem = Problem("InsufficientNumberOfReplicas", "the pods did not become ready")
    fails = Course(ends="Failed", keeps=False, errors=(problem,))
    simulation.world.change(broken, lambda addon: replace(addon, script=(fails,)))
    first = simulation.apply(plan, run_id="run-1")
    middle = versions(simulation)
    second = simulation.apply(planned(simulation, fleet), run_id="run-2")
    stages = (
        Stage("before", before),
        Stage("after the failure in `early`, which was rolled back", middle, first),
        Stage("after the next run", versions(simulation), second),
    )
    return Rollout(simulation, plan, broken, stages)


def planned(simulation: Simulation, fleet: Fleet) -> Plan:
    """Without the live objects, whose reads other tests cover: they are most of the time of 200 clusters."""
    seen = observe(fleet, simulation.session, simulation.book)
    return make_plan(fleet, simulation.session, seen, strict=False, corefiles=False)


def versions(simulation: Simulation) -> Versions:
    world = simulation.world
    found = {cluster.ref: world.addon(cluster.ref) for cluster in world.clusters()}
    return {ref: addon.stored.version for ref, addon in found.items() if addon is not None}


def table(rollout: Rollout) -> str:
    """Clusters by version, a column for each stage."""
    counts = [Counter(stage.versions.values()) for stage in rollout.stages]
    names = sorted({name for each in counts for name in each}, key=lambda name: parse_version(name) or 0)
    heads = ["version", *(stage.title for stage in rollout.stages)]
    rows = [[f"`{name}`", *(str(each[name]) for each in counts)] for name in names]
    rows.append(["all", *(str(each.total()) for each in counts)])
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(page: str, text: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), table(rolled_out())), encoding="utf-8")
