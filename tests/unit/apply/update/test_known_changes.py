"""The same change from the same state is the same request to EKS, whichever run sends it."""

from dataclasses import replace

import pytest

from eksaddon.apply.intent import Held, Send, intent_of
from eksaddon.apply.token import change_token
from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.plan import AddonWrite
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, Unproven
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.ports import UpdateRequest
from eksaddon.sim.inprocess.virtual_time import run_virtually
from tests.support.apply.target_update import ADDON, AFTER, BEFORE, REF, Stage

MODIFIED = 1_700_000_000.0
WRITE = AddonWrite(BEFORE, AFTER, ResolveConflicts.NONE)


def dated(**fake: object) -> Stage:
    stage = Stage(**fake)
    stage.api.addons[REF] = replace(ADDON, modified_at=MODIFIED)
    return stage


def another_run(stage: Stage, after: float) -> Outcome | Held:
    run_virtually(stage.clock.sleep(after), stage.clock)
    update = replace(stage.update(), intent=intent_of("run-2", TargetProgress(stage.plan)))
    return run_virtually(update.run(), stage.clock)


def test_two_runs_send_one_token_for_the_same_change():
    send = Send(BEFORE, 0.0, MODIFIED)
    intents = [intent_of(run, TargetProgress(dated().plan)) for run in ("run-1", "run-2")]
    tokens = {each.announced(0.0, send).token for each in intents}
    assert tokens == {change_token(REF, ADDON.fingerprint, MODIFIED, WRITE)}


@pytest.mark.parametrize(
    "other",
    [
        change_token(replace(REF, name="till"), ADDON.fingerprint, MODIFIED, WRITE),
        change_token(REF, "another", MODIFIED, WRITE),
        change_token(REF, ADDON.fingerprint, MODIFIED + 1, WRITE),
        change_token(REF, ADDON.fingerprint, MODIFIED, replace(WRITE, text=BEFORE)),
        change_token(REF, ADDON.fingerprint, MODIFIED, replace(WRITE, role_arn="arn")),
        change_token(
            REF, ADDON.fingerprint, MODIFIED, replace(WRITE, resolve_conflicts=ResolveConflicts.OVERWRITE)
        ),
    ],
)
def test_another_change_or_state_has_another_token(other: str):
    assert other != change_token(REF, ADDON.fingerprint, MODIFIED, WRITE)


def test_a_change_that_another_run_made_and_that_is_shown_late_is_not_made_again():
    stage = dated()
    assert stage.run() == Changed("u1")
    stage.api.late_document = 9999
    outcome = another_run(stage, 60.0)
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.cause is Cause.NOT_SHOWN
    assert len(stage.api.requests) == 1


def test_a_change_that_another_run_made_is_in_sync_once_it_is_shown():
    stage = dated()
    stage.run()
    stage.api.late_document = 3
    assert another_run(stage, 60.0) == InSync()
    assert len(stage.api.requests) == 1


def test_a_change_that_failed_for_another_run_is_sent_with_the_runs_own_token():
    stage = dated(status="Failed", keeps_on_failure=False)
    stage.run()
    stage.api.addons[REF] = replace(ADDON, modified_at=MODIFIED)
    stage.api.status = "Successful"
    assert another_run(stage, 60.0) == Changed("u2")
    assert len({request.token for _, request in stage.api.requests}) == 2


def test_a_change_that_another_run_started_a_moment_ago_is_followed():
    stage = dated()
    token = change_token(REF, ADDON.fingerprint, MODIFIED, WRITE)

    def theirs() -> None:
        stage.api.meanwhile.clear()
        stage.api.begin("theirs", REF, UpdateRequest(AFTER, ResolveConflicts.NONE, token), BEFORE)
        stage.api.addons[REF] = replace(ADDON, text=AFTER, modified_at=stage.clock.now())

    stage.api.meanwhile["update"] = theirs
    assert another_run(stage, 60.0) == Changed("theirs")
    assert stage.api.requests == []


def test_a_lost_reply_to_a_known_change_is_decided_by_the_history():
    stage = dated()
    stage.run()
    stage.api.late_document = 9999
    stage.trouble("update", Cause.TRANSPORT)
    outcome = another_run(stage, 60.0)
    assert isinstance(outcome, Unproven)
    assert len(stage.api.requests) == 1
