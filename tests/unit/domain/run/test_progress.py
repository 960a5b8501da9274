"""What the records of a run come to, whatever happens in whichever order."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.plan import Action, Plane
from eksaddon.domain.rollout.strategy import Count, Strategy, Wave
from eksaddon.domain.run.classify import is_failure
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.progress import RunProgress, advance, replay, started
from eksaddon.domain.run.records import (
    KINDS,
    Accepted,
    Approved,
    Closed,
    Ended,
    GateLooked,
    Opened,
    Paused,
    PlaneDone,
    ProbeRead,
    ProbeStarted,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    Stopped,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
    Writing,
    from_json,
    to_json,
)
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import OVER, WaveState
from tests.support.rollouts import RUN, plan_of, refs_of

REFS = refs_of(5)
NAMES = ("canary", "rest")
STRATEGY = Strategy(tuple(Wave(name, failure_tolerance=Count(1)) for name in NAMES))
PLAN = plan_of([("canary", REFS[:2]), ("rest", REFS[2:])])
OPENED = Opened(100.0, RUN, PLAN, STRATEGY)
FAILED = Failed(Trouble(Cause.UPDATE_FAILED, "it went wrong"))

times = st.floats(0, 2e9)
refs = st.sampled_from(REFS)
names = st.sampled_from(NAMES)
planes = st.sampled_from(Plane)
outcomes = st.sampled_from(
    [
        Changed("u"),
        InSync(),
        Skipped("so"),
        Stale("so"),
        FAILED,
        UnreachableTarget(FAILED.trouble),
        RolledBack("u"),
    ]
)
of_kind: dict[type[Record], st.SearchStrategy[Record]] = {
    Writing: st.builds(Writing, times, refs, st.just("t"), st.none(), st.booleans(), planes),
    Accepted: st.builds(Accepted, times, refs, st.just("u")),
    PlaneDone: st.builds(PlaneDone, times, refs, planes),
    Ended: st.builds(Ended, times, refs, outcomes, st.floats(0, 99)),
    SkipAsked: st.builds(SkipAsked, times, refs, st.just("so")),
    WaveBegan: st.builds(WaveBegan, times, names),
    WaveSoaking: st.builds(WaveSoaking, times, names, times),
    GateLooked: st.builds(GateLooked, times, names, st.just("dns"), st.sampled_from(["pass", "fail"])),
    ProbeStarted: st.builds(ProbeStarted, times, names),
    Approved: st.builds(Approved, times, names, st.just("ann")),
    WaveEnded: st.builds(WaveEnded, times, names, st.sampled_from(sorted(OVER)).map(str)),
    Paused: st.builds(Paused, times, st.just("so")),
    Resumed: st.builds(Resumed, times, st.just("ann")),
    Stopped: st.builds(Stopped, times, st.just("so")),
    Retried: st.builds(Retried, times, st.lists(refs).map(tuple)),
    RollbackAsked: st.builds(RollbackAsked, times, st.lists(names, unique=True).map(tuple)),
    Closed: st.builds(Closed, times, st.sampled_from(RunState).map(str)),
}
histories = st.lists(st.one_of(*of_kind.values()), max_size=25)


def story_of(*records: Record) -> RunProgress:
    return replay([OPENED, *records])


def test_every_kind_of_record_is_folded() -> None:
    assert set(of_kind) == set(KINDS) - {Opened, ProbeRead}


@given(histories)
def test_with_any_fault_every_target_is_counted_once(records: list[Record]) -> None:
    run_progress = started(OPENED)
    for record in records:
        run_progress = advance(run_progress, record)
        assert sum(run_progress.counts.values()) == len(REFS)
        assert set(run_progress.targets) == set(REFS)
        assert [wave.members for wave in run_progress.waves] == [tuple(REFS[:2]), tuple(REFS[2:])]


@given(histories)
def test_running_counts_equal_a_count_of_all_targets(records: list[Record]) -> None:
    run_progress = started(OPENED)
    for record in records:
        run_progress = advance(run_progress, record)
        assert run_progress.left_open == {ref for ref, each in run_progress.targets.items() if each.is_open}
        for wave in run_progress.waves:
            members = [run_progress.targets[ref] for ref in wave.members]
            waiting = [place for place, each in enumerate(members) if each.outcome is None]
            assert wave.counts.waiting == len(waiting)
            assert wave.counts.restoring == sum(members[place].restores for place in waiting)
            assert wave.counts.first == min(waiting, default=len(members))
            assert wave.counts.failures == sum(
                is_failure(each.outcome, run_progress.opened.strategy, named=bool(wave.wave.name))
                for each in members
            )


@given(histories)
def test_a_history_that_is_written_down_and_read_again_is_the_same(records: list[Record]) -> None:
    written = [to_json(record) for record in [OPENED, *records]]
    assert replay(from_json(each) for each in written) == story_of(*records)


@given(histories)
def test_time_never_runs_back(records: list[Record]) -> None:
    assert story_of(*records).last_at == max([OPENED.at, *(record.at for record in records)])


@given(histories)
def test_attempts_only_grow_and_a_target_with_an_outcome_is_not_open(records: list[Record]) -> None:
    run_progress = started(OPENED)
    for record in records:
        later = advance(run_progress, record)
        for ref in REFS:
            assert later.targets[ref].attempt >= run_progress.targets[ref].attempt
            assert later.targets[ref].outcome is None or not later.targets[ref].is_open
        run_progress = later


@pytest.mark.parametrize("records", [[], [Paused(0.0, "so")]], ids=["empty", "no opening"])
def test_a_journal_without_an_opening_is_none(records: list[Record]) -> None:
    with pytest.raises(ValueError, match="does not start with the record"):
        replay(records)


def test_a_run_is_opened_once() -> None:
    with pytest.raises(ValueError, match="opens the run twice"):
        story_of(OPENED)


def test_a_record_of_another_runs_wave_is_refused() -> None:
    with pytest.raises(ValueError, match="no wave 'most'"):
        story_of(WaveBegan(0.0, "most"))


def test_a_target_goes_from_pending_over_updating_to_its_outcome() -> None:
    writing = Writing(1.0, REFS[0], "t", "{}")
    begun = story_of(writing)
    assert begun.counts == Counter(pending=4, updating=1)
    assert begun.targets[REFS[0]].is_open
    assert not begun.targets[REFS[0]].is_changed
    accepted = advance(begun, Accepted(2.0, REFS[0], "u1"))
    assert accepted.targets[REFS[0]].changed == writing
    ended = advance(accepted, Ended(3.0, REFS[0], Changed("u1"), 2.0))
    assert ended.counts == Counter(pending=4, changed=1)
    assert ended.targets[REFS[0]].seconds == 2.0


def test_a_target_with_one_plane_done_is_open() -> None:
    run_progress = story_of(
        Writing(1.0, REFS[0], "t", None, plane=Plane.WORKLOAD), PlaneDone(2.0, REFS[0], Plane.WORKLOAD)
    )
    target = run_progress.targets[REFS[0]]
    assert (target.is_open, target.is_changed, target.changed) == (True, True, None)


def test_a_write_whose_acceptance_is_not_known_may_have_changed_the_target() -> None:
    run_progress = story_of(Writing(1.0, REFS[0], "t", None), Ended(2.0, REFS[0], Unproven(FAILED.trouble)))
    assert run_progress.targets[REFS[0]].is_changed


def test_a_rollback_is_of_what_the_run_changed_in_these_waves_and_only_once() -> None:
    changed = [
        record
        for ref in REFS[1:4]
        for record in (Writing(1.0, ref, "t", "{}"), Accepted(1.0, ref, "u"), Ended(1.0, ref, Changed("u")))
    ]
    asked = story_of(*changed, RollbackAsked(2.0, ("rest",)))
    restored = [ref for ref in REFS if asked.targets[ref].restores]
    assert (restored, asked.state) == (REFS[2:4], RunState.ROLLING_BACK)
    assert advance(advance(asked, Paused(2.0, "so")), Resumed(2.0, "ann")).state is RunState.ROLLING_BACK
    back = advance(asked, Ended(3.0, REFS[2], RolledBack("u2")))
    assert advance(back, RollbackAsked(4.0, NAMES)).targets[REFS[2]] == back.targets[REFS[2]]


def test_a_retry_reopens_only_the_waves_of_retried_targets() -> None:
    run_progress = story_of(
        Ended(1.0, REFS[0], FAILED),
        *(WaveEnded(2.0, name, "failed") for name in NAMES),
        Stopped(3.0, "so"),
        Retried(4.0, (REFS[0],)),
    )
    assert [wave.state for wave in run_progress.waves] == [WaveState.RUNNING, WaveState.FAILED]
    assert (run_progress.targets[REFS[0]].attempt, run_progress.state, run_progress.reason) == (
        1,
        RunState.RUNNING,
        "",
    )


def test_a_resume_forgives_only_failures_for_which_the_run_paused() -> None:
    failed = [Ended(1.0, ref, FAILED) for ref in REFS[:2]]
    assert story_of(*failed, Resumed(2.0, "ann")).waves[0].forgiven == 0
    assert story_of(failed[0], Paused(2.0, "so"), Resumed(2.0, "ann")).waves[0].forgiven == 0
    assert story_of(*failed, Paused(2.0, "so"), Resumed(2.0, "ann")).waves[0].forgiven == 2
    refused = Resumed(2.0, "cron", accepts_failures=False)
    assert story_of(*failed, Paused(2.0, "so"), refused).waves[0].forgiven == 0


def test_after_a_resume_a_check_that_had_failed_is_made_again() -> None:
    looks = [GateLooked(1.0, "canary", "dns", verdict) for verdict in ("pass", "fail")]
    run_progress = story_of(*looks, Resumed(2.0, "ann"))
    assert run_progress.waves[0].looks == (looks[0],)
    assert run_progress.waves[0].state is WaveState.GATED


def test_a_wave_that_is_over_stays_as_it_is_when_the_run_continues() -> None:
    run_progress = story_of(WaveEnded(1.0, "canary", "succeeded"), Resumed(2.0, "ann"))
    assert (run_progress.waves[0].is_over, run_progress.find("canary"), run_progress.find("most")) == (
        True,
        run_progress.waves[0],
        None,
    )


def test_only_what_may_be_changed_is_a_member_of_a_wave() -> None:
    assert PLAN.count(Action.UPDATE) == len(REFS)
    unnamed = Opened(0.0, RUN, plan_of([("", REFS)]), STRATEGY)
    assert all(not wave.members for wave in started(unnamed).waves)


def test_a_rollback_restores_a_write_that_was_announced_and_has_no_end_on_record() -> None:
    begun = replay([OPENED, WaveBegan(1.0, "rest"), Writing(2.0, REFS[2], "t", "before")])
    asked = advance(begun, RollbackAsked(3.0, ("rest",)))
    target = asked.targets[REFS[2]]
    assert (target.restores, target.attempt, target.writing) == (True, 1, None)
    assert target.changed is not None
    assert target.changed.before == "before"


def test_a_rollback_that_was_killed_is_not_written_anew_by_another_one() -> None:
    begun: list[Record] = [OPENED, Writing(2.0, REFS[2], "t", "before"), Accepted(2.0, REFS[2], "u1")]
    ended: list[Record] = [Ended(3.0, REFS[2], Changed("u1")), RollbackAsked(4.0, ("rest",))]
    back = Writing(5.0, REFS[2], "t2", "after", restores=True)
    again = advance(replay([*begun, *ended, back]), RollbackAsked(6.0, ("rest",)))
    assert (again.targets[REFS[2]].writing, again.targets[REFS[2]].attempt) == (back, 1)


def test_a_rollback_whose_result_is_unknown_is_read_again_before_another_attempt() -> None:
    unknown = Unproven(Trouble(Cause.DENIED, "no answer"), "u2")
    changed: list[Record] = [
        Writing(1.0, REFS[2], "t", "{}"),
        Accepted(1.0, REFS[2], "u1"),
        Ended(1.0, REFS[2], Changed("u1")),
    ]
    rollback: list[Record] = [
        Writing(3.0, REFS[2], "token", None),
        Accepted(4.0, REFS[2], "u2"),
        Ended(5.0, REFS[2], unknown),
    ]
    ended = story_of(*changed, RollbackAsked(2.0, ("rest",)), *rollback)
    again = advance(ended, RollbackAsked(6.0, ("rest",))).targets[REFS[2]]
    before = ended.targets[REFS[2]]
    assert (again.outcome, again.update_id, again.attempt) == (None, before.update_id, before.attempt)
