"""One target's way through guard, write, follow and proof, on virtual time."""

import random
from dataclasses import replace

import pytest

from eksaddon.apply.calls import Calls
from eksaddon.apply.guard import Permit
from eksaddon.apply.intent import Held, Send, intent_of
from eksaddon.apply.retry import Backoff
from eksaddon.apply.update import TargetUpdate
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.observed import HealthIssue, Managed
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.run.target_progress import TargetProgress
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

        async def clear() -> Permit:
            return Permit()

        return TargetUpdate(
            intent=intent_of("run-1", TargetProgress(self.plan)),
            tell=tell,
            clear=clear,
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
        announced = update.intent.announced(self.clock.now(), Send(BEFORE, self.clock.now()))
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
    assert stage.run() == Held("the add-on is UPDATING: another update is running")
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
    announced = stage.update().intent.announced(stage.clock.now(), Send(BEFORE, stage.clock.now()))
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, announced.token))
    assert stage.resume() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_resuming_follows_an_update_whose_id_is_known():
    stage = Stage()
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, "token"))
    assert stage.resume("u1") == Changed("u1")


def test_resuming_where_the_document_is_there_and_nobody_knows_how_is_unproven():
    stage = Stage()
    stage.trouble("updates", *[Cause.DENIED] * 99)
    stage.api.addons[REF] = replace(ADDON, text=AFTER)
    assert stage.resume() == Unproven(Trouble(Cause.DENIED, "scripted"))
    assert stage.api.requests == []


def test_resuming_where_somebody_else_wrote_meanwhile_is_stale():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, text='{"replicaCount":9}')
    assert isinstance(stage.resume(), Stale)
    assert stage.api.requests == []


def test_resuming_where_nothing_can_be_read_is_unproven():
    stage = Stage()
    stage.trouble("read", *[Cause.DENIED] * 99)
    assert stage.resume() == Unproven(Trouble(Cause.DENIED, "scripted"))


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


def test_a_late_document_of_somebody_else_is_stale():
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


def test_a_retry_may_fix_an_addon_that_our_own_update_left_unhealthy():
    stage = Stage(seconds=0.0)
    stage.api.addons[REF] = replace(ADDON, status="UPDATE_FAILED")
    intent = intent_of("run-1", TargetProgress(stage.plan, attempt=1, updates=("u0",)))
    run_virtually(replace(stage.update(), intent=intent).run(), stage.clock)
    assert len(stage.api.requests) == 1


def test_the_planned_document_of_somebody_elses_failed_update_is_stale():
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


def test_a_role_that_somebody_set_since_is_stale():
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
def test_an_old_document_right_after_success_is_looked_at_again(reads):
    stage = Stage(seconds=0.0)
    stage.api.late_document = reads
    assert stage.run() == Changed("u1")


def test_an_old_document_that_stays_is_unproven_and_nobody_is_accused():
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


def test_resuming_goes_through_the_guard():
    stage = Stage()
    stage.api.addons[REF] = replace(ADDON, version="v1.12.1-eksbuild.2")
    assert isinstance(stage.resume(), Stale)
    assert stage.api.requests == []


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


def test_a_target_that_moved_while_busy_is_left_alone():
    stage = Stage()
    stage.trouble("update", Cause.BUSY)
    stage.api.meanwhile["updates"] = lambda: stage.api.addons.update({REF: replace(ADDON, text="{}")})
    assert isinstance(stage.run(), Stale)
    assert stage.api.requests == []


def test_passing_trouble_while_following_is_no_failure():
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


def test_a_passing_degraded_is_no_failure():
    assert Stage(settles_after=120.0).run() == Changed("u1")


def test_a_lasting_degraded_is_a_failure_with_its_issue():
    outcome = Stage(settles_after=1e9).run()
    assert isinstance(outcome, Failed)
    assert outcome.trouble.cause is Cause.UNHEALTHY
    assert "pods are rolling" in outcome.trouble.message


def test_a_target_that_cannot_be_read_is_unreachable_and_not_written():
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
    assert "was removed after its update" in outcome.trouble.message


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
    assert isinstance(outcome, Unproven)
    assert outcome.trouble.cause is Cause.SERVER


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
