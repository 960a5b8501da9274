"""Kills at random moments over apply, resume, retry, rollback and adopt: no claim that EKS denies.

An oracle compares every claimed outcome with the server's own update history. `EKSDNS_RANDOM_KILLS` sets how
many sequences of processes there are, each with one kill at least.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from eksaddon.app.adopt.adopt import AdoptionRequest, execute_adoption, prepare, prepare_undo, undo
from eksaddon.app.fleet.plan import make_plan, observe, read_histories
from eksaddon.app.runs.asks import Ask, resuming, retrying, rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.open_ends import open_ends
from eksaddon.app.runs.rollout import continue_run, load_run, open_run
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.proof import is_healthy
from eksaddon.domain.run.outcome import Changed, Failed, InSync, RolledBack
from eksaddon.domain.run.result import RunResult
from eksaddon.domain.target import Account, ClusterRef
from eksaddon.sim.addon.lifecycle import Addon, Update
from eksaddon.sim.addon.update_script import Course, fails
from eksaddon.sim.api.faults import Deny, Fault, Match, Refuse, Reset
from eksaddon.sim.http.messages import Delivery, Request
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from eksaddon.store.memory import MemoryStore
from tests.support.rollouts import KilledError
from tests.support.simulation import REF, fleet_of, scenario_of, self_managed

ALL = int(os.environ.get("EKSDNS_RANDOM_KILLS", "40"))
ADOPTIONS, PARTS = ALL * 2 // 15, 5
KILLS = (ALL - ADOPTIONS) // PARTS
"""Seeds of each part; with 300 there are 260 of runs and 40 of adoptions."""

SCENARIO = """
version: 1
pace: {{update: [5, 60], documentLag: {lag}}}
eks: {{updates: {order}, freshIdReads: {fresh}, oldDocumentReads: {old}}}
clockOffset: {offset}
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
documents: {{plain: '{{"replicaCount":2}}'}}
clusters:
  - {{name: "c-{{n}}", count: 4, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}}
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
REFS = tuple(ClusterRef("111122223333", "eu-west-1", f"c-{number}") for number in range(1, 5))
BEFORE, AFTER = 2, 3


@dataclass(slots=True)
class Server:
    """A world whose caller may be killed at one of its calls, before or after the call is carried out."""

    world: World
    left: int | None = None
    is_after: bool = False
    handle: Callable[[Request], Delivery] = field(init=False)

    def __post_init__(self) -> None:
        self.handle = self.world.handle
        self.world.handle = self.answer  # type: ignore[method-assign]  # the one door of the world

    def answer(self, request: Request) -> Delivery:
        if self.left is None:
            return self.handle(request)
        self.left -= 1
        if self.left > 0:
            return self.handle(request)
        self.left = None
        if self.is_after:
            self.handle(request)
        raise KilledError

    def kill_at(self, call: int, *, is_after: bool) -> None:
        self.left, self.is_after = call, is_after


@dataclass(slots=True)
class Story:
    """Everything that outlives a process, and what the processes claimed."""

    dice: random.Random
    world: World
    server: Server
    clock: VirtualClock
    store: MemoryStore = field(default_factory=MemoryStore)
    runs: list[str] = field(default_factory=list)

    def session(self) -> tuple[Session, AccessBook]:
        book = AccessBook()
        return open_simulation(book, self.world, self.clock, "111122223333"), book

    def connect(self, accounts: tuple[Account, ...]) -> Session:
        session, book = self.session()
        for each in accounts:
            book.learn(each)
        return session

    def apply(self) -> RunResult:
        session, book = self.session()
        fleet = fleet_of(FLEET)
        seen = observe(fleet, session, book)
        healthy = [one.target.ref for one in seen.observations if is_healthy(one.observed)]
        seen = read_histories(seen, session, open_ends(self.store, healthy).all)
        plan = make_plan(fleet, session, seen, strict=False, foresees=False)  # kills are to meet the run
        run_id = f"20260101-000000-{len(self.runs):06}"
        self.runs.append(run_id)
        finished = open_run(plan, book.known(), self.store, session, conduct(), run_id=run_id)
        return result_of(finished.run_progress)

    def ask(self, ask: Ask) -> RunResult:
        finished = continue_run(self.runs[-1], ask, self.store, self.connect, conduct())
        return result_of(finished.run_progress)

    def step(self, verb: str) -> RunResult | None:
        """One process; None where it was killed or refused."""
        self.clock.advance(600)  # past the lock of a process that was killed
        try:
            return self.apply() if verb == "apply" or not self.is_open() else self.ask(VERBS[verb])
        except (KilledError, EksdnsError):
            return None
        finally:
            self.server.left = None

    def is_open(self) -> bool:
        """Whether there is a run to ask something of; one that was killed before its first record is none."""
        try:
            return bool(self.runs) and bool(load_run(self.store, self.runs[-1]))
        except EksdnsError:
            return False

    def addon(self, ref: ClusterRef) -> Addon:
        found = self.world.addon(ref)
        assert found is not None
        return found


