"""Each guard of a run's result taken out, one at a time: what it prevents happens then.

Without these tests, a guard that never acts would look like one that is never needed.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon.app import exit_table
from eksaddon.app.runs.exit_codes import of_run
from eksaddon.app.session import AccessBook
from eksaddon.app.wiring import open_simulation
from eksaddon.apply import intent
from eksaddon.apply.follow import Follower
from eksaddon.apply.intent import Intent
from eksaddon.apply.update import TargetUpdate
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.proof import Proven, Replaced
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.run import classify, counts
from eksaddon.domain.run.outcome import Outcome, Skipped, Unproven
from eksaddon.domain.target import Account
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import UpdateRequest
from eksaddon.sim.api.faults import Deny, Expire, Fault, Match, Refuse, Reset
from tests.functional.test_run_ends import APPLY as APPLY_ALL
from tests.functional.test_run_ends import stage as stage_many
from tests.functional.workload.test_two_planes import planned
from tests.functional.workload.test_two_planes import stage as stage_of_planes
from tests.functional.workload.test_unreadable_plane import ALLOWED, GRACE
from tests.support.proof import (
    APPLY,
    CONFLICT,
    DRIFT,
    KEPT_AND_ACTIVE,
    KEPT_AND_FAILED,
    SHOP,
    ask,
    kill,
    stage,
    updates,
    word,
)

pytestmark = pytest.mark.slow

GUARDED = pytest.mark.parametrize("is_guarded", [True, False])
RETRY = ("retry", "RUN", "--failed", "-q", "-o", "json")
RESUME = ("resume", "RUN", "-q", "-o", "json")
ROLLBACK = ("rollback", "RUN", "--yes", "-q", "-o", "json")
Patch = pytest.MonkeyPatch


def trusting_documents(patch: Patch) -> None:
    """A stored document counts as a successful update."""
    for module in "plan.standing", "apply.intent", "apply.update":
        patch.setattr(f"eksaddon.{module}.verdict", lambda *_: Proven())


@GUARDED
@pytest.mark.parametrize("failure", [KEPT_AND_ACTIVE, KEPT_AND_FAILED], ids=["ACTIVE", "UPDATE_FAILED"])
def test_1_a_second_apply_over_a_failed_update(
    monkeypatch: Patch, tmp_path: Path, failure: str, *, is_guarded: bool
) -> None:
    with stage(tmp_path, failure, failure) as here:
        ask(here, *APPLY)
        if not is_guarded:
            trusting_documents(monkeypatch)
        code, document = ask(here, *APPLY)
        found = (code, word(document), updates(here))
        assert found == ((1, "failed", 2) if is_guarded else (0, "inSync", 1))


@GUARDED
def test_1_a_retry_of_a_failed_update(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        ask(here, *APPLY)
        if not is_guarded:
            trusting_documents(monkeypatch)
        code, document = ask(here, *RETRY)
        assert (code, word(document), updates(here)) == (0, "changed", 2 if is_guarded else 1)


@GUARDED
@pytest.mark.parametrize("failure", [KEPT_AND_ACTIVE, KEPT_AND_FAILED], ids=["ACTIVE", "UPDATE_FAILED"])
def test_1_drift_over_a_failed_update(
    monkeypatch: Patch, tmp_path: Path, failure: str, *, is_guarded: bool
) -> None:
    with stage(tmp_path, failure) as here:
        ask(here, *APPLY)
        if not is_guarded:
            trusting_documents(monkeypatch)
        code, document = ask(here, *DRIFT)
        assert (code, word(document)) == ((1, "unhealthy") if is_guarded else (0, "inSync"))


@GUARDED
def test_1_a_failed_rollback_asked_again(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    with stage(tmp_path, "{result: succeeds}", KEPT_AND_ACTIVE, KEPT_AND_ACTIVE) as here:
        ask(here, *APPLY)
        assert word(ask(here, *ROLLBACK)[1]) == "failed"
        if not is_guarded:
            trusting_documents(monkeypatch)
        code, document = ask(here, *ROLLBACK)
        assert (code, word(document)) == ((1, "failed") if is_guarded else (0, "rolledBack"))


@GUARDED
def test_2_the_failed_update_of_the_first_attempt(
    monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool
) -> None:
    """A killed retry announces a write; the update that EKS has is the one of the attempt before."""
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        ask(here, *APPLY)
        kill(here, "retry", "RUN", "--failed", is_after=False)
        if not is_guarded:
            history = Follower.history
            monkeypatch.setattr(Follower, "history", lambda self, _: history(self, frozenset()))
            monkeypatch.setattr("eksaddon.apply.update.DATE_PRECISION", 1e6)
        code, document = ask(here, *RESUME)
        assert (code, word(document), updates(here)) == (
            (0, "changed", 2) if is_guarded else (1, "failed", 1)
        )


@GUARDED
def test_2_a_clock_of_eks_that_is_behind(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE, top="clockOffset: -180") as here:
        here.world.add_fault(Fault(Reset(after=True), Match(operation="UpdateAddon"), times=20))
        if not is_guarded:
            announced = Intent.announced
            monkeypatch.setattr(
                Intent, "announced", lambda self, now, send: replace(announced(self, now, send), eks_time=now)
            )
            trusting_documents(monkeypatch)
        code, document = ask(here, *APPLY)
        assert (code, word(document)) == ((1, "failed") if is_guarded else (0, "inSync"))


@GUARDED
def test_2_a_lost_reply_without_a_history(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        here.world.add_fault(Fault(Reset(after=True), Match(operation="UpdateAddon"), times=20))
        here.world.add_fault(Fault(Deny(), Match(operation="ListUpdates")))
        if not is_guarded:
            trusting_documents(monkeypatch)
            monkeypatch.setattr(TargetUpdate, "_own_update", no_update)
        code, document = ask(here, *APPLY)
        assert (code, word(document)) == ((1, "failed") if is_guarded else (0, "inSync"))


async def no_update(*_: object) -> None:
    """EKS's history has none of ours."""


