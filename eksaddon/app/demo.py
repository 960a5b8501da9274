"""The demo: plan, apply and drift of a small fleet on the embedded simulator."""

from collections.abc import Callable
from importlib.resources import files

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import open_run
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.apply.events import Event
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.config.load import parse_fleet
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunResult
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Demo:
    """The steps and results of the demo.

    Attributes:
        virtual_seconds: Duration of the run on AWS.
    """

    planned: Plan
    result: RunResult
    after: Plan
    calls: int
    virtual_seconds: float


def run_demo(emit: Callable[[Event], None] = lambda _: None) -> Demo:
    """Execute the demo; everything is real except AWS and time."""
    from eksaddon.sim.inprocess.virtual_time import VirtualClock  # noqa: PLC0415  # as above
    from eksaddon.sim.kubernetes.dispatcher import in_process  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.file import packaged_scenario  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.scenario import world_of  # noqa: PLC0415  # an edge, needed here only
    from eksaddon.store.memory import MemoryStore  # noqa: PLC0415  # as above

    scenario, clock, book = packaged_scenario("demo"), VirtualClock(), AccessBook()
    world = world_of(scenario, clock.now, endpoint_of=in_process)
    session = open_simulation(book, world, clock, scenario.default_account)
    fleet = demo_fleet()
    planned = _plan(fleet, session, book)
    started_at = clock.now()
    conduct = Conduct(Limits(total=4, per_scope=2), emit)
    finished = open_run(planned, book.known(), MemoryStore(), session, conduct)
    result = result_of(finished.run_progress)
    seconds = clock.now() - started_at
    after = _plan(fleet, session, book)
    return Demo(planned, result, after, sum(world.calls.counts.values()), seconds)


def demo_fleet() -> Fleet:
    text = files("eksaddon.app").joinpath("demo.yaml").read_text(encoding="utf-8")
    file = parse_fleet(text, "demo.yaml")
    return Fleet(file, (), file.accounts, TargetRequest(everything=True))


def _plan(fleet: Fleet, session: Session, book: AccessBook) -> Plan:
    return make_plan(fleet, session, observe(fleet, session, book), strict=False)
