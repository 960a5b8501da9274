"""Operations that people start in GitHub."""

from dataclasses import replace

import pytest

from eksaddon.app.github.due import due_run, refuse_idle_rerun, refuse_overtaking
from eksaddon.app.github.operate import (
    Operation,
    Requested,
    ask_of,
    confirmed,
    effects,
    effects_digest,
    next_operations,
    next_step,
    refuse_repeated_acceptance,
    workflow_runs,
)
from eksaddon.app.runs.journal import create_journal
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Action
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.domain.run.progress import replay
from eksaddon.domain.run.records import (
    Closed,
    Ended,
    Opened,
    Paused,
    Record,
    Resumed,
    Stopped,
    WaveBegan,
    WaveEnded,
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


def requested(operation: Operation, reason: str = "") -> Requested:
    return Requested(operation, "r1", "ann", "canary", "a/b/c", reason)


@pytest.mark.parametrize(("reason", "recorded"), [("", "(ann in GitHub)"), ("late", "late (ann in GitHub)")])
def test_person_and_reason_are_recorded(reason, recorded):
    progress = replay([opened("r1"), *SOAKING])
    for operation in (Operation.RESUME, Operation.ABORT):
        ask = ask_of(requested(operation, reason))
        assert ask is not None
        (record,) = ask(progress, 9.0, "acme/dns run 7.1")
        assert isinstance(record, Resumed) or ": " in getattr(record, "reason", "")
        assert getattr(record, "reason", "").endswith(recorded)


def test_an_operation_that_would_do_something_else_than_was_shown_is_refused():
    wanted, progress = requested(Operation.RESUME), replay([opened("r1"), *SOAKING])
    ask = ask_of(wanted)
    assert ask is not None
    assert confirmed(wanted, ask, effects_digest(effects(wanted, progress)))(progress, 9.0, "who")
    assert confirmed(wanted, ask, "")(progress, 9.0, "who")
    with pytest.raises(EksdnsError, match="changed after this operation was shown"):
        confirmed(wanted, ask, effects_digest(["something else"]))(progress, 9.0, "who")


def test_a_refusal_names_operations_and_a_wrong_input_keeps_its_hint():
    wanted, progress = requested(Operation.RETRY), replay([opened("r1"), *SOAKING])
    ask = ask_of(wanted)
    assert ask is not None
    with pytest.raises(EksdnsError) as refused:
        confirmed(wanted, ask, "")(progress, 9.0, "who")
    assert refused.value.hint == (
        "use the workflow eksdns-operate with the run r1 and the operation resume or abort"
    )
    skip = requested(Operation.SKIP, "why")
    ask = ask_of(skip)
    assert ask is not None
    with pytest.raises(EksdnsError) as wrong:
        confirmed(skip, ask, "")(progress, 9.0, "who")
    assert wrong.value.hint == "use ACCOUNT/REGION/NAME"


def test_a_run_that_ended_well_has_no_next_operation():
    progress = replay([opened("r1"), *SOAKING, Closed(9.0, "succeeded")])
    assert next_operations(progress) == ()
    assert next_step(progress) == ""


def test_only_a_rerun_that_would_accept_failures_is_refused():
    refuse_repeated_acceptance(requested(Operation.ACCEPT_FAILURES, "why"), "1")
    refuse_repeated_acceptance(requested(Operation.RETRY), "2")
    with pytest.raises(EksdnsError, match="does not accept failures"):
        refuse_repeated_acceptance(requested(Operation.ACCEPT_FAILURES, "why"), "2")


TWO = plan_of([("canary", refs_of(1)), ("rest", refs_of(2)[1:])])
WAITS = (Strategy((Wave("canary", soak=600), Wave("rest"))), TWO)


@pytest.mark.parametrize(
    ("plan", "then", "is_refused"),
    [
        (TWO, (), True),
        (plan_of([("rest", refs_of(2)[1:])]), (), True),
        (PLAN, (), False),
        (TWO, (Stopped(6.0, "aborted"),), False),
    ],
    ids=["same clusters", "the one that waits", "only one that is done", "after abort"],
)
def test_a_new_rollout_does_not_overtake_a_run_that_waits_for_a_soak(plan, then, is_refused):
    store, (strategy, planned) = MemoryStore(), WAITS
    run_id = "20260101-000001-aaaaaa"
    first = Opened(1.0, run_id, planned, strategy)
    create_journal(store, run_id).append([to_json(each) for each in (first, *SOAKING, *then)])
    create_journal(store, "20260101-000002-aaaaaa").append([{"of": "a newer eksdns"}])
    if not is_refused:
        refuse_overtaking(store, plan)
        return
    with pytest.raises(
        EksdnsError, match=f"run {run_id} of these clusters is not finished: soaking"
    ) as refused:
        refuse_overtaking(store, plan)
    assert "operation abort" in str(refused.value.hint)


FAILED: tuple[Record, ...] = (
    WaveBegan(2.0, "canary"),
    Ended(3.0, REFS[0], Failed(Trouble(Cause.UPDATE_FAILED, "frozen"))),
    Paused(5.0, "wave canary: 1 of 1 failed"),
)


@pytest.mark.parametrize(
    ("records", "action", "is_refused"),
    [
        (FAILED, Action.IN_SYNC, True),
        (FAILED[:2], Action.IN_SYNC, True),
        (FAILED, Action.UPDATE, False),
        (FAILED[:1], Action.IN_SYNC, False),
        ((*FAILED, Stopped(6.0, "aborted")), Action.IN_SYNC, False),
        ((*FAILED, WaveEnded(6.0, "canary", "failed"), Closed(7.0, "failed")), Action.IN_SYNC, False),
    ],
    ids=["failed", "lost", "written again", "not written", "aborted", "over"],
)
def test_a_new_rollout_does_not_pass_what_an_unfinished_run_wrote(records, action, is_refused):
    store, run_id = MemoryStore(), "20260101-000001-aaaaaa"
    create_journal(store, run_id).append([to_json(each) for each in (opened(run_id), *records)])
    clusters = tuple(replace(each, action=action) for each in PLAN.clusters)
    plan = replace(PLAN, clusters=clusters)
    if not is_refused:
        refuse_overtaking(store, plan)
        return
    with pytest.raises(EksdnsError, match="is not finished") as refused:
        refuse_overtaking(store, plan)
    assert "re-run the failed jobs" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("who", "then", "is_refused"),
    [
        ("acme/dns run 43.1", FAILED, True),
        ("acme/dns run 4.1", FAILED, False),
        ("acme/dns run 43.1", SOAKING, False),
        ("acme/dns run 43.1", (*SOAKING, Closed(9.0, "succeeded")), False),
    ],
)
def test_a_rerun_of_a_resume_is_not_green_over_the_run_that_it_left(who, then, is_refused):
    store, run_id = MemoryStore(), "20260101-000001-aaaaaa"
    records = (opened(run_id), Resumed(1.5, who, accepts_failures=False), *then)
    create_journal(store, run_id).append([to_json(each) for each in records])
    if not is_refused:
        refuse_idle_rerun(store, "acme/dns run 43")
        return
    with pytest.raises(EksdnsError, match="is not finished: wave canary: 1 of 1 failed"):
        refuse_idle_rerun(store, "acme/dns run 43")
