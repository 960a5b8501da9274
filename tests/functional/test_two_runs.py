"""Two runs on the same targets: one holds, the other is refused, also when the holder was killed."""

from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.app.runs.asks import resuming
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run, open_run
from eksaddon.apply.lease import TIME_TO_LIVE
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunState
from eksaddon.ports import Held, Holder
from eksaddon.store.local import LocalStore
from eksaddon.store.memory import MemoryStore
from tests.support.simulation import Simulation, fleet_of, simulate

SCENARIO = """
    version: 1
    accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
    documents: {plain: '{"replicaCount": 2}'}
    clusters:
      - {name: "c-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
FLEET = """
    version: 1
    coredns: {replicaCount: 3}
    accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""


def planned() -> tuple[Simulation, Plan]:
    simulation = simulate(SCENARIO)
    return simulation, simulation.plan(fleet_of(FLEET))


@pytest.fixture(params=["memory", "local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MemoryStore | LocalStore:
    return MemoryStore() if request.param == "memory" else LocalStore(tmp_path)


def test_a_second_run_is_refused_while_one_holds_its_targets(store: MemoryStore | LocalStore) -> None:
    simulation, plan = planned()
    now = simulation.clock.now()
    key = str(plan.clusters[1].target.ref)
    lock = store.lock()
    theirs = Holder("other", "ci@host pid 1", now + TIME_TO_LIVE)
    assert lock.acquire(frozenset({key}), theirs, now) == Held(theirs.until)
    with pytest.raises(EksdnsError, match=f"{key} is locked by run other") as caught:
        open_run(plan, simulation.book.known(), store, simulation.session, Conduct(), run_id="mine")
    assert caught.value.exit_code is ExitCode.REFUSED
    assert simulation.count("UpdateAddon") == 0
    assert store.runs() == ()


def test_the_lock_of_a_killed_holder_is_taken_over_when_its_time_is_over(
    store: MemoryStore | LocalStore, tmp_path: Path
) -> None:
    simulation, plan = planned()
    if isinstance(store, LocalStore):
        store = LocalStore(tmp_path, clock=lambda _: simulation.clock.now())
    now = simulation.clock.now()
    killed = Holder("other", "ci@host pid 1", now + TIME_TO_LIVE)
    store.lock().acquire(frozenset({str(one.target.ref) for one in plan.clusters}), killed, now)
    simulation.clock.advance(TIME_TO_LIVE)
    finished = open_run(plan, simulation.book.known(), store, simulation.session, Conduct(), run_id="mine")
    assert finished.run_progress.state is RunState.SUCCEEDED


def test_a_run_lets_go_of_everything_when_it_ends(store: MemoryStore | LocalStore) -> None:
    simulation, plan = planned()
    for run_id in ("first", "second"):
        open_run(plan, simulation.book.known(), store, simulation.session, Conduct(), run_id=run_id)
    assert simulation.count("UpdateAddon") == len(plan.clusters)


def test_no_one_resumes_a_run_that_another_process_is_at_work_on(store: MemoryStore | LocalStore) -> None:
    simulation, plan = planned()
    waiting = replace(plan, strategy=replace(plan.strategy))
    open_run(waiting, simulation.book.known(), store, simulation.session, Conduct(), run_id="mine")
    now = simulation.clock.now()
    busy = Holder("mine", "another process", now + TIME_TO_LIVE)
    store.lock().acquire(frozenset({"run mine"}), busy, now)
    with pytest.raises(EksdnsError, match="run mine is locked by run mine") as caught:
        continue_run("mine", resuming, store, lambda _: simulation.session, Conduct())
    assert caught.value.exit_code is ExitCode.REFUSED
