"""One odd endpoint is that cluster's outcome; the fleet command goes on, and its counts add up."""

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.exit_codes import of_plan, of_run
from eksaddon.app.session import AccessBook
from eksaddon.app.wiring import open_simulation
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Changed
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.api.faults import Fault, Match, Page
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.resources import Endpoint
from eksaddon.sim.scenario.scenario import world_of
from tests.support.simulation import Simulation, fleet_of, scenario_of

ODD = {
    "html": Page(200, b"<html>welcome</html>"),
    "empty": Page(200, b""),
    "list": Page(200, b"[]"),
    "no-version": Page(200, b"{}"),
    "cut": Page(200, b'{"kind": "Deploym'),
    "large": Page(200, b" " * (17 * 1024 * 1024)),
    "redirect": Page(307, b""),
    "unauthorized": Page(401, b""),
    "late": Page(504, b""),
}
SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
clusters:
""" + "".join(
    f"  - {{name: {name}, region: eu-west-1, addon: v1.11.4-eksbuild.51}}\n" for name in (*ODD, "url", "well")
)
FLEET = """
version: 1
coredns: {lameduck: 20s, terminationGracePeriod: 45s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""


def endpoint_of(ref: ClusterRef) -> Endpoint:
    return Endpoint("https://[::bad", "") if ref.name == "url" else in_process(ref)


def test_every_odd_endpoint_is_blocked_and_the_others_are_changed() -> None:
    clock, book = VirtualClock(), AccessBook()
    world = world_of(scenario_of(SCENARIO), clock.now, endpoint_of=endpoint_of)
    session = open_simulation(book, world, clock, "111122223333")
    for name, page in ODD.items():
        world.add_fault(Fault(page, Match(service="kubernetes", cluster=name)))
    fleet = fleet_of(FLEET)
    plan = make_plan(fleet, session, observe(fleet, session, book), strict=False, live=True, tries=True)
    by_name = {one.target.ref.name: one for one in plan.clusters}
    assert by_name.pop("well").action is Action.UPDATE
    assert len(by_name) == len(ODD) + 1
    for one in by_name.values():
        assert one.action is Action.BLOCKED
        assert one.reason.startswith("workload plane unreadable")
    assert of_plan(plan, detailed=False) is ExitCode.PARTIAL
    result = Simulation(world, session, book, clock).apply(plan)
    assert [type(one.outcome) for one in result.results if one.plan.action is Action.UPDATE] == [Changed]
    assert of_run(result) is ExitCode.PARTIAL
