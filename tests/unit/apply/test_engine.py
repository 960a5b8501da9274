"""Whole runs on virtual time: outcomes, width, tolerance, waves, gates, rollback, journal."""

from collections import Counter
from dataclasses import replace

import pytest

from eksaddon.apply.engine import Run
from eksaddon.apply.events import Event, Halted, Stepped
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import (
    Approval,
    Check,
    ConcurrencyMode,
    Count,
    OnFailure,
    SpreadBy,
    Strategy,
    UnreachableIs,
    Wave,
)
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    RolledBack,
    Skipped,
    UnreachableTarget,
)
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Approved, Ended, Resumed, Retried, RollbackAsked, SkipAsked, Stopped
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.ports import Held, Holder, UpdateRequest
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.store.memory import MemoryLock
from tests.support.rollouts import AFTER, BEFORE, KilledError, Rollout, one_wave, plan_of, refs_of

WIDE = Limits(total=100, per_scope=100)


def unnamed(count: int, strategy: Strategy | None = None, **fake: object) -> Rollout:
    return Rollout(plan_of([("", refs_of(count))]), strategy or one_wave(), fake=fake)


def staged(*waves: tuple[Wave, int], **options: object) -> Rollout:
    """Waves with so many targets each."""
    refs = iter(refs_of(sum(count for _, count in waves)))
    plan = plan_of([(wave.name, [next(refs) for _ in range(count)]) for wave, count in waves])
    made = Rollout(plan, Strategy(tuple(wave for wave, _ in waves), **options))  # type: ignore[arg-type]  # by name
    made.checks = {"addon-health": passes, "dns": passes}
    return made


async def passes(_: RunProgress, __: WaveProgress) -> tuple[str, str]:
    return "pass", ""


def most_in_flight(events: list[Event]) -> int:
    running: set[ClusterRef] = set()
    most = 0
    for event in events:
        match event:
            case Stepped(ref=ref, step="writing"):
                running.add(ref)
                most = max(most, len(running))
            case Ended(ref=ref):
                running.discard(ref)
            case _:
                pass
    return most


def order_of(events: list[Event]) -> list[str]:
    return [event.ref.name for event in events if isinstance(event, Stepped) and event.step == "writing"]


def test_every_target_ends_in_one_outcome_in_the_plans_order():
    rollout = unnamed(40)
    result = result_of(rollout.run())
    assert [one.plan for one in result.results] == list(rollout.plan.clusters)
    assert all(isinstance(one.outcome, Changed) for one in result.results)
    assert result.state is RunState.SUCCEEDED
    assert len(rollout.api.requests) == 40


def test_no_more_than_the_width_is_in_flight():
    rollout = unnamed(40, one_wave(width=30))
    rollout.run(Limits(total=6, per_scope=3))
    assert most_in_flight(rollout.events) == 6


def test_a_wave_is_as_wide_as_it_says_in_an_account_and_in_all():
    wave = Wave("w", max_concurrency=Count(5), per_account=1, failure_tolerance=Count(9))
    rollout = staged((wave, 12))
    rollout.run(WIDE)
    assert most_in_flight(rollout.events) == 3


def test_in_strict_mode_no_more_is_in_flight_than_may_still_fail():
    wave = Wave("w", max_concurrency=Count(9), failure_tolerance=Count(2))
    for mode, most in ((ConcurrencyMode.STRICT, 3), (ConcurrencyMode.SOFT, 9)):
        rollout = staged((wave, 12), concurrency_mode=mode)
        rollout.run(WIDE)
        assert most_in_flight(rollout.events) == most


def test_waiting_takes_no_real_time_and_counts_virtual_seconds():
    run_progress = unnamed(3, seconds=600.0).run()
    assert all(600 <= each.seconds < 700 for each in run_progress.targets.values())


def test_a_bad_end_starts_nothing_new_but_follows_what_runs():
    run_progress = unnamed(20, status="Failed").run(Limits(total=4, per_scope=4))
    assert run_progress.counts == Counter(failed=4, pending=16)
    result = result_of(run_progress)
    assert result.state is RunState.STOPPED
    assert [one.outcome for one in result.results][4:] == [
        Skipped("not started: 4 of 20 failed, 0 tolerated")
    ] * 16


def test_tolerated_failures_let_the_run_go_on():
    run_progress = unnamed(6, one_wave(tolerance=10), status="Failed").run()
    assert run_progress.counts == Counter(failed=6)
    assert run_progress.state is RunState.FAILED


def test_some_failures_within_the_tolerance_are_no_clean_success():
    rollout = unnamed(3, one_wave(tolerance=1))
    rollout.api.troubles["update"] = [Trouble(Cause.INVALID, "no")]
    assert rollout.run().state is RunState.SUCCEEDED_WITH_FAILURES


