"""Runs over fake add-ons on virtual time: begun, killed, resumed."""

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from eksaddon.apply.engine import Run
from eksaddon.apply.events import Event
from eksaddon.apply.journal_writer import JournalWriter
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.apply.steps import Limits
from eksaddon.apply.world import CheckWave, World
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan, Plan
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.rollout.strategy import ConcurrencyMode, Count, OnFailure, Strategy, Wave
from eksaddon.domain.run.progress import RunProgress, replay
from eksaddon.domain.run.records import Opened, Record, from_json, to_json
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.ports.probes import ProbeApi
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually
from eksaddon.store.memory import MemoryJournal
from tests.support.aws.addon_api import FakeAddonApi

VERSION = "v1.11.4-eksbuild.28"
BEFORE, AFTER = '{"replicaCount":2}', '{"replicaCount":3}'
RUN = "20260101-000000-aaaaaa"


class KilledError(KeyboardInterrupt):
    """The process ends here, as after kill -9; asyncio lets this one through at once."""


def _is_news(record: logging.LogRecord) -> bool:
    """A process that is killed retrieves no exceptions of its tasks; CPython 3.11 formats them at any time,
    and in the middle of a parse that ends in a SystemError (python/cpython#106905)."""
    return not (record.exc_info and isinstance(record.exc_info[1], KilledError))


logging.getLogger("asyncio").addFilter(_is_news)


def refs_of(count: int, accounts: int = 3) -> list[ClusterRef]:
    return [ClusterRef(f"{number % accounts:012}", "eu-west-1", f"c{number:03}") for number in range(count)]


def plan_of(waves: Sequence[tuple[str, Iterable[ClusterRef]]]) -> Plan:
    """Everything in these waves is to be raised from two replicas to three."""
    clusters = tuple(_raised(ref, wave) for wave, refs in waves for ref in refs)
    return Plan(clusters, 0.0, "digest", tuple(wave for wave, _ in waves))


def _raised(ref: ClusterRef, wave: str) -> ClusterPlan:
    addon = Managed(ref, VERSION, "ACTIVE", BEFORE)
    write = AddonWrite(BEFORE, AFTER, ResolveConflicts.NONE)
    return ClusterPlan(
        Target(ref), Action.UPDATE, "1 change", VERSION, fingerprint=addon.fingerprint, write=write, wave=wave
    )


def one_wave(tolerance: int = 0, width: int = 10, on_failure: OnFailure = OnFailure.STOP) -> Strategy:
    wave = Wave("", max_concurrency=Count(width), failure_tolerance=Count(tolerance), on_failure=on_failure)
    return Strategy((wave,), concurrency_mode=ConcurrencyMode.SOFT)


@dataclass(slots=True)
class Rollout:
    """A run and everything around it that outlives a process.

    Attributes:
        extra: Records that people add between two processes.
    """

    plan: Plan
    strategy: Strategy
    clock: VirtualClock = field(default_factory=VirtualClock)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    api: FakeAddonApi = field(init=False)
    events: list[Event] = field(default_factory=list)
    checks: dict[str, CheckWave] = field(default_factory=dict)
    fake: dict[str, object] = field(default_factory=dict)
    probes: ProbeApi | None = None
    servers: tuple[DnsServer, ...] = ()
    dns_name: str = ""

    def __post_init__(self) -> None:
        addons = {
            each.target.ref: Managed(each.target.ref, VERSION, "ACTIVE", BEFORE)
            for each in self.plan.clusters
        }
        self.api = FakeAddonApi(self.clock.now, addons, **self.fake)  # type: ignore[arg-type]  # by name

    def tell(self, record: Record) -> None:
        self.journal.append([to_json(record)])

    def run_progress(self) -> RunProgress:
        return replay(from_json(record) for record in self.journal.read())

    def begin(self) -> None:
        opened = Opened(self.clock.now(), RUN, self.plan, self.strategy, tool="0", who="test")
        self.tell(opened)

    def process(
        self,
        limits: Limits | None = None,
        during: Callable[[Run, Event], None] | None = None,
        lease: LeaseRenewer | None = None,
    ) -> RunProgress:
        """One process, from reading the journal until the run pauses, ends or is killed."""

        def emit(event: Event) -> None:
            self.events.append(event)
            if during is not None:
                during(run, event)

        async def go() -> RunProgress:
            return await run.execute()

        executor = InlineExecutor()
        world = World(
            self.api,
            executor,
            self.clock,
            emit,
            lambda one, other: (one or "{}") == (other or "{}"),
            random.Random(3),  # spreads polls
            self.checks,
            probes=self.probes,
            dns_servers=self.servers,
            dns_name=self.dns_name,
        )
        journal_writer = JournalWriter(self.journal, executor)
        run = Run(self.run_progress(), world, journal_writer, limits or Limits(), lease=lease)
        return run_virtually(go(), self.clock)

    def run(self, limits: Limits | None = None) -> RunProgress:
        self.begin()
        return self.process(limits)


def named(wave: Wave, name: str) -> Wave:
    return replace(wave, name=name)
