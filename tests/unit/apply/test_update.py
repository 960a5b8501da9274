"""One target's way through guard, write, follow and proof, on virtual time."""

import random
from dataclasses import replace

import pytest

from eksaddon.apply.calls import Calls
from eksaddon.apply.intent import intent_of
from eksaddon.apply.retry import Backoff
from eksaddon.apply.update import Held, TargetUpdate
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.observed import HealthIssue, Managed
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan
from eksaddon.domain.run.outcome import Changed, Failed, InSync, Outcome, RolledBack, Stale, UnreachableTarget
from eksaddon.domain.run.progress import TargetProgress
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.ports import UpdateRequest
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually
from tests.support.aws.addon_api import FakeAddonApi

REF = ClusterRef("111122223333", "eu-west-1", "shop")
BEFORE, AFTER = '{"replicaCount":2}', '{"replicaCount":3}'
ADDON = Managed(REF, "v1.11.4-eksbuild.28", "ACTIVE", BEFORE)


class Stage:
    """A clock, a fake add-on and the plan to raise its replicas."""

    def __init__(self, **fake: object) -> None:
        self.clock = VirtualClock()
        self.api = FakeAddonApi(self.clock.now, {REF: ADDON}, **fake)  # type: ignore[arg-type]  # by name
        self.plan = ClusterPlan(
            Target(REF),
            Action.UPDATE,
            "",
            version=ADDON.version,
            fingerprint=ADDON.fingerprint,
            write=AddonWrite(BEFORE, AFTER, ResolveConflicts.NONE),
        )
        self.notes: list[str] = []
        self.told: list[Writing | Accepted] = []

    def update(self) -> TargetUpdate:
        async def tell(record: Writing | Accepted) -> None:
            self.told.append(record)

        return TargetUpdate(
            intent=intent_of("run-1", TargetProgress(self.plan)),
            tell=tell,
            calls=Calls(self.api, InlineExecutor(), REF),
            clock=self.clock,
            same=lambda one, other: one == other,
            note=lambda step, _: self.notes.append(step),
            dice=random.Random(7),
            backoff=Backoff(),
        )

    def run(self) -> Outcome | Held:
        return run_virtually(self.update().run(), self.clock)

    def resume(self, update_id: str = "") -> Outcome | Held:
        """As after a crash behind the announcement of the write."""
        update = self.update()
        announced = update.intent.announced(self.clock.now(), BEFORE)
        return run_virtually(update.resume(announced, update_id), self.clock)

    def trouble(self, operation: str, *causes: Cause) -> None:
        self.api.troubles[operation] = [Trouble(cause, "scripted") for cause in causes]


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


def test_a_target_that_somebody_brought_there_already_is_in_sync():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, text=AFTER)
    assert stage.run() == InSync()
    assert stage.api.requests == []


def test_a_target_that_somebody_updates_has_to_wait_and_nothing_is_announced():
    stage = Stage()
    stage.api.begin("theirs", REF, _request(BEFORE), BEFORE)
    assert stage.run() == Held("the add-on is UPDATING: somebody's update is running")
    assert (stage.told, stage.api.requests) == ([], [])


def test_a_target_that_fell_ill_since_the_plan_has_to_wait():
    stage = Stage()
    issue = HealthIssue("InsufficientNumberOfReplicas", "none")
    stage.api.addons[REF] = replace(ADDON, status="DEGRADED", issues=(issue,))
    outcome = stage.run()
    assert isinstance(outcome, Held)
    assert "InsufficientNumberOfReplicas" in outcome.reason


def test_a_target_that_was_ill_when_the_plan_was_made_may_be_mended():
    stage = Stage()
    known = Diagnostic(Severity.WARNING, "addon-unhealthy", "the add-on is DEGRADED")
    stage.plan = replace(stage.plan, diagnostics=(known,))
    stage.api.addons[REF] = replace(ADDON, status="DEGRADED")
    stage.run()
    assert len(stage.api.requests) == 1