def test_a_stop_finishes_what_was_started_and_pauses_the_run():
    def stop(run: Run, event: Event) -> None:
        if isinstance(event, Stepped) and event.step == "updating":
            run.stop("interrupted")

    rollout = unnamed(10)
    rollout.begin()
    run_progress = rollout.process(Limits(total=2, per_scope=2), stop)
    assert run_progress.counts == Counter(changed=2, pending=8)
    assert (run_progress.state, run_progress.reason) == (RunState.PAUSED, "interrupted")
    assert any(isinstance(event, Halted) for event in rollout.events)
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    assert rollout.process(WIDE).counts == Counter(changed=10)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Action.IN_SYNC, InSync()),
        (Action.SKIPPED, Skipped("why")),
        (Action.BLOCKED, Blocked("why")),
        (Action.UNREACHABLE, UnreachableTarget(Trouble(Cause.THROTTLED, "slow down"))),
        (Action.UPDATE, InSync()),
    ],
)
def test_what_is_not_written_has_an_outcome_too(action, expected):
    trouble = Trouble(Cause.THROTTLED, "slow down")
    plan = ClusterPlan(Target(ClusterRef("1", "eu", "a")), action, "why", trouble=trouble)
    run_progress = Rollout(Plan((plan,), 0.0, "digest"), one_wave()).run()
    assert [each.outcome for each in run_progress.targets.values()] == [expected]


def test_waves_go_one_after_the_other_and_soak():
    rollout = staged(
        (Wave("canary", max_concurrency=Count(1), soak=600), 2),
        (Wave("none"), 0),
        (Wave("rest", max_concurrency=Count(9), failure_tolerance=Count(8)), 6),
    )
    run_progress = rollout.run(WIDE)
    assert order_of(rollout.events)[:2] == ["c000", "c001"]
    assert [wave.state.value for wave in run_progress.waves] == ["succeeded", "skipped", "succeeded"]
    assert rollout.clock.elapsed > 600
    assert run_progress.waves[1].reason == "no targets to change"


def test_a_soak_is_a_moment_in_time_that_a_later_process_waits_for():
    rollout = staged((Wave("canary", soak=3600), 1), (Wave("rest"), 1))
    rollout.begin()
    paused = rollout.process(Limits(max_wait=60.0))
    assert paused.state is RunState.PAUSED
    assert "soaking until" in paused.reason
    until = paused.waves[0].until
    rollout.clock.advance(3000)
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    run_progress = rollout.process(WIDE)
    assert run_progress.state is RunState.SUCCEEDED
    assert until <= rollout.clock.now() < until + 600


def test_a_run_pauses_behind_the_wave_that_it_was_to_go_to():
    rollout = staged((Wave("a"), 1), (Wave("b"), 0), (Wave("c"), 1))
    rollout.begin()
    run_progress = rollout.process(Limits(until_wave="a"))
    assert (run_progress.state, run_progress.reason) == (RunState.PAUSED, "wave a has finished")
    assert result_of(run_progress).waves[2].state == "gated"
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    assert rollout.process(Limits(until_wave="c")).state is RunState.SUCCEEDED


def test_an_approval_is_waited_for_without_a_process():
    rollout = staged((Wave("prod", before=(Approval(),)), 1))
    paused = rollout.run()
    assert (paused.state, paused.reason) == (RunState.PAUSED, "wave prod is waiting for approval")
    assert rollout.api.requests == []
    rollout.tell(Approved(rollout.clock.now(), "prod", "me"))
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    run_progress = rollout.process()
    assert run_progress.state is RunState.SUCCEEDED
    assert run_progress.waves[0].approved_by == "me"


@pytest.mark.parametrize(
    ("verdict", "state", "reason"),
    [
        ("fail", RunState.PAUSED, "check dns failed"),
        ("inconclusive", RunState.PAUSED, "check dns is inconclusive"),
    ],
)
def test_a_check_that_fails_or_has_no_answer_pauses_the_run(verdict, state, reason):
    async def check(_: RunProgress, __: WaveProgress) -> tuple[str, str]:
        return verdict, "because"

    rollout = staged((Wave("a", gates=(Check("dns"),), soak=60), 1), (Wave("b"), 1))
    rollout.checks["dns"] = check
    run_progress = rollout.run()
    assert (run_progress.state, reason in run_progress.reason) == (state, True)
    assert len(rollout.api.requests) == 1


def test_a_check_that_nobody_knows_never_passes():
    rollout = staged((Wave("a", before=(Check("unknown"),)), 1))
    run_progress = rollout.run()
    assert "unknown check 'unknown'" in run_progress.reason
    assert rollout.api.requests == []


def test_a_check_is_repeated_until_it_has_passed_often_enough():
    gate = Check("dns", initial_delay=30, interval=20, consecutive_success=3)
    rollout = staged((Wave("a", gates=(gate,)), 1))
    looked = []

    async def check(_: RunProgress, __: WaveProgress) -> tuple[str, str]:
        looked.append(rollout.clock.elapsed)
        return ("fail" if len(looked) == 1 else "pass"), ""

    rollout.checks["dns"] = check
    paused = rollout.run()
    assert paused.state is RunState.PAUSED
    rollout.tell(Resumed(rollout.clock.now(), "me"))
    run_progress = rollout.process()
    assert run_progress.state is RunState.SUCCEEDED
    assert len(looked) == 4
    assert looked[-1] - looked[-2] == pytest.approx(20)