VERBS: dict[str, Ask] = {"resume": resuming, "retry": retrying, "rollback": rolling_back("")}


def conduct() -> Conduct:
    return Conduct(Limits(total=4, per_scope=4))


def story(seed: int) -> Story:
    dice = random.Random(seed)
    clock = VirtualClock()
    text = SCENARIO.format(
        lag=dice.choice([0, 0, 3, 20]),
        order=dice.choice(["arbitrary", "newest-first", "oldest-first"]),
        fresh=dice.choice([0, 0, 2]),
        old=dice.choice([0, 3, 30]),
        offset=dice.choice([0, 0, -180, 90]),
    )
    scenario = scenario_of(text)
    world = world_of(scenario, clock.now, endpoint_of=in_process)
    made = Story(dice, world, Server(world), clock)
    for ref in REFS:
        courses = tuple(dice.choice(COURSES) for _ in range(2))
        world.change(ref, lambda addon, courses=courses: replace(addon, script=courses))  # type: ignore[misc]  # mypy cannot type a lambda's default
    for fault in dice.sample(FAULTS, dice.randint(0, 2)):
        world.add_fault(fault)
    return made


COURSES = (
    Course(),
    Course(),
    fails(keeps=True, status="ACTIVE"),
    fails(keeps=True, status="UPDATE_FAILED"),
    fails(keeps=False, status="ACTIVE"),
    Course(ends="Cancelled", keeps=False),
)
NO_UPDATE = Refuse(404, "ResourceNotFoundException", "No update found for ID")
BUSY = Refuse(409, "ResourceInUseException", "an update of the cluster runs")
FAULTS = (
    Fault(Reset(after=True), Match(operation="UpdateAddon"), probability=0.5),
    Fault(Reset(after=False), Match(operation="UpdateAddon"), probability=0.3),
    Fault(Deny(), Match(operation="ListUpdates"), each=True, times=2),
    Fault(Deny(), Match(operation="DescribeUpdate"), each=True, times=1),
    Fault(
        Refuse(404, "ResourceNotFoundException", "No update found for ID"),
        Match(operation="DescribeUpdate"),
        probability=0.2,
    ),
    Fault(
        Refuse(409, "ResourceInUseException", "an update runs"),
        Match(operation="UpdateAddon"),
        probability=0.3,
    ),
    Fault(Refuse(503, "ServiceUnavailableException", "later"), Match(service="eks"), probability=0.1),
)


def replicas(text: str | None) -> object:
    return json.loads(text or "{}").get("replicaCount")


def sent(update: Update) -> object:
    return replicas(dict(update.params).get("ConfigurationValues"))


