"""Kills at random moments over moves of both planes: no pod ever has less grace than the Corefile needs.

Every pod is checked at each request and in each second of simulated time. `EKSDNS_POD_KILLS` sets how many
sequences of processes there are, each with one kill at least.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.asks import resuming, retrying
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run, open_run
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.target import Account
from eksaddon.sim.http.messages import Delivery, Request
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.kubernetes.pods import pods
from eksaddon.sim.kubernetes.snapshot import ClusterSnapshot
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from eksaddon.store.memory import MemoryStore
from tests.e2e.kube.watching import ever_ready, grace_of, lameduck_of, pre_stop_of
from tests.support.rollouts import KilledError
from tests.support.simulation import REF, fleet_of, scenario_of

ALL, PARTS = int(os.environ.get("EKSDNS_POD_KILLS", "12")), 4
COREFILE = ".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n    reload\n}\n"
SCENARIO = f"""
version: 1
pace: {{update: [5, 40]}}
accounts: [{{id: "{REF.account}", name: shop, regions: [eu-west-1]}}]
documents: {{low: {{values: {{replicaCount: 2}}, corefile: {json.dumps(COREFILE)}}}}}
clusters: [{{name: prod, region: eu-west-1, addon: v1.14.7-eksbuild.10, document: low, kubernetes: "1.33"}}]
"""
MOST_STEPS = 60

Setting = tuple[int, int, int]
"""Seconds of lameduck, grace period and preStop."""

MOVES: dict[str, tuple[Setting, Setting]] = {
    "raise": ((5, 30, 5), (40, 60, 5)),
    "lower": ((40, 60, 5), (5, 30, 5)),
    "mixed": ((5, 60, 40), (30, 45, 5)),
}


def fleet(to: Setting) -> str:
    lameduck, grace, pre_stop = to
    wanted = f"lameduck: {lameduck}s, terminationGracePeriod: {grace}s, preStop: {pre_stop}s"
    return (
        f"version: 1\ncoredns: {{allowWeaken: true, {wanted}}}\n"
        f'accounts: [{{id: "{REF.account}", name: shop, regions: [eu-west-1]}}]\n'
    )


class WatchedClock(VirtualClock):
    """Takes a sample in each of the first seconds that pass; updates and rollouts end within them."""

    watch: "Cluster | None" = None

    def advance(self, seconds: float) -> None:
        steps = min(MOST_STEPS, int(seconds)) if self.watch is not None else 0
        for _ in range(steps):
            super().advance(1)
            if self.watch is not None:
                self.watch.look()
        super().advance(seconds - steps)


@dataclass(slots=True)
class Cluster:
    """One cluster, whose caller can be killed at one of its calls, before or after it is carried out."""

    clock: WatchedClock = field(default_factory=WatchedClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    left: int | None = None
    is_after: bool = False
    dies_at_patch: bool = False
    runs: list[str] = field(default_factory=list)
    kills: int = 0
    samples: int = 0
    violations: list[str] = field(default_factory=list)
    world: World = field(init=False)
    handle: Callable[[Request], Delivery] = field(init=False)

    def __post_init__(self) -> None:
        self.world = world_of(scenario_of(SCENARIO), self.clock.now, endpoint_of=in_process)
        self.handle = self.world.handle
        self.world.handle = self.answer  # type: ignore[method-assign]  # the one door of the world
        self.clock.watch = self

    def answer(self, request: Request) -> Delivery:
        self.look()
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.left = None
                self.kills += 1
                if self.is_after:
                    self.handle(request)
                raise KilledError
        delivery = self.handle(request)
        self.look()
        if self.dies_at_patch and request.method == "PATCH" and "dryRun" not in request.target:
            self.dies_at_patch = False
            self.kills += 1
            raise KilledError
        return delivery

    def snapshot(self) -> ClusterSnapshot:
        (cluster,) = self.world.clusters()
        return ClusterSnapshot(cluster, self.world.workload(REF), self.world.addon(REF), self.clock.now())

    def look(self) -> None:
        found = self.snapshot()
        in_force = lameduck_of(found.corefile)
        self.samples += 1
        for pod in map(dict, pods(found)):
            grace, needed = grace_of(pod), pre_stop_of(pod) + in_force
            if ever_ready(pod) and grace < needed:
                self.violations.append(f"{self.clock.elapsed:.0f} s: grace {grace}, needed {needed}")

    def session(self) -> tuple[Session, AccessBook]:
        book = AccessBook()
        return open_simulation(book, self.world, self.clock, REF.account), book

    def connect(self, accounts: tuple[Account, ...]) -> Session:
        session, book = self.session()
        for each in accounts:
            book.learn(each)
        return session

    def apply(self, to: Setting) -> None:
        session, book = self.session()
        chosen = fleet_of(fleet(to))
        plan = make_plan(chosen, session, observe(chosen, session, book), strict=False, tries=True)
        self.runs.append(f"20260101-000000-{len(self.runs):06}")
        open_run(plan, book.known(), self.store, session, Conduct(), run_id=self.runs[-1])

    def step(self, verb: str, to: Setting) -> None:
        """One process, which can be killed or refused."""
        self.clock.advance(600)  # past the lock of a process that was killed
        try:
            if verb == "apply" or not self.runs:
                self.apply(to)
            else:
                ask = resuming if verb == "resume" else retrying
                continue_run(self.runs[-1], ask, self.store, self.connect, Conduct())
        except (KilledError, EksdnsError):
            pass
        finally:
            self.left = None

    def state(self) -> Setting:
        found = self.snapshot()
        running = {
            (lameduck_of(found.corefile), grace_of(pod), pre_stop_of(pod)) for pod in map(dict, pods(found))
        }
        (state,) = running
        return state

    def updates(self) -> list[str]:
        addon = self.world.addon(REF)
        assert addon is not None
        return [update.status for update in addon.updates]


def killed(seed: int, move: str) -> Cluster:
    """A move that is killed, and taken up again by whichever command, until it is done."""
    before, after = MOVES[move]
    dice, cluster = random.Random(seed), Cluster()
    cluster.step("apply", before)
    assert cluster.state() == before
    known = len(cluster.updates())
    cluster.left, cluster.is_after = dice.randint(1, 45), dice.random() < 0.5
    cluster.step("apply", after)
    for _ in range(dice.randint(1, 3)):
        if dice.random() < 0.5:
            cluster.left, cluster.is_after = dice.randint(1, 30), dice.random() < 0.5
        cluster.step(dice.choice(["resume", "apply", "retry"]), after)
    for verb in "resume", "apply":
        cluster.step(verb, after)
    cluster.clock.advance(120)
    assert cluster.state() == after, (seed, move)
    assert cluster.updates()[known:] == ["Successful"], (seed, move, "one UpdateAddon for the change")
    return cluster


@pytest.mark.parametrize("part", range(PARTS))
def test_no_pod_is_ever_cut_and_each_change_is_written_once(part: int) -> None:
    kills: Counter[str] = Counter()
    for seed in range(part, ALL, PARTS):
        move = list(MOVES)[seed // PARTS % len(MOVES)]
        cluster = killed(seed, move)
        assert cluster.violations == [], (seed, move)
        assert cluster.samples > 100
        kills[move] += cluster.kills
    assert set(kills) == set(MOVES)
    assert all(kills.values())


@pytest.mark.parametrize(("is_guarded", "is_cut"), [(True, False), (False, True)])
def test_the_check_sees_a_pod_that_is_cut(
    monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool, is_cut: bool
) -> None:
    """Without the guard, a lameduck alone is written over pods that a killed rollout never replaces."""
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.guard.short_pods", lambda *_args, **_more: ())
    cluster = Cluster()
    cluster.world.change_workload(REF, lambda old: replace(old, stuck=True))
    cluster.dies_at_patch = True
    cluster.step("apply", MOVES["raise"][1])
    assert cluster.kills == 1
    session, book = cluster.session()
    alone = fleet_of(fleet(MOVES["raise"][1]).replace(", terminationGracePeriod: 60s, preStop: 5s", ""))
    plan = make_plan(alone, session, observe(alone, session, book), strict=False)
    open_run(plan, book.known(), MemoryStore(), session, Conduct(), run_id="20260101-000000-alone")
    assert lameduck_of(cluster.snapshot().corefile) == (5 if is_guarded else 40)
    assert bool(cluster.violations) is is_cut