@pytest.mark.parametrize(
    ("on_failure", "state", "counts"),
    [
        (OnFailure.PAUSE, RunState.PAUSED, Counter(failed=1, pending=3)),
        (OnFailure.STOP, RunState.STOPPED, Counter(failed=1, pending=3)),
        (OnFailure.CONTINUE, RunState.FAILED, Counter(failed=4)),
    ],
)
def test_what_becomes_of_a_wave_that_fails_is_the_strategys_choice(on_failure, state, counts):
    wave = Wave("a", max_concurrency=Count(1), on_failure=on_failure)
    rollout = staged((wave, 4))
    rollout.api.status = "Failed"
    run_progress = rollout.run()
    assert (run_progress.state, run_progress.counts) == (state, counts)


def test_a_wave_that_fails_may_be_taken_back():
    wave = Wave("a", max_concurrency=Count(1), on_failure=OnFailure.ROLLBACK_WAVE)
    rollout = staged((wave, 4))

    def fail_third() -> None:
        rollout.api.status = "Failed" if len(rollout.api.requests) == 2 else "Successful"

    rollout.api.meanwhile["update"] = fail_third
    run_progress = rollout.run()
    assert run_progress.state is RunState.ROLLED_BACK
    assert run_progress.counts == Counter(rolledBack=3, pending=1)
    assert {addon.text for addon in rollout.api.addons.values()} == {BEFORE}


def test_what_is_unreachable_counts_unless_it_is_to_be_skipped():
    for meaning, state in (
        (UnreachableIs.FAILURE, RunState.PAUSED),
        (UnreachableIs.SKIP, RunState.SUCCEEDED_WITH_FAILURES),
    ):
        rollout = staged((Wave("a"), 2), unreachable=meaning)
        lost = ClusterPlan(Target(ClusterRef("9", "eu", "lost")), Action.UNREACHABLE, "gone", wave="a")
        rollout.plan = replace(rollout.plan, clusters=(*rollout.plan.clusters, lost))
        assert rollout.run().state is state


def test_a_retry_tries_what_failed_again_with_another_token():
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


def test_a_rollback_takes_back_the_last_wave_first_and_leaves_what_others_changed():
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


def test_a_cluster_that_is_skipped_is_left_alone_and_the_rest_goes_on():
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


def test_a_target_that_others_update_is_passed_over_and_come_back_to():
    rollout = unnamed(3, one_wave(width=1))
    first = refs_of(3)[0]
    theirs = UpdateRequest(BEFORE, rollout.plan.clusters[0].write.resolve_conflicts, "theirs")  # type: ignore[union-attr]  # it has one
    rollout.api.begin("theirs", first, theirs, BEFORE)
    run_progress = rollout.run(Limits(total=1, per_scope=1))
    assert run_progress.counts == Counter(changed=3)
    assert order_of(rollout.events)[0] != first.name
    assert any(isinstance(event, Stepped) and event.step == "held" for event in rollout.events)


def test_a_target_that_others_never_let_go_fails_as_busy():
    rollout = unnamed(1, seconds=1e9)
    theirs = UpdateRequest(BEFORE, rollout.plan.clusters[0].write.resolve_conflicts, "theirs")  # type: ignore[union-attr]  # it has one
    rollout.api.begin("theirs", refs_of(1)[0], theirs, BEFORE)
    (target,) = rollout.run().targets.values()
    assert isinstance(target.outcome, Failed)
    assert target.outcome.trouble.cause is Cause.BUSY


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


def test_a_run_is_the_same_whatever_is_planned_meanwhile():
    rollout = unnamed(2)
    rollout.begin()
    rollout.api.addons[refs_of(2)[0]] = Managed(refs_of(2)[0], "v1.12.1-eksbuild.2", "ACTIVE", BEFORE)
    run_progress = rollout.process()
    assert run_progress.counts == Counter(stale=1, changed=1)
    assert rollout.api.addons[refs_of(2)[1]].text == AFTER


def test_what_was_rolled_back_is_never_rolled_back_twice():
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


def test_in_the_first_batch_no_two_of_one_account_are_changed_where_the_wave_is_spread():
    wave = Wave("a", max_concurrency=Count(9), failure_tolerance=Count(9), spread_by=SpreadBy.ACCOUNT)
    rollout = staged((wave, 9))
    rollout.run(WIDE)
    assert most_in_flight(rollout.events[: rollout.events.index(first_end(rollout.events))]) == 3
    by_region = replace(wave, spread_by=SpreadBy.REGION)
    rollout = staged((by_region, 4))
    assert rollout.run(WIDE).counts == Counter(changed=4)


def first_end(events: list[Event]) -> Event:
    return next(event for event in events if isinstance(event, Ended))


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


def test_a_lost_lock_stops_new_writes_and_follows_what_runs():
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
