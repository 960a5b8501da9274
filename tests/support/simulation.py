"""A simulated fleet in this process, driven through everything but the command line."""

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import open_run
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.config.load import parse_fleet
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunResult
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import RunStore
from eksaddon.sim.http.messages import Delivery, Request
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import Scenario, world_of
from eksaddon.sim.world import World
from eksaddon.store.memory import MemoryStore

REF = ClusterRef("111122223333", "eu-west-1", "prod")


@dataclass(frozen=True, slots=True)
class Simulation:
    world: World
    session: Session
    book: AccessBook
    clock: VirtualClock
    store: RunStore = field(default_factory=MemoryStore)

    def plan(self, fleet: Fleet, *, strict: bool = False) -> Plan:
        return make_plan(fleet, self.session, observe(fleet, self.session, self.book), strict=strict)

    def apply(self, plan: Plan, limits: Limits | None = None, run_id: str = "run-1") -> RunResult:
        conduct = Conduct(limits or Limits(total=50, per_scope=10))
        finished = open_run(plan, self.book.known(), self.store, self.session, conduct, run_id=run_id)
        return result_of(finished.run_progress)

    def count(self, operation: str) -> int:
        return self.world.calls.counts.get(operation, 0)


@cache
def scenario_of(text: str) -> Scenario:
    """A scenario is frozen: hundreds of worlds are made from the same few texts."""
    return parse_scenario(text, "scenario.yaml")


def simulate(scenario: str) -> Simulation:
    chosen = scenario_of(textwrap.dedent(scenario))
    clock, book = VirtualClock(), AccessBook()
    world = world_of(chosen, clock.now, endpoint_of=in_process)
    return Simulation(world, open_simulation(book, world, clock, chosen.default_account), book, clock)


def fleet_of(text: str, **targets: object) -> Fleet:
    file = parse_fleet(textwrap.dedent(text), "eksdns.yaml")
    request = TargetRequest(everything=True, **targets)  # type: ignore[arg-type]  # fields by name
    return Fleet(file, (), file.accounts, request)


def right_before_the_update(simulation: Simulation, act: Callable[[], object]) -> Simulation:
    """The same, where somebody else acts once, when the next UpdateAddon is on its way."""
    world = simulation.world
    handle = world.handle

    def answer(request: Request) -> Delivery:
        if request.method == "POST" and request.target.endswith("/update"):
            world.handle = handle  # type: ignore[method-assign]  # the one door of the world
            act()
        return handle(request)

    world.handle = answer  # type: ignore[method-assign]  # as above
    session = open_simulation(simulation.book, world, simulation.clock, REF.account)
    return replace(simulation, session=session)


def self_managed(corefile: str, workload: str = "") -> str:
    """A scenario with one cluster whose CoreDNS somebody installed by hand.

    Args:
        workload: More of it, as in a scenario file.
    """
    own = f"corefile: {json.dumps(corefile)}"
    return f"""
        version: 1
        accounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]
        clusters:
          - name: {REF.name}
            region: {REF.region}
            addon: none
            kubernetes: "1.33"
            workload: {{{", ".join(filter(None, (own, workload)))}}}
    """
