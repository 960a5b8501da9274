"""One target's way through guard, write, follow and proof, on simulated EKS."""

from dataclasses import replace

import pytest

from eksaddon.apply.intent import Held, intent_of
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.observed import HealthIssue
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Stale,
    UnreachableTarget,
)
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.sim.inprocess.virtual_time import run_virtually
from tests.support.apply.target_update import ADDON, AFTER, BEFORE, REF, Stage, _request


def test_an_update_is_written_followed_and_proven():
    stage = Stage()
    assert stage.run() == Changed("u1")
    assert stage.notes == ["writing", "updating", "verifying"]
    assert [request.text for _, request in stage.api.requests] == [AFTER]


def test_a_write_is_announced_before_it_is_sent_and_its_id_is_told_at_once():
    stage = Stage()
    stage.api.meanwhile["update"] = lambda: stage.notes.append(f"told {len(stage.told)}")
    stage.run()
    assert stage.notes[:3] == ["writing", "told 1", "updating"]
    writing, accepted = stage.told
    assert isinstance(writing, Writing)
    assert (writing.before, writing.token) == (BEFORE, stage.api.requests[0][1].token)
    assert accepted == Accepted(accepted.at, REF, "u1")


def test_a_target_that_moved_is_stale_and_not_written():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, text='{"replicaCount":9}')
    assert isinstance(stage.run(), Stale)
    assert stage.api.requests == []


def test_a_target_with_another_version_is_stale_and_says_so():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, version="v1.12.1-eksbuild.2")
    outcome = stage.run()
    assert isinstance(outcome, Stale)
    assert "v1.12.1-eksbuild.2" in outcome.reason


def test_a_target_that_a_user_brought_there_already_is_in_sync():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, text=AFTER)
    assert stage.run() == InSync()
    assert stage.api.requests == []


def test_a_target_that_a_user_updates_has_to_wait_and_nothing_is_announced():
    stage = Stage()
    stage.api.begin("theirs", REF, _request(BEFORE), BEFORE)
    assert stage.run() == Held("the add-on is UPDATING: another update is running")
    assert (stage.told, stage.api.requests) == ([], [])


def test_a_target_that_fell_ill_since_the_plan_has_to_wait():
    stage = Stage()
    issue = HealthIssue("InsufficientNumberOfReplicas", "none")
    stage.api.addons[REF] = replace(ADDON, status="DEGRADED", issues=(issue,))
    outcome = stage.run()
    assert isinstance(outcome, Held)
    assert "InsufficientNumberOfReplicas" in outcome.reason


def test_a_target_that_was_ill_when_the_plan_was_made_may_be_repaired():
    stage = Stage()
    known = Diagnostic(Severity.WARNING, "addon-unhealthy", "the add-on is DEGRADED")
    stage.plan = replace(stage.plan, diagnostics=(known,))
    stage.api.addons[REF] = replace(ADDON, status="DEGRADED")
    stage.run()
    assert len(stage.api.requests) == 1


def restoring(stage: Stage, stored: str) -> Outcome | Held:
    """Take back what a run did; `stored` is what is there now."""
    stage.api.addons[REF] = replace(ADDON, text=stored)
    changed = Writing(0.0, REF, "token", BEFORE)
    target = TargetProgress(stage.plan, changed=changed, restores=True, attempt=1)
    update = replace(stage.update(), intent=intent_of("run-1", target))
    return run_virtually(update.run(), stage.clock)


def test_changes_of_this_run_are_reverted():
    stage = Stage()
    assert restoring(stage, AFTER) == RolledBack("u1")
    assert [request.text for _, request in stage.api.requests] == [BEFORE]


def test_changes_made_after_this_run_are_kept():
    stage = Stage()
    assert isinstance(restoring(stage, '{"replicaCount":9}'), Stale)
    assert stage.api.requests == []


def test_a_restored_target_needs_no_write():
    stage = Stage()
    assert restoring(stage, BEFORE) == RolledBack("")
    assert stage.api.requests == []


def test_a_retry_is_another_intent_to_eks():
    stage = Stage()
    first, second = (intent_of("run-1", TargetProgress(stage.plan, attempt=number)) for number in (0, 1))
    assert first.token != second.token


def test_a_plan_without_a_write_has_no_intent():
    plan = replace(Stage().plan, write=None)
    with pytest.raises(ValueError, match="nothing to write"):
        intent_of("run-1", TargetProgress(plan))


def test_a_retry_may_fix_an_addon_that_our_own_update_left_unhealthy():
    stage = Stage(seconds=0.0)
    stage.api.addons[REF] = replace(ADDON, status="UPDATE_FAILED")
    intent = intent_of("run-1", TargetProgress(stage.plan, attempt=1, updates=("u0",)))
    run_virtually(replace(stage.update(), intent=intent).run(), stage.clock)
    assert len(stage.api.requests) == 1


def test_the_planned_document_of_another_users_failed_update_is_stale():
    stage = Stage(seconds=0.0, status="Failed")
    stage.api.begin("theirs", REF, _request(AFTER), BEFORE)
    stage.api.addons[REF] = replace(ADDON, text=AFTER)
    assert isinstance(stage.run(), Stale)
    assert stage.api.requests == []


def test_another_document_in_flight_is_stale_and_not_waited_for():
    stage = Stage()
    stage.api.begin("theirs", REF, _request('{"replicaCount":9}'), BEFORE)
    stage.api.addons[REF] = replace(ADDON, text='{"replicaCount":9}')
    assert isinstance(stage.run(), Stale)


def test_a_role_that_a_user_set_since_is_stale():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, role_arn="arn:aws:iam::111122223333:role/dns")
    outcome = stage.run()
    assert isinstance(outcome, Stale)
    assert "service account role" in outcome.reason


def test_an_addon_state_of_tomorrow_is_waited_for():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, status="ROTATING")
    outcome = stage.run()
    assert isinstance(outcome, Held)
    assert "ROTATING" in outcome.reason


def test_resuming_goes_through_the_guard():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, version="v1.12.1-eksbuild.2")
    assert isinstance(stage.resume(), Stale)
    assert stage.api.requests == []


def test_a_target_that_moved_while_busy_is_left_alone():
    stage = Stage()
    stage.trouble("update", Cause.BUSY)
    stage.api.meanwhile["updates"] = lambda: stage.api.addons.update({REF: replace(ADDON, text="{}")})
    assert isinstance(stage.run(), Stale)
    assert stage.api.requests == []


def test_a_target_that_cannot_be_read_is_unreachable_and_not_written():
    stage = Stage()
    stage.trouble("read", Cause.DENIED)
    assert stage.run() == UnreachableTarget(Trouble(Cause.DENIED, "scripted"))
    assert stage.api.requests == []


def test_passing_trouble_while_reading_is_waited_out():
    stage = Stage()
    stage.trouble("read", Cause.THROTTLED, Cause.TRANSPORT)
    assert stage.run() == Changed("u1")


def test_an_addon_that_is_gone_before_the_write_is_stale():
    stage = Stage()
    stage.api.gone = True
    assert isinstance(stage.run(), Stale)


def test_an_addon_that_disappears_after_its_update_is_a_failure():
    stage = Stage()
    stage.api.meanwhile["describe_update"] = lambda: setattr(stage.api, "gone", True)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert "was removed after its update" in outcome.trouble.message
