"""What can go wrong in the middle of a rollout that is nobody's cluster's fault, and how it goes on."""

from collections import Counter
from dataclasses import replace

import pytest

from eksaddon.app.runs.asks import resuming, retrying
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run, load_run
from eksaddon.apply.events import Event, Halted
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.apply.steps import Limits
from eksaddon.domain.plan import Plan
from eksaddon.domain.rollout.strategy import Count, OnFailure, Strategy, Wave
from eksaddon.domain.run.outcome import Failed, UnreachableTarget
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Resumed, Retried
from eksaddon.domain.run.result import RunState
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import Holder
from eksaddon.sim.api.faults import Deny, Expire, Fault, Match, Reset
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.store.memory import MemoryLock
from tests.support.rollouts import RUN, Rollout, plan_of, refs_of
from tests.support.simulation import Simulation, fleet_of, simulate

CLUSTERS, ACCOUNTS = 40, 4
SCENARIO = """
    version: 1
    defaultAccount: hub
    organization: {management: hub}
    accounts:
      - {id: "100000000000", name: hub, regions: [eu-west-1], roles: {eksdns-apply: {}}}
    documents: {plain: '{"replicaCount": 2}'}
    fleets:
      - {clusters: 40, accounts: 4, regions: [eu-west-1], versions: [v1.11.4-eksbuild.51], documents: [plain]}
"""
FLEET = """
    version: 1
    coredns: {replicaCount: 3}
    organization: {role: eksdns-apply, regions: [eu-west-1], excludeAccounts: ["100000000000"]}
"""


def stage() -> tuple[Simulation, Plan]:
    simulation = simulate(SCENARIO)
    return simulation, simulation.plan(fleet_of(FLEET))


def in_one_wave(plan: Plan, tolerance: int) -> Plan:
    wave = Wave(
        "all",
        max_concurrency=Count(8),
        failure_tolerance=Count(tolerance),
        on_failure=OnFailure.PAUSE,
        soak=0,
    )
    clusters = tuple(replace(each, wave="all") for each in plan.clusters)
    return replace(plan, clusters=clusters, waves=("all",), strategy=Strategy((wave,)))


def carried_on(simulation: Simulation, ask: object) -> RunProgress:
    limits = Conduct(Limits(total=50, per_scope=10))
    return continue_run("run-1", ask, simulation.store, lambda _: simulation.session, limits).run_progress  # type: ignore[arg-type]  # an Ask


def went_wrong(run_progress: RunProgress) -> list[ClusterRef]:
    return [
        ref
        for ref, each in run_progress.targets.items()
        if isinstance(each.outcome, Failed | UnreachableTarget)
    ]


def updates(simulation: Simulation) -> Counter[int]:
    """How many clusters had how many updates."""
    addons = [simulation.world.addon(cluster.ref) for cluster in simulation.world.clusters()]
    return Counter(len(addon.updates) for addon in addons if addon is not None)


def begin_faults(simulation: Simulation, fault: Fault, seconds: float) -> None:
    simulation.world.add_fault(replace(fault, begins=simulation.clock.elapsed + seconds))


@pytest.mark.parametrize("after", [0.0, 5.0, 30.0, 61.0, 95.0])
def test_credentials_that_expire_pause_the_run_and_fresh_ones_finish_it(after: float) -> None:
    simulation, plan = stage()
    begin_faults(simulation, Fault(Expire()), after)
    result = simulation.apply(in_one_wave(plan, 0))
    assert result.state is RunState.PAUSED
    assert result.reason.startswith("credentials-expired: ")
    assert "renew the base credentials" in result.reason
    counts = load_run(simulation.store, "run-1").counts
    assert counts["failed"] == counts["unreachable"] == 0, "the clusters have nothing to do with it"
    simulation.world.clear_faults()
    run_progress = carried_on(simulation, resuming)
    assert (run_progress.state, dict(run_progress.counts)) == (RunState.SUCCEEDED, {"changed": CLUSTERS})
    assert updates(simulation) == {1: CLUSTERS}