@GUARDED
def test_3_clusters_that_are_written_and_not_proven(
    monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool
) -> None:
    if not is_guarded:
        is_failure = classify.is_failure

        def failed_alone(outcome: Outcome | None, *rest: Any, **more: Any) -> bool:
            return is_failure(outcome, *rest, **more) and not isinstance(outcome, Unproven)

        monkeypatch.setattr(counts, "is_failure", failed_alone)
    with stage_many(tmp_path, count=11) as here:
        here.world.add_fault(Fault(Deny(), Match(operation="DescribeUpdate")))
        _, document = ask(here, *APPLY_ALL, "--max-concurrency", "2")
        assert document["summary"]["unproven"] == updates(here) == (2 if is_guarded else 12)


MOVED: dict[str, dict[str, Any]] = {
    "version": {"version": "v1.11.4-eksbuild.28"},
    "role": {"role_arn": "arn:aws:iam::111122223333:role/dns"},
    "document": {"text": '{"replicaCount":7}'},
}


@GUARDED
@pytest.mark.parametrize("move", MOVED)
def test_4_a_resume_of_a_target_that_moved(
    monkeypatch: Patch, tmp_path: Path, move: str, *, is_guarded: bool
) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        here.world.change(SHOP, lambda addon: replace(addon, stored=replace(addon.stored, **MOVED[move])))
        if not is_guarded:
            monkeypatch.setattr(Intent, "_changed_by_others", lambda *_: None)
        code, document = ask(here, *RESUME)
        assert (code, word(document), updates(here)) == ((5, "stale", 0) if is_guarded else (0, "changed", 1))


@GUARDED
def test_5_a_rollback_over_a_role_that_a_user_set_since(
    monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool
) -> None:
    role = "arn:aws:iam::111122223333:role/dns"
    with stage(tmp_path) as here:
        ask(here, *APPLY)
        here.world.change(SHOP, lambda addon: replace(addon, stored=replace(addon.stored, role_arn=role)))
        if not is_guarded:
            monkeypatch.setattr(Intent, "_changed_by_others", lambda *_: None)
        code, document = ask(here, *ROLLBACK)
        addon = here.world.addon(SHOP)
        assert addon is not None
        assert (code, word(document)) == ((5, "stale") if is_guarded else (0, "rolledBack"))
        assert (addon.stored.role_arn == role) is is_guarded