def test_resuming_behind_the_announcement_sends_what_was_never_sent():
    stage = Stage()
    assert stage.resume() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_resuming_finds_the_update_that_was_accepted_and_not_recorded():
    stage = Stage()
    announced = stage.update().intent.announced(stage.clock.now(), BEFORE)
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, announced.token))
    assert stage.resume() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_resuming_follows_an_update_whose_id_is_known():
    stage = Stage()
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, "token"))
    assert stage.resume("u1") == Changed("u1")


def test_resuming_where_the_document_is_there_and_nobody_knows_how_is_a_change():
    stage = Stage()
    stage.trouble("updates", Cause.DENIED)
    stage.api.addons[REF] = replace(ADDON, text=AFTER)
    assert stage.resume() == Changed("")


def test_resuming_where_somebody_else_wrote_meanwhile_is_stale():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, text='{"replicaCount":9}')
    assert isinstance(stage.resume(), Stale)
    assert stage.api.requests == []


def test_resuming_where_nothing_can_be_read_is_unreachable():
    stage = Stage()
    stage.trouble("read", Cause.DENIED)
    assert stage.resume() == UnreachableTarget(Trouble(Cause.DENIED, "scripted"))


def restoring(stage: Stage, stored: str) -> Outcome | Held:
    """Take back what a run did; `stored` is what is there now."""
    stage.api.addons[REF] = replace(ADDON, text=stored)
    changed = Writing(0.0, REF, "token", BEFORE)
    target = TargetProgress(stage.plan, changed=changed, restores=True, attempt=1)
    update = replace(stage.update(), intent=intent_of("run-1", target))
    return run_virtually(update.run(), stage.clock)


def test_what_this_run_wrote_is_taken_back():
    stage = Stage()
    assert restoring(stage, AFTER) == RolledBack("u1")
    assert [request.text for _, request in stage.api.requests] == [BEFORE]


def test_what_somebody_wrote_after_this_run_is_left_alone():
    stage = Stage()
    assert isinstance(restoring(stage, '{"replicaCount":9}'), Stale)
    assert stage.api.requests == []


def test_what_is_back_already_needs_no_write():
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


