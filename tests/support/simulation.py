"""A simulated fleet in this process, driven through everything but the command line."""

import textwrap
from dataclasses import dataclass

from eksaddon.app.apply import carry_out
from eksaddon.app.fleet import Fleet
from eksaddon.app.plan import make_plan, observe
from eksaddon.app.request import TargetRequest
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.apply.machine import Width
from eksaddon.config.load import parse_fleet
from eksaddon.domain.plan import Plan
from eksaddon.domain.run import RunResult
from eksaddon.sim.scenario import world_of
from eksaddon.sim.scenario_file import parse_scenario
from eksaddon.sim.virtual_time import VirtualClock
from eksaddon.sim.world import World


@dataclass(frozen=True, slots=True)
class Simulation:
    world: World
    session: Session
    book: AccessBook
    clock: VirtualClock

    def plan(self, fleet: Fleet, *, strict: bool = False) -> Plan:
        return make_plan(fleet, self.session, observe(fleet, self.session, self.book), strict=strict)

    def apply(self, plan: Plan, width: Width | None = None, run_id: str = "run-1") -> RunResult:
        wide = width or Width(total=50, per_scope=10, tolerance=10_000)
        result, _ = carry_out(plan, self.session, run_id=run_id, width=wide, emit=lambda _: None)
        return result

    def count(self, operation: str) -> int:
        return self.world.calls.counts.get(operation, 0)


def simulate(scenario: str) -> Simulation:
    chosen = parse_scenario(textwrap.dedent(scenario), "scenario.yaml")
    clock, book = VirtualClock(), AccessBook()
    world = world_of(chosen, clock.now)
    return Simulation(world, open_simulation(book, world, clock, chosen.default_account), book, clock)


def fleet_of(text: str, **targets: object) -> Fleet:
    file = parse_fleet(textwrap.dedent(text), "eksdns.yaml")
    request = TargetRequest(everything=True, **targets)  # type: ignore[arg-type]  # fields by name
    return Fleet(file, (), file.accounts, request)
