"""Which clusters the runs on record left failed or undecided."""

import pytest

from eksaddon.app.runs.open_ends import MOST_RUNS, OpenEnds, open_ends
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Stale, Unproven, UnreachableTarget
from eksaddon.domain.run.records import Ended, Record, Retried, RollbackAsked, Writing, to_json
from eksaddon.store.memory import MemoryJournal, MemoryStore
from tests.support.rollouts import refs_of

REFS = refs_of(4)
WRONG = Trouble(Cause.UPDATE_FAILED, "x")


def store_of(*runs: list[Record]) -> MemoryStore:
    store = MemoryStore()
    for number, records in enumerate(runs):
        store.create(f"20260101-000000-{number:06}").append([to_json(each) for each in records])
    return store


class Damaged(MemoryStore):
    damaged = ""

    def open(self, run_id: str) -> MemoryJournal:
        if run_id == self.damaged:
            raise EksdnsError(f"{run_id} is damaged")
        return super().open(run_id)


def written(place: int) -> Writing:
    return Writing(1.0, REFS[place], "t", None)


def test_a_write_without_an_end_is_undecided_and_a_failed_one_is_failed() -> None:
    run: list[Record] = [
        *(written(place) for place in range(4)),
        Ended(2.0, REFS[1], Unproven(WRONG)),
        Ended(2.0, REFS[2], Failed(WRONG)),
        Ended(2.0, REFS[3], Changed("u")),
    ]
    found = open_ends(store_of(run), REFS)
    assert found == OpenEnds(frozenset({REFS[2]}), frozenset(REFS[:2]))
    assert found.all == frozenset(REFS[:3])


def test_the_newest_run_that_wrote_to_a_cluster_decides() -> None:
    undecided: list[Record] = [written(0), written(1)]
    proven: list[Record] = [written(0), Ended(2.0, REFS[0], Changed("u"))]
    looked: list[Record] = [Ended(3.0, REFS[1], Failed(WRONG))]
    assert open_ends(store_of(undecided, proven, looked), REFS) == OpenEnds(undecided=frozenset({REFS[1]}))


def test_a_damaged_journal_may_be_about_any_cluster_that_no_newer_run_wrote_to() -> None:
    proven: list[Record] = [written(0), Ended(2.0, REFS[0], Changed("u"))]
    store = Damaged()
    failed_run: list[Record] = [written(1), Ended(2.0, REFS[1], Failed(WRONG))]
    damaged_run: list[Record] = [written(2)]
    for records in (failed_run, damaged_run, proven):
        store.create(f"20260101-000000-{len(store.runs()):06}").append([to_json(each) for each in records])
    store.damaged = store.runs()[1]
    failed, rest = frozenset({REFS[1]}), frozenset(REFS[2:])
    assert open_ends(store, REFS) == OpenEnds(failed, rest, (f"{store.damaged} is damaged",))


def test_only_so_many_runs_are_read() -> None:
    others: list[list[Record]] = [[written(1)]] * MOST_RUNS
    assert open_ends(store_of([written(0)], *others), REFS[:1]) == OpenEnds()


def test_only_so_many_records_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[list[Record]] = [[written(1)]] * 3
    assert open_ends(store_of([written(0)], *others), REFS[:1]).undecided == {REFS[0]}
    monkeypatch.setattr("eksaddon.app.runs.open_ends.MOST_RECORDS", 3)
    assert open_ends(store_of([written(0)], *others), REFS[:1]) == OpenEnds()


def test_a_rollback_without_writes_leaves_the_state_open() -> None:
    run: list[Record] = [
        *(written(place) for place in range(2)),
        RollbackAsked(2.0, ("",)),
        Ended(3.0, REFS[0], Failed(WRONG)),
        Ended(3.0, REFS[1], RolledBack("")),
    ]
    assert open_ends(store_of(run), REFS) == OpenEnds(undecided=frozenset(REFS[:1]))


FAILED: list[Record] = [written(0), Ended(2.0, REFS[0], Failed(WRONG))]


def test_an_announced_write_that_was_not_made_leaves_the_failure_before_it_open() -> None:
    moved: list[Record] = [written(0), Ended(3.0, REFS[0], Stale("moved"))]
    assert open_ends(store_of(FAILED, moved), REFS[:1]) == OpenEnds(frozenset(REFS[:1]))
    assert open_ends(store_of([*FAILED, *moved]), REFS[:1]) == OpenEnds(frozenset(REFS[:1]))
    assert open_ends(store_of(moved), REFS[:1]) == OpenEnds()


def test_a_new_attempt_without_a_write_hides_no_failure() -> None:
    for outcome in (Stale("moved"), UnreachableTarget(WRONG)):
        run: list[Record] = [*FAILED, Retried(2.5, (REFS[0],)), Ended(3.0, REFS[0], outcome)]
        assert open_ends(store_of(run), REFS[:1]) == OpenEnds(frozenset(REFS[:1]))


def test_an_unproven_write_that_failed_as_resume_found_out_is_failed() -> None:
    run: list[Record] = [written(0), Ended(2.0, REFS[0], Unproven(WRONG)), Ended(3.0, REFS[0], Failed(WRONG))]
    assert open_ends(store_of(run), REFS[:1]) == OpenEnds(frozenset(REFS[:1]))
