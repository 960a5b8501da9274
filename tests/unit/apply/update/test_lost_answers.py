"""Requests whose answer was lost: what arrived is found, and nothing is written twice."""

from dataclasses import replace

import pytest

from eksaddon.apply.intent import Held, Send, intent_of
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.records import Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.sim.inprocess.virtual_time import run_virtually
from tests.support.apply.target_update import ADDON, AFTER, BEFORE, REF, Stage, _request


@pytest.mark.parametrize("cause", [Cause.TRANSPORT, Cause.SERVER, Cause.TRUNCATED, Cause.THROTTLED])
def test_a_lost_answer_is_no_second_update(cause):
    stage = Stage()
    stage.api.lost.append(Trouble(cause, "connection reset"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


@pytest.mark.parametrize("names_version", [False, True])
def test_a_lost_answer_of_an_update_that_ended_at_once_is_found_again(names_version):
    stage = Stage(seconds=0.0, names_version=names_version)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


@pytest.mark.parametrize("status", ["Successful", "Failed"])
def test_where_the_history_is_denied_the_same_token_finds_the_update(status):
    stage = Stage(seconds=0.0, status=status)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    stage.trouble("updates", *[Cause.DENIED] * 99)
    outcome = stage.run()
    assert isinstance(outcome, Changed if status == "Successful" else Failed)
    assert outcome.update_id == "u1"
    assert [request.token for _, request in stage.api.requests] == [stage.update().intent.token]


def test_where_neither_the_history_nor_the_token_decides_a_stored_document_is_unproven():
    stage = Stage(seconds=0.0)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    stage.trouble("updates", *[Cause.DENIED] * 99)
    stage.api.meanwhile["updates"] = lambda: stage.trouble("update", *[Cause.SERVER] * 9)
    outcome = stage.run()
    assert isinstance(outcome, Unproven)
    assert len(stage.api.requests) == 1


def test_an_update_that_names_the_version_though_none_was_sent_is_found():
    stage = Stage(names_version=True, honours_tokens=False)
    stage.api.lost.append(Trouble(Cause.SERVER, "boom"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


@pytest.mark.parametrize("behind", [-180.0, 0.0, 180.0])
@pytest.mark.parametrize("status", ["Successful", "Failed"])
def test_a_lost_answer_is_settled_by_the_clock_of_eks(behind, status):
    stage = Stage(status=status, behind=behind)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    outcome = stage.run()
    assert isinstance(outcome, Changed if status == "Successful" else Failed)
    assert outcome.update_id == "u1"
    assert len(stage.api.requests) == 1


def test_an_update_from_before_the_request_is_never_taken_for_its_own():
    stage = Stage(seconds=0.0, status="Failed", keeps_on_failure=False)
    stage.api.begin("older", REF, _request(AFTER), BEFORE)
    run_virtually(stage.clock.sleep(5.0), stage.clock)
    stage.trouble("update", *[Cause.SERVER] * 9)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert outcome.update_id == ""


def test_a_lost_answer_is_repeated_at_once_or_not_at_all_where_the_history_is_denied():
    stage = Stage(seconds=30.0, honours_tokens=False)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    stage.trouble("updates", *[Cause.DENIED] * 99)
    begun = stage.clock.now()
    assert stage.run() == Unproven(Trouble(Cause.DENIED, "scripted"))
    assert len(stage.api.requests) == 1
    assert stage.clock.now() - begun < 30.0


@pytest.mark.parametrize(
    "cause", [Cause.NO_CREDENTIALS, Cause.CREDENTIALS_INVALID, Cause.CREDENTIALS_EXPIRED]
)
def test_resuming_without_valid_keys_ends_at_once(cause):
    stage = Stage()
    for operation in ("updates", "read"):
        stage.trouble(operation, *[cause] * 999)
    begun = stage.clock.now()
    assert stage.resume() == Unproven(Trouble(cause, "scripted"))
    assert stage.clock.now() - begun <= (60.0 if cause is Cause.CREDENTIALS_EXPIRED else 0.0)
    assert stage.api.requests == []


def test_a_killed_retry_does_not_take_the_first_attempts_update_for_its_own():
    stage = Stage(seconds=0.0, status="Failed")
    first = stage.run()
    assert isinstance(first, Failed)
    target = TargetProgress(stage.plan, attempt=1, updates=("u1",))
    intent = intent_of("run-1", target)
    stage.api.status = "Successful"
    announced = intent.announced(stage.clock.now(), Send(AFTER, float(int(stage.clock.now()))))
    outcome = run_virtually(replace(stage.update(), intent=intent).resume(announced, ""), stage.clock)
    assert outcome == Changed("u2")


def test_the_same_write_again_is_sent_where_the_stored_document_is_of_a_failed_update():
    stage = Stage(seconds=0.0, status="Failed")
    assert isinstance(stage.run(), Failed)
    stage.api.status = "Successful"
    intent = intent_of("run-1", TargetProgress(stage.plan, attempt=1, updates=("u1",)))
    assert run_virtually(replace(stage.update(), intent=intent).run(), stage.clock) == Changed("u2")


def test_a_retry_finds_that_the_update_succeeded_after_all_and_sends_nothing():
    stage = Stage(seconds=0.0)
    assert stage.run() == Changed("u1")
    intent = intent_of("run-1", TargetProgress(stage.plan, attempt=1, updates=("u1",)))
    assert run_virtually(replace(stage.update(), intent=intent).run(), stage.clock) == Changed("u1")
    assert len(stage.api.requests) == 1


def test_a_request_that_was_lost_on_its_way_is_sent_again_with_the_same_token():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT)
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_a_repeat_carries_the_token_of_the_first_request():
    tokens = set()
    for _ in range(2):
        stage = Stage()
        stage.run()
        tokens.add(stage.api.requests[0][1].token)
    assert len(tokens) == 1


def test_a_request_that_is_lost_every_time_fails_with_its_cause():
    stage = Stage()
    stage.trouble("update", Cause.SERVER, Cause.SERVER, Cause.SERVER)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.SERVER
    assert stage.api.requests == []


@pytest.mark.parametrize("cause", [Cause.DENIED, Cause.INVALID, Cause.NOT_FOUND])
def test_a_refused_request_is_never_repeated(cause):
    stage = Stage()
    stage.trouble("update", cause)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is cause
    assert stage.api.calls.count("update") == 1


def test_expired_credentials_are_refreshed_once():
    stage = Stage()
    stage.trouble("update", Cause.CREDENTIALS_EXPIRED)
    assert stage.run() == Changed("u1")


def test_an_update_in_the_way_between_guard_and_write_is_waited_for():
    stage = Stage()
    stage.trouble("update", Cause.BUSY)
    assert stage.run() == Changed("u1")
    assert stage.api.calls.count("update") == 2


def test_an_update_found_in_the_way_that_is_ones_own_is_followed():
    stage = Stage()
    stage.api.lost.append(Trouble(Cause.BUSY, "409"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_a_request_whose_answer_is_lost_is_sent_three_times_at_most():
    stage = Stage()
    stage.trouble("update", *[Cause.TRANSPORT] * 9)
    assert isinstance(stage.run(), Failed)
    assert stage.api.calls.count("update") == 3


def test_a_lost_answer_on_a_target_that_moved_is_not_repeated():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT)
    stage.api.meanwhile["updates"] = lambda: stage.api.addons.update({REF: replace(ADDON, text="{}")})
    assert isinstance(stage.run(), Stale)
    assert stage.api.requests == []


def test_a_target_that_is_lost_after_an_uncertain_write_is_unproven():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT)
    stage.api.meanwhile["updates"] = lambda: stage.trouble("read", *[Cause.DENIED] * 99)
    assert stage.run() == Unproven(Trouble(Cause.DENIED, "scripted"))


def test_a_late_reading_is_not_taken_for_a_rollback():
    stage = Stage(seconds=0.0)
    assert stage.run() == Changed("u1")
    stage.api.late_document = 10_000
    changed = Writing(0.0, REF, "token", BEFORE)
    target = TargetProgress(stage.plan, changed=changed, restores=True, attempt=1, updates=("u1",))
    update = replace(stage.update(), intent=intent_of("run-1", target))
    assert isinstance(run_virtually(update.run(), stage.clock), Held)


def test_a_request_that_was_never_sent_leaves_the_target_unreachable_and_not_unproven():
    stage = Stage(unsent=99)
    outcome = stage.run()
    refused = Trouble(Cause.TRANSPORT, "connection refused", operation="UpdateAddon")
    assert outcome == UnreachableTarget(refused)
    assert stage.api.requests == []
    assert stage.api.calls.count("update") == 3


def test_a_request_that_was_never_sent_is_sent_again_after_another_read():
    stage = Stage(unsent=2)
    assert stage.run() == Changed("u1")
    assert stage.api.calls[:4] == ["read", "update", "read", "update"]
    assert len(stage.api.requests) == 1


def test_after_a_lost_answer_a_request_that_was_never_sent_stays_unproven():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT)

    def cut_off():
        stage.api.unsent = 99
        stage.trouble("updates", *[Cause.TRANSPORT] * 999)

    stage.api.meanwhile["update"] = cut_off
    assert isinstance(stage.run(), Unproven)
    assert stage.api.requests == []


def test_resuming_an_announced_write_that_cannot_be_sent_now_stays_undecided():
    stage = Stage(unsent=99)
    stage.trouble("updates", *[Cause.TRANSPORT] * 999)
    assert not isinstance(stage.resume(), UnreachableTarget)
