"""Runs over several processes: retry, rollback, skip, crashes, and the lock."""

from collections import Counter
from dataclasses import replace

import pytest

from eksaddon.apply.events import Halted
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.rollout.strategy import (
    Count,
    Wave,
)
from eksaddon.domain.run.outcome import (
    Failed,
    RolledBack,
)
from eksaddon.domain.run.records import Resumed, Retried, RollbackAsked, SkipAsked, Stopped
from eksaddon.domain.run.result import RunState
from eksaddon.ports import Held, Holder
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.store.memory import MemoryLock
from tests.support.apply.engine_runs import WIDE, order_of, staged, unnamed
from tests.support.rollouts import BEFORE, KilledError, Rollout, one_wave, refs_of


def test_a_retry_sends_failed_targets_with_another_token():
    rollout = staged((Wave("a", failure_tolerance=Count(0)), 1), (Wave("b"), 1))
    rollout.api.status = "Failed"
    rollout.api.keeps_on_failure = False
    paused = rollout.run()
    failed = tuple(ref for ref, each in paused.targets.items() if isinstance(each.outcome, Failed))
    rollout.api.status = "Successful"
    rollout.api.addons[failed[0]] = replace(rollout.api.addons[failed[0]], text=BEFORE)
    rollout.tell(Retried(rollout.clock.now(), failed))
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    run_progress = rollout.process()
    assert run_progress.state is RunState.SUCCEEDED
    assert run_progress.counts == Counter(changed=2)
    assert len({request.token for _, request in rollout.api.requests}) == 3


def test_a_rollback_reverts_the_last_wave_first_and_keeps_other_changes():
    rollout = staged((Wave("a"), 2), (Wave("b"), 2))
    rollout.run()
    theirs = refs_of(4)[0]
    rollout.api.addons[theirs] = replace(rollout.api.addons[theirs], text='{"replicaCount":9}')
    done = len(order_of(rollout.events))
    rollout.tell(RollbackAsked(rollout.clock.now(), ("b", "a")))
    run_progress = rollout.process()
    assert run_progress.state is RunState.FAILED
    assert run_progress.counts == Counter(rolledBack=3, stale=1)
    assert set(order_of(rollout.events)[done : done + 2]) == {"c002", "c003"}
    assert rollout.api.addons[theirs].text == '{"replicaCount":9}'


def test_a_cluster_that_is_skipped_is_left_alone_and_the_rest_continues():
    rollout = staged((Wave("a"), 2))
    rollout.begin()
    rollout.tell(SkipAsked(0.0, refs_of(2)[0], "skipped: ours"))
    run_progress = rollout.process()
    assert run_progress.counts == Counter(skipped=1, changed=1)


def test_a_run_that_was_aborted_starts_nothing():
    rollout = unnamed(3)
    rollout.begin()
    rollout.tell(Stopped(0.0, "aborted by me"))
    run_progress = rollout.process()
    assert run_progress.state is RunState.STOPPED
    assert rollout.api.requests == []


def test_where_the_journal_cannot_be_written_nothing_more_is_sent_to_eks():
    rollout = unnamed(20, one_wave(width=4))
    rollout.begin()

    def full(count: int) -> None:
        if count >= 9:
            raise EksdnsError("no space left")

    rollout.journal.before = full
    seen = rollout.process(WIDE)
    assert any(isinstance(event, Halted) and "no space left" in event.reason for event in rollout.events)
    assert seen.state is RunState.RUNNING
    announced = {record["ref"]["name"] for record in rollout.journal.read() if record["type"] == "Writing"}  # type: ignore[index, call-overload]  # JSON
    assert {ref.name for ref, _ in rollout.api.requests} <= announced
    rollout.journal.before = lambda _: None
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    assert rollout.process(WIDE).counts == Counter(changed=20)
    assert Counter(ref for ref, _ in rollout.api.requests) == Counter(refs_of(20))


def test_a_target_is_never_rolled_back_twice():
    rollout = staged((Wave("a"), 2))
    rollout.run()
    for _ in range(2):
        rollout.tell(RollbackAsked(rollout.clock.now(), ("a",)))
        run_progress = rollout.process()
        assert all(isinstance(each.outcome, RolledBack) for each in run_progress.targets.values())
    assert len(rollout.api.requests) == 4


def test_failures_before_a_crash_count_behind_it():
    rollout = staged((Wave("a", max_concurrency=Count(1), failure_tolerance=Count(1)), 6))
    rollout.api.status = "Failed"
    rollout.begin()

    def die(count: int) -> None:
        if count >= 5:
            raise KilledError

    rollout.journal.before = die
    with pytest.raises(KilledError):
        rollout.process()
    rollout.journal.before = lambda _: None
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    run_progress = rollout.process()
    assert run_progress.counts == Counter(failed=2, pending=4)
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    assert rollout.process().counts == Counter(failed=4, pending=2)


class LockThatEnds(MemoryLock):
    """Attributes: ends: Nobody can renew it."""

    ends = True

    def renew(self, holder: Holder, now: float) -> bool:
        return not self.ends and super().renew(holder, now)


def kept(rollout: Rollout, lock: MemoryLock) -> LeaseRenewer:
    now = rollout.clock.now()
    holder = Holder("run", "me", now + 120.0)
    assert lock.acquire(frozenset({"x"}), holder, now) == Held(holder.until)
    return LeaseRenewer(lock, holder, rollout.clock, InlineExecutor())


def test_a_lock_that_is_renewed_outlives_a_long_run():
    rollout = unnamed(4, one_wave(width=1), seconds=200.0)
    lock = MemoryLock()
    lease = kept(rollout, lock)
    rollout.begin()
    assert rollout.process(WIDE, lease=lease).counts == Counter(changed=4)
    lease.release()
    assert lock.held == ()


def test_a_lost_lock_stops_new_writes_and_follows_running_updates():
    rollout = unnamed(6, one_wave(width=1), seconds=100.0)
    rollout.begin()
    run_progress = rollout.process(WIDE, lease=kept(rollout, LockThatEnds()))
    assert run_progress.state is RunState.PAUSED
    assert "the lock was lost" in run_progress.reason
    assert 0 < run_progress.counts["changed"] < 6


def test_after_a_sleep_of_the_machine_nothing_is_written_without_the_lock():
    rollout = unnamed(2, one_wave(width=1))
    lease = kept(rollout, MemoryLock())
    rollout.clock.advance(500.0)
    rollout.begin()
    run_progress = rollout.process(WIDE, lease=lease)
    assert rollout.api.requests == []
    assert "the lock has expired" in run_progress.reason