def judge(made: Story, result: RunResult) -> None:
    """No claim that the server's own record denies."""
    for one in result.results:
        ref = one.plan.target.ref
        addon = made.addon(ref)
        history = {update.id: update for update in addon.updates}
        newest = addon.updates[-1] if addon.updates else None
        match one.outcome:
            case Changed(update_id=update_id):
                claimed = history[update_id] if update_id else newest
                assert claimed is not None
                assert (claimed.status, sent(claimed)) == ("Successful", AFTER), (ref, claimed)
                assert replicas(addon.stored.text) == AFTER
            case InSync():
                assert replicas(addon.stored.text) == AFTER
                assert newest is not None
                assert newest.status == "Successful"
                assert addon.status == "ACTIVE"
            case RolledBack(update_id=update_id):  # to what was stored before this run
                assert one.plan.write is not None
                assert replicas(addon.stored.text) == replicas(one.plan.write.before)
                claimed = history[update_id] if update_id else newest
                assert claimed is None or claimed.status == "Successful"  # none: it never arrived
            case Failed(trouble=trouble, update_id=update_id):
                assert trouble.cause is not Cause.INTERNAL, trouble
                assert not update_id or history[update_id].status != "InProgress"
            case _:
                pass


def check_writes(made: Story) -> None:
    """A document that an update brought is never sent a second time while it is in force."""
    for ref in REFS:
        addon = made.addon(ref)
        in_force: object = BEFORE
        for update in addon.updates:
            assert sent(update) != in_force, (ref, addon.updates)
            in_force = sent(update) if update.status == "Successful" else None
        assert len({update.token for update in addon.updates}) == len(addon.updates)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_run_claims_more_than_the_servers_record_shows(part: int) -> None:
    ends: Counter[str] = Counter()
    for seed in range(part * KILLS, (part + 1) * KILLS):
        made = story(seed)
        made.server.kill_at(made.dice.randint(1, 45), is_after=made.dice.random() < 0.5)
        if (result := made.step("apply")) is not None:
            judge(made, result)
        for _ in range(made.dice.randint(0, 3)):
            if made.dice.random() < 0.6:
                made.server.kill_at(made.dice.randint(1, 30), is_after=made.dice.random() < 0.5)
            if (result := made.step(made.dice.choice(["resume", "retry", "apply", "rollback"]))) is not None:
                judge(made, result)
        made.world.clear_faults()
        for ref in REFS:
            made.world.change(ref, lambda addon: replace(addon, script=()))
        for _ in range(4):  # who keeps asking brings the fleet to its end
            made.step("resume")
            if (result := made.step("apply")) is not None:
                judge(made, result)
        check_writes(made)
        assert all(replicas(made.addon(ref).stored.text) == AFTER for ref in REFS), seed
        assert all(made.addon(ref).status == "ACTIVE" for ref in REFS), seed
        ends["done"] += 1
    assert ends["done"] == KILLS


COREFILE = ".:53 {\n    errors\n    health\n    ready\n    forward . /etc/resolv.conf\n    reload\n}\n"


@pytest.mark.parametrize("seed", range(ADOPTIONS))
def test_an_adoption_that_is_killed_is_ended_by_the_same_command(seed: int, tmp_path: Path) -> None:
    dice, clock = random.Random(seed), VirtualClock()
    world = world_of(scenario_of(self_managed(COREFILE)), clock.now, endpoint_of=in_process)
    server = Server(world)
    fleet = fleet_of(FLEET.replace("{replicaCount: 3}", "{}"))
    wish = AdoptionRequest(tmp_path, None, None, ResolveConflicts.OVERWRITE, strict=False)

    def adopt() -> object:
        book = AccessBook()
        session = open_simulation(book, world, clock, REF.account)
        return execute_adoption(prepare(fleet, session, book, wish), session, lambda *_: None).outcome

    def give_up() -> object:
        book = AccessBook()
        session = open_simulation(book, world, clock, REF.account)
        return undo(prepare_undo(fleet, session, book, wish.place), session, lambda *_: None).outcome

    for command, operation in ((adopt, "CreateAddon"), (give_up, "DeleteAddon")):
        server.kill_at(dice.randint(1, 25), is_after=dice.random() < 0.5)
        try:
            outcome = command()
        except KilledError:
            server.left = None
            outcome = command()
        server.left = None
        assert isinstance(outcome, Changed | RolledBack)
        assert world.calls.counts[operation] == 1