@pytest.mark.parametrize("after", [5.0, 40.0, 75.0])
@pytest.mark.parametrize("tolerance", [0, 20])
def test_an_account_that_is_lost_mid_wave_counts_and_the_others_continue_within_the_tolerance(
    after: float, tolerance: int
) -> None:
    simulation, plan = stage()
    lost = plan.clusters[-1].target.ref.account
    begin_faults(simulation, Fault(Deny(), Match(account=lost)), after)
    result = simulation.apply(in_one_wave(plan, tolerance))
    run_progress = load_run(simulation.store, "run-1")
    bad = went_wrong(run_progress)
    assert bad
    assert {ref.account for ref in bad} == {lost}
    assert sum(run_progress.counts.values()) == CLUSTERS
    if tolerance:
        assert result.state is RunState.SUCCEEDED_WITH_FAILURES
        assert run_progress.counts["changed"] == CLUSTERS - len(bad) >= CLUSTERS - CLUSTERS // ACCOUNTS
    else:
        assert result.state is RunState.PAUSED
    simulation.world.clear_faults()
    run_progress = carried_on(simulation, retrying)
    assert (run_progress.state, dict(run_progress.counts)) == (RunState.SUCCEEDED, {"changed": CLUSTERS})
    assert updates(simulation) == {1: CLUSTERS}


def test_an_answer_that_is_lost_every_time_is_no_second_update() -> None:
    simulation, plan = stage()
    simulation.world.add_fault(Fault(Reset(after=True), Match(operation="UpdateAddon"), each=True, times=1))
    result = simulation.apply(in_one_wave(plan, 0))
    assert result.state is RunState.SUCCEEDED
    assert updates(simulation) == {1: CLUSTERS}


REFS = refs_of(24, accounts=4)
JUMPY = Strategy((Wave("all", max_concurrency=Count(6), failure_tolerance=Count(24), soak=600),))


class _Jumps:
    """Moves the clock once, after so many events."""

    def __init__(self, rollout: Rollout, after: int, seconds: float) -> None:
        self.rollout, self.left, self.seconds = rollout, after, seconds

    def __call__(self, _: object, __: Event) -> None:
        self.left -= 1
        if self.left == 0:
            self.rollout.clock._start += self.seconds


@pytest.mark.parametrize("seconds", [-7200.0, 90.0, 3600.0, 86_400.0])
@pytest.mark.parametrize("after", [3, 20, 45, 73])
def test_a_clock_that_jumps_costs_a_retry_at_most_and_never_a_second_update(
    seconds: float, after: int
) -> None:
    rollout = Rollout(plan_of([("all", REFS)]), JUMPY)
    rollout.begin()
    run_progress = rollout.process(Limits(total=6, per_scope=6), _Jumps(rollout, after, seconds))
    assert sum(run_progress.counts.values()) == len(REFS)
    for _ in range(3):
        failed = went_wrong(run_progress)
        if not failed and run_progress.state is not RunState.PAUSED:
            break
        now = rollout.clock.now()
        rollout.tell(Retried(now, tuple(failed)) if failed else Resumed(now, "test"))
        run_progress = rollout.process(Limits(total=6, per_scope=6))
    assert dict(run_progress.counts) == {"changed": len(REFS)}
    assert max(Counter(ref for ref, _ in rollout.api.requests).values()) == 1


def test_a_clock_that_jumps_past_the_locks_time_stops_new_writes() -> None:
    rollout = Rollout(plan_of([("all", REFS)]), JUMPY)
    rollout.begin()
    holder = Holder(RUN, "test", rollout.clock.now() + 120.0)
    lock = MemoryLock()
    lock.acquire(frozenset({"all"}), holder, rollout.clock.now())
    lease = LeaseRenewer(lock, holder, rollout.clock, InlineExecutor())
    other = Holder("other", "somebody", rollout.clock.now() + 10_000.0)

    def jump(_: object, __: Event) -> None:
        if len(rollout.events) == 20:
            rollout.clock._start += 3600.0
            lock.acquire(frozenset({"all"}), other, rollout.clock.now())

    rollout.process(Limits(total=6, per_scope=6), jump, lease)
    written = len(rollout.api.requests)
    assert any(isinstance(event, Halted) and "lock" in event.reason for event in rollout.events)
    assert written <= 12, "those that were announced before, and no other"
