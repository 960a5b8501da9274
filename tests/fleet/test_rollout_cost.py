"""What thousands of targets cost a run: CPU and memory, with the answers of EKS from memory."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence

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
MOST_CPU = 0.002
"""Seconds for each target; all of the process, so what the simulated answers take is in it."""
MOST_MEMORY = 60 * 2**20
"""Bytes above what the plan takes."""
ATTEMPTS = 3
"""A busy machine makes CPU time longer, never shorter, so the best one counts."""


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


def test_5000_targets_in_200_accounts_cost_little_cpu(record_property: Note) -> None:
    costs: list[float] = []
    while len(costs) < ATTEMPTS and min(costs, default=MOST_CPU + 1) > MOST_CPU:
        costs.append(cpu_of(rollout_of(5_000, 200)))
    record_property("CPU milliseconds for each target", min(costs) * 1000)
    assert min(costs) <= MOST_CPU


def test_5000_targets_of_one_scope_cost_little_cpu_too(record_property: Note) -> None:
    """Where one account's own limit holds everything up, nobody looks at thousands again and again."""
    costs: list[float] = []
    while len(costs) < ATTEMPTS and min(costs, default=MOST_CPU + 1) > MOST_CPU:
        costs.append(cpu_of(rollout_of(5_000, 1, WAVES[:1])))
    record_property("CPU milliseconds for each target", min(costs) * 1000)
    assert min(costs) <= MOST_CPU


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
