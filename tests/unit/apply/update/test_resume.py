"""Runs that continue after an interruption, and writes without a known end."""

from dataclasses import replace

import pytest

from eksaddon.apply.intent import Held, Send, intent_of
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    Stale,
    Unproven,
)
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.ports import UpdateRequest
from eksaddon.sim.inprocess.virtual_time import run_virtually
from tests.support.apply.target_update import ADDON, AFTER, BEFORE, REF, Stage, _request


def test_resuming_after_the_record_sends_an_unsent_request():
    stage = Stage()
    assert stage.resume() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_resuming_finds_the_update_that_was_accepted_and_not_recorded():
    stage = Stage()
    announced = stage.update().intent.announced(stage.clock.now(), Send(BEFORE, stage.clock.now()))
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, announced.token))
    assert stage.resume() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_resuming_follows_an_update_whose_id_is_known():
    stage = Stage()
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, "token"))
    assert stage.resume("u1") == Changed("u1")


def test_resuming_where_the_document_is_there_and_no_one_knows_how_is_unproven():
    stage = Stage()
    stage.trouble("updates", *[Cause.DENIED] * 99)
    stage.api.addons[REF] = replace(ADDON, text=AFTER)
    assert stage.resume() == Unproven(Trouble(Cause.DENIED, "scripted"))
    assert stage.api.requests == []


def test_resuming_where_another_user_wrote_meanwhile_is_stale():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, text='{"replicaCount":9}')
    assert isinstance(stage.resume(), Stale)
    assert stage.api.requests == []


def test_resuming_where_nothing_can_be_read_is_unproven():
    stage = Stage()
    stage.trouble("read", *[Cause.DENIED] * 99)
    assert stage.resume() == Unproven(Trouble(Cause.DENIED, "scripted"))


def doubtful(stage: Stage) -> Outcome | Held:
    """A run of a target for which an earlier run announced a write and recorded no end."""
    intent = intent_of("run-2", TargetProgress(stage.plan), is_doubtful=True)
    return run_virtually(replace(stage.update(), intent=intent).run(), stage.clock)


def written_before(stage: Stage, text: str = AFTER, seconds_ago: float = 60.0) -> None:
    """An update of this document, whose record nobody wrote."""
    stage.api.update(REF, UpdateRequest(text, ResolveConflicts.NONE, "other-token"))
    run_virtually(stage.clock.sleep(seconds_ago), stage.clock)


@pytest.mark.parametrize("reads", [1, 5, 9999])
def test_a_document_shown_late_is_not_written_a_second_time(reads):
    stage = Stage()
    written_before(stage)
    stage.api.late_document = reads
    outcome = doubtful(stage)
    assert outcome == InSync() if reads < 9999 else isinstance(outcome, Unproven)
    assert len(stage.api.requests) == 1
    if isinstance(outcome, Unproven):
        assert outcome.update_id == "u1"
        assert "still shows the document from before" in outcome.trouble.message


def test_a_late_document_of_another_user_is_stale():
    stage = Stage()
    written_before(stage, '{"replicaCount":9}')
    stage.api.late_document = 9999
    assert doubtful(stage) == Stale("its configuration was changed by update u1")
    assert len(stage.api.requests) == 1


def test_after_a_write_without_a_known_end_nothing_is_sent_while_the_history_is_denied():
    stage = Stage()
    stage.trouble("updates", *[Cause.DENIED] * 99)
    outcome = doubtful(stage)
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.message == "an earlier write may have succeeded: scripted"
    assert stage.api.requests == []


@pytest.mark.parametrize("is_denied", [False, True])
def test_a_retry_looks_at_the_history_where_it_may(is_denied):
    stage = Stage()
    written_before(stage)
    stage.api.late_document = 9999
    stage.trouble("updates", *[Cause.DENIED] * 99 * is_denied)
    intent = intent_of("run-1", TargetProgress(stage.plan, attempt=1, updates=("u1",)))
    run_virtually(replace(stage.update(), intent=intent).run(), stage.clock)
    assert len(stage.api.requests) == (2 if is_denied else 1)


def test_after_a_write_without_a_known_end_a_running_update_is_waited_for():
    stage = Stage(seconds=300.0)
    stage.api.begin("theirs", REF, _request(AFTER), BEFORE)
    stage.api.meanwhile["read"] = lambda: setattr(stage.api, "seconds", 0.0)
    stage.api.meanwhile["updates"] = lambda: setattr(stage.api, "seconds", 300.0)
    assert doubtful(stage) == Held("update theirs is InProgress")


@pytest.mark.parametrize("earlier", ["none", "failed"])
def test_after_a_write_without_effect_the_change_is_sent(earlier):
    stage = Stage(status="Failed", keeps_on_failure=False)
    if earlier == "failed":
        written_before(stage)
    stage.api.status = "Successful"
    assert isinstance(doubtful(stage), Changed)


@pytest.mark.parametrize("reads", [3, 9999])
@pytest.mark.parametrize("causes", [[], [Cause.DENIED] * 99], ids=["history", "history denied"])
@pytest.mark.parametrize("honours_tokens", [True, False])
def test_resuming_never_writes_a_second_time_while_the_document_is_shown_late(reads, causes, honours_tokens):
    stage = Stage(honours_tokens=honours_tokens)
    announced = stage.update().intent.announced(stage.clock.now(), Send(BEFORE, stage.clock.now()))
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, announced.token))
    run_virtually(stage.clock.sleep(60.0), stage.clock)
    stage.api.late_document = reads
    stage.trouble("updates", *causes)
    outcome = run_virtually(stage.update().resume(announced, ""), stage.clock)
    assert len(stage.api.requests) == 1
    assert outcome == Changed("u1") if reads == 3 and not causes else isinstance(outcome, Unproven)


@pytest.mark.parametrize("status", ["Successful", "Failed"])
def test_without_the_clock_of_eks_the_newest_update_decides(status):
    stage = Stage(status=status, keeps_on_failure=False)
    announced = replace(stage.update().intent.announced(0.0, Send(BEFORE, 0.0)), eks_time=0.0)
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, announced.token))
    run_virtually(stage.clock.sleep(60.0), stage.clock)
    outcome = run_virtually(stage.update().resume(announced, ""), stage.clock)
    assert isinstance(outcome, Changed if status == "Successful" else Failed)
    assert outcome.update_id == "u1"
    assert len(stage.api.requests) == 1
