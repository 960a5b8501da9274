"""What reading one more cluster's own API costs a plan, in counts, as `test_costs.py` has it for EKS alone.

A budget is the figure of the day it was set, and a tenth more. Lower it after an improvement.
"""

import gc
import sys
import tracemalloc
from base64 import b64encode
from collections import Counter
from pathlib import Path
from types import FrameType

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.gate import RequestGate
from eksaddon.domain.plan import Action
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.ports import Reach
from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Planned, render
from eksaddon.sim.http.messages import Delivery, Request
from eksaddon.sim.http.messages import Reply as Simulated
from tests.functional.processes.test_costs import FLEET, SCENARIO
from tests.support.kube import REF, KubeStage
from tests.support.network.authority import Authority
from tests.support.network.loopback import Reply, Seen, loopback
from tests.support.simulation import Simulation, fleet_of, simulate

READS = (
    "DescribeCluster",
    "get configmaps",
    "list deployments",
    "list horizontalpodautoscalers",
    "list poddisruptionbudgets",
    "list pods",
    "list scaledobjects",
)
"""Calls for one cluster that is read."""

FEW, MANY = 5, 15
AREAS = {
    "/eksaddon/sim/": "",
    "/eksaddon/frozen.py": "",
    "/eksaddon/": "own",
    "/site-packages/": "libraries",
}


def planned(simulation: Simulation, fleet: str = FLEET) -> None:
    chosen = fleet_of(fleet)
    seen = observe(chosen, simulation.session, simulation.book)
    plan = make_plan(chosen, simulation.session, seen, strict=False)
    assert {each.action for each in plan.clusters} <= {Action.UPDATE, Action.IN_SYNC}
    render(Planned(plan), Format.JSON, RenderOptions())


def test_one_more_cluster_costs_seven_calls() -> None:
    def calls(clusters: int) -> Counter[str]:
        simulation = simulate(SCENARIO.format(clusters=clusters))
        planned(simulation)
        return Counter(simulation.world.calls.counts)

    more = calls(MANY) - calls(FEW)
    assert more == dict.fromkeys((*READS, "DescribeAddon"), MANY - FEW)


def test_only_clusters_with_something_to_change_are_read() -> None:
    """Where no live object is desired: a Corefile is compared with the one in the cluster."""
    stale = SCENARIO.format(clusters=MANY) + (
        '  - {name: "old-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: old}\n'
    )
    simulation = simulate(stale.replace("documents:\n", "documents:\n  old: {values: {replicaCount: 1}}\n"))
    planned(simulation, FLEET.replace("lameduck: 20s", "replicaCount: 2"))
    counts = simulation.world.calls.counts
    assert counts["DescribeAddon"] == MANY + 3
    assert {each: counts[each] for each in READS} == dict.fromkeys(READS, 3)


def function_calls(clusters: int) -> Counter[str]:
    planned(simulate(SCENARIO.format(clusters=clusters)))  # imports, caches
    found: Counter[str] = Counter()
    names: dict[object, str] = {}

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            if code not in names:
                names[code] = next((AREAS[part] for part in AREAS if part in code.co_filename), "")
            found[names[code]] += 1

    simulation = simulate(SCENARIO.format(clusters=clusters))
    sys.setprofile(count)
    try:
        planned(simulation)
    finally:
        sys.setprofile(None)
    return found


def test_calls_of_functions_for_one_more_cluster() -> None:
    few, many = function_calls(FEW), function_calls(MANY)
    budgets = {"own": 1900, "libraries": 3770}
    more = {area: (many[area] - few[area]) / (MANY - FEW) for area in budgets}
    assert {area: count for area, count in more.items() if count > budgets[area]} == {}


def test_memory_that_one_more_cluster_keeps() -> None:
    def kept(clusters: int) -> int:
        planned(simulate(SCENARIO.format(clusters=clusters)))  # imports, caches
        chosen = fleet_of(FLEET)
        simulation = simulate(SCENARIO.format(clusters=clusters))
        tracemalloc.start()
        try:
            seen = observe(chosen, simulation.session, simulation.book)
            plan = make_plan(chosen, simulation.session, seen, strict=False)
            gc.collect()  # replies in cycles wait for a collection that a count decides
            size = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        assert len(plan.clusters) == clusters
        return size

    assert (kept(MANY) - kept(FEW)) / (MANY - FEW) <= 17_300


def test_a_cluster_is_read_over_one_connection(tmp_path: Path) -> None:
    stage, authority = KubeStage(), Authority(tmp_path)

    class Directory:
        def reach(self, ref: ClusterRef) -> Reach:
            found = stage.aws.clusters.reach(ref)
            assert isinstance(found, Reach)
            endpoint = found.endpoint.replace("https://kubernetes.invalid", server.url)
            bundle = b64encode(authority.bundle.read_bytes()).decode()
            return Reach(endpoint, bundle, found.token, found.agent, found.version)

    def answer(seen: Seen) -> Reply:
        delivery: Delivery = stage.world.handle(Request(seen.method, seen.target, seen.headers, seen.body))
        assert isinstance(delivery.answer, Simulated)
        return Reply(delivery.answer.body, delivery.answer.status, {"content-type": "application/json"})

    with loopback(answer, authority.server("localhost")) as server:
        kube = KubeWorkloads(Directory(), lambda: stage.now, gate=RequestGate())
        for _ in range(2):
            assert isinstance(kube.read(REF), Workload)
        assert (server.connections, len(server.seen)) == (1, 2 * (len(READS) - 1))
        kube.close()
