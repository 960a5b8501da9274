"""Whole runs on virtual time: outcomes, width, tolerance, stops."""

from collections import Counter
from dataclasses import replace

import pytest

from eksaddon.apply.engine import Run
from eksaddon.apply.events import Event, Halted, Stepped
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import (
    ConcurrencyMode,
    Count,
    UnreachableIs,
    Wave,
)
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    Skipped,
    UnreachableTarget,
)
from eksaddon.domain.run.records import Resumed
from eksaddon.domain.run.result import RunState
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.ports import UpdateRequest
from tests.support.apply.engine_runs import WIDE, most_in_flight, order_of, staged, unnamed
from tests.support.rollouts import AFTER, BEFORE, Rollout, one_wave, refs_of


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


def test_a_failed_run_starts_no_updates_and_follows_running_ones():
    run_progress = unnamed(20, status="Failed").run(Limits(total=4, per_scope=4))
    assert run_progress.counts == Counter(failed=4, pending=16)
    result = result_of(run_progress)
    assert result.state is RunState.STOPPED
    assert [one.outcome for one in result.results][4:] == [
        Skipped("not started: 4 of 20 failed, 0 tolerated")
    ] * 16


def test_tolerated_failures_let_the_run_continue():
    run_progress = unnamed(6, one_wave(tolerance=10), status="Failed").run()
    assert run_progress.counts == Counter(failed=6)
    assert run_progress.state is RunState.FAILED


def test_some_failures_within_the_tolerance_are_no_clean_success():
    rollout = unnamed(3, one_wave(tolerance=1))
    rollout.api.troubles["update"] = [Trouble(Cause.INVALID, "no")]
    assert rollout.run().state is RunState.SUCCEEDED_WITH_FAILURES


def test_a_stop_finishes_started_updates_and_pauses_the_run():
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
def test_unwritten_targets_have_an_outcome_too(action, expected):
    trouble = Trouble(Cause.THROTTLED, "slow down")
    plan = ClusterPlan(Target(ClusterRef("1", "eu", "a")), action, "why", trouble=trouble)
    run_progress = Rollout(Plan((plan,), 0.0, "digest"), one_wave()).run()
    assert [each.outcome for each in run_progress.targets.values()] == [expected]


def test_unreachable_targets_count_unless_they_are_to_be_skipped():
    for meaning, state in (
        (UnreachableIs.FAILURE, RunState.PAUSED),
        (UnreachableIs.SKIP, RunState.SUCCEEDED_WITH_FAILURES),
    ):
        rollout = staged((Wave("a"), 2), unreachable=meaning)
        lost = ClusterPlan(Target(ClusterRef("9", "eu", "lost")), Action.UNREACHABLE, "gone", wave="a")
        rollout.plan = replace(rollout.plan, clusters=(*rollout.plan.clusters, lost))
        run_progress = rollout.run()
        assert run_progress.state is state
        (wave,) = result_of(run_progress).waves
        assert wave.targets == 2  # what is to change, as in the plan


def test_a_document_that_is_shown_late_until_the_limit_is_no_running_update():
    rollout = unnamed(1, seconds=0.0)
    ref, write = refs_of(1)[0], rollout.plan.clusters[0].write
    rollout.api.begin("theirs", ref, UpdateRequest("{}", write.resolve_conflicts, "theirs"), BEFORE)  # type: ignore[union-attr]  # it has one
    rollout.api.addons[ref] = replace(rollout.api.addons[ref], text=AFTER)
    (target,) = rollout.run().targets.values()
    assert isinstance(target.outcome, Failed)
    assert target.outcome.trouble.cause is Cause.NOT_SHOWN


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
    assert target.seconds >= TimeLimits().busy


def test_a_run_is_the_same_whatever_is_planned_meanwhile():
    rollout = unnamed(2)
    rollout.begin()
    rollout.api.addons[refs_of(2)[0]] = Managed(refs_of(2)[0], "v1.12.1-eksbuild.2", "ACTIVE", BEFORE)
    run_progress = rollout.process()
    assert run_progress.counts == Counter(stale=1, changed=1)
    assert rollout.api.addons[refs_of(2)[1]].text == AFTER
