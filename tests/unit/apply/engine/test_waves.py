"""Whole runs on virtual time: waves, soaks, approvals and checks."""

from collections import Counter
from dataclasses import replace

import pytest

from eksaddon.apply.events import Event
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.domain.rollout.strategy import (
    Approval,
    Check,
    Count,
    OnFailure,
    SpreadBy,
    Wave,
)
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Approved, Ended, Resumed
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress
from tests.support.apply.engine_runs import WIDE, most_in_flight, order_of, staged
from tests.support.rollouts import BEFORE


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


def test_a_check_that_no_one_knows_never_passes():
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
def test_the_strategy_decides_how_a_failed_wave_ends(on_failure, state, counts):
    wave = Wave("a", max_concurrency=Count(1), on_failure=on_failure)
    rollout = staged((wave, 4))
    rollout.api.status = "Failed"
    run_progress = rollout.run()
    assert (run_progress.state, run_progress.counts) == (state, counts)


def test_a_wave_that_fails_may_be_reverted():
    wave = Wave("a", max_concurrency=Count(1), on_failure=OnFailure.ROLLBACK_WAVE)
    rollout = staged((wave, 4))

    def fail_third() -> None:
        rollout.api.status = "Failed" if len(rollout.api.requests) == 2 else "Successful"

    rollout.api.meanwhile["update"] = fail_third
    run_progress = rollout.run()
    assert run_progress.state is RunState.ROLLED_BACK
    assert run_progress.counts == Counter(rolledBack=3, pending=1)
    assert {addon.text for addon in rollout.api.addons.values()} == {BEFORE}


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
