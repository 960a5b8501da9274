"""What thousands of targets cost a run: CPU and memory, with the answers of EKS from memory."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence

import pytest

from eksaddon.apply.steps import Limits
from eksaddon.domain.json import JsonObject
from eksaddon.domain.run import RunState
from eksaddon.domain.strategy import Count, Strategy, Wave
from eksaddon.store.lines import to_lines
from eksaddon.store.memory import MemoryJournal
from tests.support.rollouts import Rollout, plan_of, refs_of

Note = Callable[[str, object], None]

WAVES = ("canary", "early", "late", "rest")
WIDTH = 200
AIM = 0.002
"""CPU seconds for each target, on a machine that does nothing else; 1.2 ms when it was measured."""
BUSY = 2.5
"""By so much a machine whose caches and cores others share makes CPU time longer."""
GROWTH = 1.6
"""By so much a target may cost more among 5,000 than among 500; a count of all at each step makes it 8."""
MOST_MEMORY = 60 * 2**20
"""Bytes above what the plan takes."""


class ForgettingJournal(MemoryJournal):
    """Writes every record as a file would, and keeps only the opening."""

    written = 0

    def append(self, records: Sequence[JsonObject]) -> None:
        self.written += len(to_lines(records))
        if not self.records:
            MemoryJournal.append(self, records)


def rollout_of(targets: int, accounts: int, waves: Sequence[str] = WAVES) -> Rollout:
    refs = refs_of(targets, accounts)
    each = targets // len(waves)
    plan = plan_of([(name, refs[at * each : (at + 1) * each]) for at, name in enumerate(waves)])
    strategy = Strategy(tuple(Wave(name, max_concurrency=Count(WIDTH)) for name in waves))
    rollout = Rollout(plan, strategy, journal=ForgettingJournal())
    rollout.begin()
    return rollout


def cpu_of(rollout: Rollout) -> float:
    """Seconds of a whole run for each of its targets."""
    begun = time.process_time()
    story = rollout.process(Limits(total=WIDTH))
    spent = time.process_time() - begun
    assert story.state is RunState.SUCCEEDED
    return spent / len(story.targets)


def compared(accounts: int, waves: Sequence[str]) -> tuple[float, float]:
    """CPU for each of 5,000 targets, and by how much more that is than for each of 500."""
    few = min(cpu_of(rollout_of(500, accounts, waves)) for _ in range(3))
    many = cpu_of(rollout_of(5_000, accounts, waves))
    return many, many / few


@pytest.mark.parametrize(("accounts", "waves"), [(200, WAVES), (1, WAVES[:1])])
def test_5000_targets_cost_little_cpu_and_no_more_each_than_500(
    accounts: int, waves: Sequence[str], record_property: Note
) -> None:
    """Also where the limit of one account and region holds everything up."""
    cost, growth = compared(accounts, waves)
    record_property("CPU milliseconds for each target", cost * 1000)
    record_property("growth from 500 to 5,000", growth)
    assert growth <= GROWTH
    assert cost <= AIM * BUSY


def test_5000_targets_take_little_memory_above_the_plans(record_property: Note) -> None:
    rollout = rollout_of(5_000, 200)
    gc.collect()
    tracemalloc.start()
    try:
        story = rollout.process(Limits(total=WIDTH))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    record_property("MiB above the plan's", peak / 2**20)
    assert story.state is RunState.SUCCEEDED
    assert peak <= MOST_MEMORY
