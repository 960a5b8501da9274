"""Following an accepted update to its end, and the proof of what it left."""

from dataclasses import replace

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    Unproven,
    UnreachableTarget,
)
from tests.support.apply.target_update import ADDON, REF, Stage


def test_an_update_state_of_tomorrow_is_running_and_then_unproven():
    stage = Stage(seconds=0.0, status="Paused")
    outcome = stage.run()
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.cause is Cause.STILL_RUNNING
    assert "Paused" in outcome.trouble.message


def test_a_fresh_update_that_eks_does_not_find_yet_is_looked_for_again():
    stage = Stage(seconds=0.0)
    stage.trouble("describe_update", Cause.NOT_FOUND, Cause.NOT_FOUND)
    assert stage.run() == Changed("u1")


def test_an_update_that_eks_never_finds_is_unproven():
    stage = Stage(seconds=0.0)
    stage.trouble("describe_update", *[Cause.NOT_FOUND] * 99)
    assert stage.run() == Unproven(Trouble(Cause.NOT_FOUND, "scripted"), "u1")


@pytest.mark.parametrize("reads", [1, 3])
def test_an_old_document_right_after_success_is_read_again(reads):
    stage = Stage(seconds=0.0)
    stage.api.late_document = reads
    assert stage.run() == Changed("u1")


def test_an_old_document_that_stays_is_unproven_and_no_one_is_accused():
    stage = Stage(seconds=0.0)
    stage.api.late_document = 10_000
    outcome = stage.run()
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.cause is Cause.NOT_SHOWN
    assert "still shows the document from before" in outcome.trouble.message


def test_a_409_while_the_addon_reads_active_is_waited_out():
    stage = Stage()
    stage.trouble("update", *[Cause.BUSY] * 5)
    assert stage.run() == Changed("u1")


def test_a_409_that_stays_is_a_failure_that_names_the_cluster():
    stage = Stage()
    stage.trouble("update", *[Cause.BUSY] * 9999)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.BUSY
    assert "an update of the cluster" in outcome.trouble.message


def test_passing_trouble_while_following_is_not_a_failure():
    stage = Stage()
    stage.trouble("describe_update", Cause.THROTTLED, Cause.SERVER, Cause.CREDENTIALS_EXPIRED)
    assert stage.run() == Changed("u1")


def test_an_update_that_may_not_be_followed_is_unproven_with_its_id():
    stage = Stage()
    stage.trouble("describe_update", Cause.DENIED)
    assert stage.run() == Unproven(Trouble(Cause.DENIED, "scripted"), "u1")


def test_an_update_past_its_deadline_is_still_running_never_failed():
    outcome = Stage(seconds=1e9).run()
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.cause is Cause.STILL_RUNNING
    assert outcome.update_id == "u1"


@pytest.mark.parametrize(
    ("kept", "said"),
    [(True, "the new configuration is stored nevertheless"), (False, "the previous configuration is stored")],
)
def test_a_failed_update_says_what_it_left_behind(kept, said):
    outcome = Stage(status="Failed", keeps_on_failure=kept).run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.UPDATE_FAILED
    assert said in outcome.trouble.message
    assert "it went wrong" in outcome.trouble.message


def test_a_cancelled_update_is_named_as_such():
    outcome = Stage(status="Cancelled").run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.UPDATE_CANCELLED


def test_a_passing_degraded_is_not_a_failure():
    assert Stage(settles_after=120.0).run() == Changed("u1")


def test_a_lasting_degraded_is_a_failure_with_its_issue():
    outcome = Stage(settles_after=1e9).run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.UNHEALTHY
    assert "pods are rolling" in outcome.trouble.message


def test_a_document_that_a_user_replaced_is_not_called_done():
    stage = Stage(seconds=0.0)
    stage.api.meanwhile["describe_update"] = lambda: stage.api.addons.update(
        {REF: replace(ADDON, text='{"replicaCount":9}')}
    )
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.NOT_AS_PLANNED


def test_a_failed_update_that_left_neither_document_says_so():
    stage = Stage(seconds=0.0, status="Failed")
    stage.api.meanwhile["describe_update"] = lambda: stage.api.addons.update(
        {REF: replace(ADDON, text='{"replicaCount":9}')}
    )
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert "neither the previous nor the new configuration is stored" in outcome.trouble.message


def test_a_failed_update_whose_remains_cannot_be_read_says_so():
    stage = Stage(seconds=0.0, status="Failed")
    stage.api.meanwhile["describe_update"] = lambda: stage.trouble("read", Cause.DENIED)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert "could not be read" in outcome.trouble.message


def test_a_proof_that_cannot_be_read_is_unproven_with_its_update():
    stage = Stage(seconds=0.0)
    stage.api.meanwhile["describe_update"] = lambda: stage.trouble("read", Cause.DENIED)
    assert stage.run() == Unproven(Trouble(Cause.DENIED, "scripted"), "u1")


def test_a_read_that_never_works_again_is_abandoned():
    stage = Stage()
    stage.trouble("read", *[Cause.THROTTLED] * 500)
    outcome = stage.run()
    assert isinstance(outcome, UnreachableTarget)
    assert outcome.trouble.cause is Cause.THROTTLED


def test_an_update_that_no_one_can_look_at_until_the_deadline_is_unreachable():
    stage = Stage()
    stage.trouble("describe_update", *[Cause.SERVER] * 5000)
    outcome = stage.run()
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.cause is Cause.SERVER