@pytest.mark.parametrize("cause", [Cause.TRANSPORT, Cause.SERVER, Cause.TRUNCATED, Cause.THROTTLED])
def test_a_lost_answer_is_no_second_update(cause):
    stage = Stage()
    stage.api.lost.append(Trouble(cause, "connection reset"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_a_lost_answer_of_an_update_that_ended_at_once_is_found_again():
    stage = Stage(seconds=0.0)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_a_stored_document_counts_where_its_update_cannot_be_found():
    stage = Stage(seconds=0.0)
    stage.api.lost.append(Trouble(Cause.TRANSPORT, "connection reset"))
    stage.trouble("updates", Cause.DENIED)
    assert stage.run() == Changed("")


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


def test_a_request_that_is_lost_twice_fails_with_its_cause():
    stage = Stage()
    stage.trouble("update", Cause.SERVER, Cause.SERVER)
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


def test_a_target_that_moved_while_busy_is_left_alone():
    stage = Stage()
    stage.trouble("update", Cause.BUSY)
    stage.api.meanwhile["updates"] = lambda: stage.api.addons.update({REF: replace(ADDON, text="{}")})
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.BUSY
    assert stage.api.requests == []


def test_passing_trouble_while_following_is_no_failure():
    stage = Stage()
    stage.trouble("describe_update", Cause.THROTTLED, Cause.SERVER, Cause.CREDENTIALS_EXPIRED)
    assert stage.run() == Changed("u1")


def test_an_update_that_may_not_be_followed_is_unreached_with_its_id():
    stage = Stage()
    stage.trouble("describe_update", Cause.DENIED)
    assert stage.run() == UnreachableTarget(Trouble(Cause.DENIED, "scripted"), "u1")


def test_an_update_past_its_deadline_is_still_running_never_failed():
    outcome = Stage(seconds=1e9).run()
    assert isinstance(outcome, UnreachableTarget)
    assert outcome.trouble.cause is Cause.STILL_RUNNING
    assert outcome.update_id == "u1"


@pytest.mark.parametrize(
    ("kept", "said"),
    [(True, "the new document is stored all the same"), (False, "the document from before is stored")],
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


def test_a_passing_degraded_is_no_failure():
    assert Stage(settles_after=120.0).run() == Changed("u1")


def test_a_lasting_degraded_is_a_failure_with_its_issue():
    outcome = Stage(settles_after=1e9).run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.UNHEALTHY
    assert "pods are rolling" in outcome.trouble.message


def test_a_target_that_cannot_be_read_is_unreached_and_not_written():
    stage = Stage()
    stage.trouble("read", Cause.DENIED)
    assert stage.run() == UnreachableTarget(Trouble(Cause.DENIED, "scripted"))
    assert stage.api.requests == []


def test_passing_trouble_while_reading_is_waited_out():
    stage = Stage()
    stage.trouble("read", Cause.THROTTLED, Cause.TRANSPORT)
    assert stage.run() == Changed("u1")


def _request(text: str) -> UpdateRequest:
    return UpdateRequest(text, ResolveConflicts.NONE, "theirs")


def test_an_addon_that_is_gone_before_the_write_is_stale():
    stage = Stage()
    stage.api.gone = True
    assert isinstance(stage.run(), Stale)


def test_an_addon_that_disappears_after_its_update_is_a_failure():
    stage = Stage()
    stage.api.meanwhile["describe_update"] = lambda: setattr(stage.api, "gone", True)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert "disappeared" in outcome.trouble.message


def test_a_document_that_somebody_replaced_is_not_called_done():
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
    assert "neither the old nor the new document is stored" in outcome.trouble.message


def test_a_failed_update_whose_remains_cannot_be_read_says_so():
    stage = Stage(seconds=0.0, status="Failed")
    stage.api.meanwhile["describe_update"] = lambda: stage.trouble("read", Cause.DENIED)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert "could not be read" in outcome.trouble.message


def test_a_proof_that_cannot_be_read_is_unreached_with_its_update():
    stage = Stage(seconds=0.0)
    stage.api.meanwhile["describe_update"] = lambda: stage.trouble("read", Cause.DENIED)
    assert stage.run() == UnreachableTarget(Trouble(Cause.DENIED, "scripted"), "u1")


def test_a_read_that_never_works_again_is_given_up():
    stage = Stage()
    stage.trouble("read", *[Cause.THROTTLED] * 500)
    outcome = stage.run()
    assert isinstance(outcome, UnreachableTarget)
    assert outcome.trouble.cause is Cause.THROTTLED


def test_an_update_that_nobody_can_look_at_until_the_deadline_is_unreachable():
    stage = Stage()
    stage.trouble("describe_update", *[Cause.SERVER] * 5000)
    outcome = stage.run()
    assert isinstance(outcome, UnreachableTarget)
    assert outcome.trouble.cause is Cause.SERVER


def test_an_update_found_in_the_way_that_is_ones_own_is_followed():
    stage = Stage()
    stage.api.lost.append(Trouble(Cause.BUSY, "409"))
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_an_answer_lost_twice_is_not_sent_a_third_time():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT, Cause.BUSY)
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert stage.api.calls.count("update") == 2


def test_a_lost_answer_on_a_target_that_moved_is_not_repeated():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT)
    stage.api.meanwhile["updates"] = lambda: stage.api.addons.update({REF: replace(ADDON, text="{}")})
    outcome = stage.run()
    assert isinstance(outcome, Failed)
    assert stage.api.requests == []


def test_a_target_that_is_lost_after_an_uncertain_write_is_unreachable():
    stage = Stage()
    stage.trouble("update", Cause.TRANSPORT)
    stage.api.meanwhile["updates"] = lambda: stage.trouble("read", Cause.DENIED, Cause.DENIED)
    assert stage.run() == UnreachableTarget(Trouble(Cause.DENIED, "scripted"))
