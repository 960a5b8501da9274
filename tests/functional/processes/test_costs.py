"""What one more cluster costs a plan, in counts: times of a shared machine say nothing.

A budget is the figure of the day it was set, and a tenth more. Lower it after an improvement.
"""

import gc
import sys
import tracemalloc
from collections import Counter
from types import FrameType

import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Planned, render
from tests.support.simulation import Simulation, fleet_of, simulate

SCENARIO = """
version: 1
accounts: [{{id: "123456789012", name: shop, regions: [eu-west-1], roles: {{eksdns-apply: {{}}}}}}]
documents:
  prod:
    values: {{replicaCount: 2}}
    corefile: |
      .:53 {{
          errors
          health {{
              lameduck 5s
          }}
          ready
          kubernetes cluster.local in-addr.arpa ip6.arpa {{
              pods insecure
              fallthrough in-addr.arpa ip6.arpa
          }}
          forward . /etc/resolv.conf
          cache 30
          loop
          reload
      }}
clusters:
  - {{name: "app-{{n}}", count: {clusters}, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: prod}}
"""
FLEET = """
version: 1
coredns: {lameduck: 20s}
accounts: [{id: "123456789012", role: eksdns-apply, regions: [eu-west-1]}]
"""
FEW, MANY = 10, 40
AREAS = {
    "/eksaddon/sim/": "",
    "/eksaddon/frozen.py": "",
    "/eksaddon/": "own",
    "/botocore/": "sdk",
    "/urllib3/": "sdk",
}
"""Calls of Python functions are counted by folder; the simulator's are not, nor comparisons of values."""


def planned(simulation: Simulation) -> str:
    fleet = fleet_of(FLEET)
    seen = observe(fleet, simulation.session, simulation.book)
    plan = make_plan(fleet, simulation.session, seen, strict=False, corefiles=False)
    return render(Planned(plan), Format.JSON, RenderOptions())


def function_calls(clusters: int) -> Counter[str]:
    simulation = simulate(SCENARIO.format(clusters=clusters))
    planned(simulation)  # imports, caches
    found: Counter[str] = Counter()
    names: dict[object, str] = {}

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            if code not in names:
                names[code] = next((AREAS[part] for part in AREAS if part in code.co_filename), "")
            found[names[code]] += 1

    sys.setprofile(count)
    try:
        planned(simulation)
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize(("area", "budget"), [("own", 205), ("sdk", 620)])
def test_calls_of_functions_for_one_more_cluster(area: str, budget: int) -> None:
    few, many = function_calls(FEW), function_calls(MANY)
    assert (many[area] - few[area]) / (MANY - FEW) <= budget


def test_memory_that_one_more_cluster_keeps() -> None:
    def kept(clusters: int) -> int:
        simulation = simulate(SCENARIO.format(clusters=clusters))
        fleet = fleet_of(FLEET)
        planned(simulation)
        tracemalloc.start()
        try:
            seen = observe(fleet, simulation.session, simulation.book)
            plan = make_plan(fleet, simulation.session, seen, strict=False, corefiles=False)
            gc.collect()
            size = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        assert len(plan.clusters) == clusters
        return size

    assert (kept(MANY) - kept(FEW)) / (MANY - FEW) <= 2300


def test_one_more_cluster_costs_one_call_to_aws() -> None:
    def calls(clusters: int) -> Counter[str]:
        simulation = simulate(SCENARIO.format(clusters=clusters))
        planned(simulation)
        return Counter(simulation.world.calls.counts)

    more = calls(MANY) - calls(FEW)
    assert more == {"DescribeAddon": MANY - FEW}