@GUARDED
def test_6_a_run_that_its_own_brakes_ended(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    if not is_guarded:
        rows = tuple(row for row in exit_table.ROWS if row.name != "rolled-back-itself")
        monkeypatch.setattr(exit_table, "ROWS", rows)
    with stage_many(tmp_path, count=2, reaction="rollback-wave") as here:
        code, document = ask(here, *APPLY_ALL)
        assert (code, document["state"]) == (1 if is_guarded else 0, "rolled_back")


@GUARDED
def test_6_an_update_in_flight(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.result.Updating", lambda *_a, **_k: Skipped("not started"))
    with stage(tmp_path) as here:
        here.world.add_fault(Fault(Expire(), Match(operation="DescribeUpdate")))
        assert word(ask(here, *APPLY)[1]) == ("updating" if is_guarded else "skipped")


@GUARDED
def test_7_a_document_that_is_shown_late(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr(
            "eksaddon.domain.proof._other_document_verdict",
            lambda *_: Replaced(Trouble(Cause.NOT_AS_PLANNED, "another document is stored now")),
        )
    with stage(tmp_path, eks="oldDocumentReads: 4") as here:
        code, document = ask(here, *APPLY)
        assert (code, word(document)) == ((0, "changed") if is_guarded else (1, "failed"))


NOT_FINAL = {
    "UpdateAddon": Refuse(409, "ResourceInUseException", "an update of the cluster runs"),
    "DescribeUpdate": Refuse(404, "ResourceNotFoundException", "No update found"),
}


@GUARDED
@pytest.mark.parametrize("operation", NOT_FINAL)
def test_7_an_answer_that_is_not_final(
    monkeypatch: Patch, tmp_path: Path, operation: str, *, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr(TimeLimits, "overridden", lambda *_: TimeLimits(busy=0, consistency=0))
    with stage(tmp_path) as here:
        here.world.add_fault(Fault(NOT_FINAL[operation], Match(operation=operation), times=3))
        code, _ = ask(here, *APPLY)
        assert (code == 0) is is_guarded


@GUARDED
def test_8_a_retry_of_an_add_on_that_our_update_left_unhealthy(
    monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool
) -> None:
    with stage(tmp_path, CONFLICT % ("false", "UPDATE_FAILED")) as here:
        ask(here, *APPLY)
        if not is_guarded:
            made = intent.intent_of
            monkeypatch.setattr(
                "eksaddon.apply.engine.intent_of", lambda *a, **k: replace(made(*a, **k), own=frozenset())
            )
        begun = here.clock.now()
        code, document = ask(here, *RETRY)
        waited = here.clock.now() - begun
        assert (code, word(document), waited < 60) == (
            (0, "changed", True) if is_guarded else (1, "failed", False)
        )


@GUARDED
def test_14_another_document_in_flight(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    with stage(tmp_path, "{result: stuck}") as here:
        assert here.type("plan", "--cluster", "shop", "--out", "plan.json")[0] == 0
        theirs = UpdateRequest('{"replicaCount":9}', ResolveConflicts.NONE, "theirs")
        book = AccessBook()
        book.learn(Account("111122223333", "shop"))
        session = open_simulation(book, here.world, here.clock, "111122223333")
        assert isinstance(session.addons.update(SHOP, theirs), UpdateRecord)
        if not is_guarded:
            monkeypatch.setattr(Intent, "_changed_by_others", lambda *_: None)
        begun = here.clock.now()
        code, document = ask(here, "apply", "plan.json", "--yes", "-q", "-o", "json")
        waited = here.clock.now() - begun
        assert (code, word(document), waited < 60) == (
            (5, "stale", True) if is_guarded else (1, "failed", False)
        )


@GUARDED
def test_13_a_grace_that_is_not_applied(monkeypatch: Patch, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.app.runs.exit_codes.is_unverified", lambda _: False)
    simulation = stage_of_planes(workload="api: no-entry")
    result = simulation.apply(planned(simulation, GRACE % (", replicaCount: 3", ALLOWED)))
    assert of_run(result) is (ExitCode.PARTIAL if is_guarded else ExitCode.DONE)
