"""Operations that people start in GitHub."""

import pytest

from eksaddon.app.github.due import due_run
from eksaddon.app.github.operate import Operation, Requested, ask_of, effects, workflow_runs
from eksaddon.app.runs.journal import create_journal
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.run.outcome import Changed
from eksaddon.domain.run.progress import replay
from eksaddon.domain.run.records import (
    Ended,
    Opened,
    Paused,
    Record,
    Resumed,
    WaveBegan,
    WaveSoaking,
    to_json,
)
from eksaddon.store.memory import MemoryStore
from tests.support.rollouts import plan_of, refs_of

REFS = refs_of(1)
PLAN = plan_of([("canary", REFS)])
STRATEGY = Strategy((Wave("canary", soak=600),))


def opened(run_id: str, who: str = "acme/dns run 42.1") -> Opened:
    return Opened(1.0, run_id, PLAN, STRATEGY, who=who)


SOAKING: tuple[Record, ...] = (
    WaveBegan(2.0, "canary"),
    Ended(3.0, REFS[0], Changed("u")),
    WaveSoaking(4.0, "canary", 604.0),
    Paused(5.0, "soaking"),
)


@pytest.mark.parametrize("operation", list(Operation))
def test_every_operation_says_what_it_does(operation):
    requested = Requested(operation, "r1", "ann", "canary", "a/b/c", "why")
    assert effects(requested, replay([opened("r1"), *SOAKING]))
    assert (ask_of(requested) is None) is (operation is Operation.HISTORY)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (Operation.SKIP, "cluster"),
        (Operation.ACCEPT_FAILURES, "reason"),
        (Operation.APPROVE, "wave"),
    ],
)
def test_an_input_that_is_needed_is_asked_for(operation, name):
    with pytest.raises(EksdnsError, match=f"requires the input {name}"):
        ask_of(Requested(operation, "r1", "ann"))


def test_the_workflow_runs_of_a_run_are_those_of_this_repository_but_the_current_one():
    records: list[Record] = [
        opened("r1"),
        Resumed(2.0, "acme/dns run 43.2"),
        Resumed(3.0, "acme/dns run 44.1"),
        Resumed(4.0, "ana@laptop pid 1"),
        Resumed(4.0, "other/dns run 7.1"),
        Resumed(4.0, "acme/dns run 43.3"),
    ]
    assert workflow_runs(records, "acme/dns", 44) == (42, 43)


def test_a_run_is_due_when_its_soak_is_over_and_not_before():
    store = MemoryStore()
    create_journal(store, "20260101-000000-aaaaaa").append([{"of": "a newer eksdns"}])
    for run_id, records in (
        ("20260101-000001-aaaaaa", (Paused(5.0, "somebody pressed Ctrl-C"),)),
        ("20260101-000002-aaaaaa", SOAKING),
    ):
        create_journal(store, run_id).append([to_json(each) for each in (opened(run_id), *records)])
    assert due_run(store, 603.0) is None
    found = due_run(store, 604.0)
    assert found is not None
    assert found.opened.run_id == "20260101-000002-aaaaaa"
