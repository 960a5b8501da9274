"""What thousands of targets cost a run: CPU and memory, with the answers of EKS from memory."""

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from types import FrameType

import pytest

from eksaddon.apply.steps import Limits
from eksaddon.domain.json import JsonObject
from eksaddon.domain.rollout.strategy import Count, Strategy, Wave
from eksaddon.domain.run.result import RunState
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
GROWTH = 1.15
"""By so much a target may cost more calls among 1,200 than among 300; counting all at each step: 4."""
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
    run_progress = rollout.process(Limits(total=WIDTH))
    spent = time.process_time() - begun
    assert run_progress.state is RunState.SUCCEEDED
    return spent / len(run_progress.targets)


def calls_of(rollout: Rollout) -> float:
    """Calls of a whole run for each of its targets; the same on every machine."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    gc.disable()
    sys.setprofile(note)
    try:
        run_progress = rollout.process(Limits(total=WIDTH))
    finally:
        sys.setprofile(None)
        gc.enable()
    return count / len(run_progress.targets)


IN_SCOPES = pytest.mark.parametrize(("accounts", "waves"), [(200, WAVES), (1, WAVES[:1])])
"""Spread out, and where the limit of one account and region holds everything up."""


@IN_SCOPES
def test_a_target_costs_no_more_calls_among_many_than_among_few(accounts: int, waves: Sequence[str]) -> None:
    few, many = (calls_of(rollout_of(targets, accounts, waves)) for targets in (300, 1_200))
    assert many <= few * GROWTH


@IN_SCOPES
def test_5000_targets_cost_little_cpu(accounts: int, waves: Sequence[str], record_property: Note) -> None:
    cost = cpu_of(rollout_of(5_000, accounts, waves))
    if cost > AIM * BUSY:  # once more: another process may have had the caches
        cost = cpu_of(rollout_of(5_000, accounts, waves))
    record_property("CPU milliseconds for each target", cost * 1000)
    assert cost <= AIM * BUSY


def test_5000_targets_take_little_memory_above_the_plans(record_property: Note) -> None:
    rollout = rollout_of(5_000, 200)
    gc.collect()
    tracemalloc.start()
    try:
        run_progress = rollout.process(Limits(total=WIDTH))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    record_property("MiB above the plan's", peak / 2**20)
    assert run_progress.state is RunState.SUCCEEDED
    assert peak <= MOST_MEMORY
