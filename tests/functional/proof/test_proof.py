"""Done means that this update succeeded: what the verbs say over an update that EKS refused."""

from pathlib import Path

import pytest

from eksaddon.sim.api.faults import Deny, Fault, Match, Reset
from tests.support.proof import (
    APPLY,
    CONFLICT,
    DRIFT,
    KEPT_AND_ACTIVE,
    KEPT_AND_FAILED,
    PLAN,
    SHOP,
    ask,
    stage,
    updates,
    word,
)

FAILURES = pytest.mark.parametrize("failure", [KEPT_AND_ACTIVE, KEPT_AND_FAILED])


@FAILURES
def test_the_same_apply_again_sends_a_document_again_that_eks_refused(tmp_path: Path, failure: str) -> None:
    with stage(tmp_path, failure, failure) as here:
        assert word(ask(here, *APPLY)[1]) == "failed"
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (1, "failed", 2)
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (0, "changed", 3)
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (0, "inSync", 3)


@FAILURES
def test_plan_and_drift_never_call_a_refused_document_in_sync(tmp_path: Path, failure: str) -> None:
    with stage(tmp_path, failure) as here:
        ask(here, *APPLY)
        code, document = ask(here, *DRIFT)
        assert (code, word(document)) == (1, "unhealthy")
        code, document = ask(here, *PLAN, "--detailed-exitcode")
        assert (code, word(document)) == (2, "update")


def test_drift_calls_an_addon_that_is_not_healthy_unhealthy(tmp_path: Path) -> None:
    with stage(tmp_path, "{result: degrades}") as here:
        ask(here, *APPLY)
        code, document = ask(here, *DRIFT)
        assert (code, word(document)) == (1, "unhealthy")
        code, document = ask(here, *PLAN)
        assert word(document) == "blocked"


@FAILURES
def test_retry_sends_rejected_updates_again(tmp_path: Path, failure: str) -> None:
    with stage(tmp_path, failure) as here:
        ask(here, *APPLY)
        code, document = ask(here, "retry", "RUN", "--failed", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 2)


def test_retry_fixes_an_addon_that_our_own_update_left_unhealthy(tmp_path: Path) -> None:
    with stage(tmp_path, CONFLICT % ("false", "UPDATE_FAILED")) as here:
        ask(here, *APPLY)
        code, document = ask(here, "retry", "RUN", "--failed", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 2)


def test_a_rollback_that_failed_is_not_rolled_back_when_it_is_asked_for_again(tmp_path: Path) -> None:
    with stage(tmp_path, "{result: succeeds}", KEPT_AND_ACTIVE, KEPT_AND_ACTIVE) as here:
        assert ask(here, *APPLY)[0] == 0
        code, document = ask(here, "rollback", "RUN", "--yes", "-q", "-o", "json")
        assert (code, word(document)) == (1, "failed")
        code, document = ask(here, "rollback", "RUN", "--yes", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (1, "failed", 3)
        code, document = ask(here, "rollback", "RUN", "--yes", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "rolledBack", 4)


def test_a_lost_reply_and_a_denied_history_do_not_turn_a_failure_into_a_change(tmp_path: Path) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        here.world.add_fault(Fault(Reset(after=True), Match(operation="UpdateAddon"), times=20))
        here.world.add_fault(Fault(Deny(), Match(operation="ListUpdates")))
        code, document = ask(here, *APPLY)
        assert word(document) in {"failed", "unproven"}
        assert code == 1


def test_an_update_that_cannot_be_followed_is_unproven_and_resume_checks_again(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        here.world.add_fault(Fault(Deny(), Match(operation="DescribeUpdate")))
        code, document = ask(here, *APPLY)
        assert (code, word(document)) == (1, "unproven")
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document)) == (1, "unproven")
        here.world.clear_faults()
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 1)


def test_a_fresh_apply_finds_out_about_an_unproven_update_by_itself(tmp_path: Path) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        here.world.add_fault(Fault(Deny(), Match(operation="DescribeUpdate")))
        assert word(ask(here, *APPLY)[1]) == "unproven"
        here.world.clear_faults()
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (0, "changed", 2)


def test_an_old_document_after_success_is_read_again(tmp_path: Path) -> None:
    with stage(tmp_path, pace="documentLag: 50") as here:
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (0, "changed", 1)


def test_healthy_clusters_cost_no_further_call(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        ask(here, *APPLY)
        ask(here, *PLAN)
        ask(here, *DRIFT)
        ask(here, *APPLY)
        assert here.world.calls.counts.get("ListUpdates", 0) == 0
        assert updates(here) == 1


def test_the_bounds_are_options_and_fleet_keys(tmp_path: Path) -> None:
    with stage(tmp_path, "{result: stuck}") as here:
        begun = here.clock.now()
        code, document = ask(here, *APPLY, "--update-timeout", "3m")
        assert (code, word(document)) == (1, "unproven")
        assert 180 <= here.clock.now() - begun < 600
    rollout = "rollout: {waves: [{name: all, select: {cluster: shop}}], timeLimits: {update: 3m}}\n"
    with stage(tmp_path, "{result: stuck}", rollout=rollout) as here:
        begun = here.clock.now()
        code, document = ask(here, "apply", "--all", "--yes", "-q", "-o", "json")
        assert (code, word(document)) == (4, "unproven")
        assert 180 <= here.clock.now() - begun < 600


def test_a_bound_that_is_not_a_duration_is_a_usage_error(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        code, text = here.type(*APPLY, "--update-timeout", "3")
        assert code == 64
        assert "--update-timeout 3" in text


HABITS = {
    "a fresh id is not found yet": "freshIdReads: 3",
    "the old document is shown for a while": "oldDocumentReads: 4",
    "tokens are ignored": "tokens: ignored",
    "the newest update comes first": "updates: newest-first",
    "the oldest update comes first": "updates: oldest-first",
}


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
@pytest.mark.parametrize("is_lost", [False, True], ids=["reply", "reply lost"])
def test_whatever_eks_does_not_promise_one_update_is_written(
    tmp_path: Path, habit: str, is_lost: bool
) -> None:
    with stage(tmp_path, eks=habit) as here:
        if is_lost:
            here.world.add_fault(Fault(Reset(after=True), Match(operation="UpdateAddon"), times=9))
        code, document = ask(here, *APPLY)
        addon = here.world.addon(SHOP)
        assert addon is not None
        assert (code, word(document), len(addon.updates)) == (0, "changed", 1)


@pytest.mark.parametrize(
    "order",
    [
        "arbitrary",
        *(pytest.param(order, marks=pytest.mark.slow) for order in ("newest-first", "oldest-first")),
    ],
)
def test_the_newest_update_is_found_in_any_order_of_a_long_history(tmp_path: Path, order: str) -> None:
    failures = [KEPT_AND_FAILED] * 14
    with stage(tmp_path, *failures, eks=f"updates: {order}") as here:
        for _ in failures:
            assert word(ask(here, *APPLY)[1]) == "failed"
        assert word(ask(here, *DRIFT)[1]) == "unhealthy"
        assert ask(here, *APPLY)[0] == 0
        assert word(ask(here, *DRIFT)[1]) == "inSync"


@pytest.mark.parametrize(
    "words", ["updateWord: Paused", "addonWord: ROTATING", "updateWord: Paused, addonWord: ROTATING"]
)
def test_words_of_tomorrow_are_followed_to_their_end(tmp_path: Path, words: str) -> None:
    with stage(tmp_path, f"{{result: succeeds, {words}}}") as here:
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (0, "changed", 1)


def test_a_word_of_tomorrow_that_stays_is_unproven_and_named(tmp_path: Path) -> None:
    with stage(tmp_path, "{result: succeeds, seconds: 90000, updateWord: Paused}") as here:
        code, document = ask(here, *APPLY)
        assert (code, word(document)) == (1, "unproven")
        assert "Paused" in document["clusters"][0]["reason"]


def test_a_document_that_stays_old_accuses_no_user(tmp_path: Path) -> None:
    with stage(tmp_path, eks="oldDocumentReads: 9999") as here:
        code, document = ask(here, *APPLY)
        (cluster,) = document["clusters"]
        assert (code, cluster["outcome"], cluster["cause"]) == (1, "unproven", "not-shown-yet")
        assert "still shows the document from before" in cluster["reason"]


@pytest.mark.parametrize("offset", [-180, 180])
@FAILURES
def test_a_clock_of_eks_that_is_wrong_turns_no_failure_into_a_change(
    tmp_path: Path, failure: str, offset: int
) -> None:
    with stage(tmp_path, failure, top=f"clockOffset: {offset}") as here:
        here.world.add_fault(Fault(Reset(after=True), Match(operation="UpdateAddon"), times=20))
        code, document = ask(here, *APPLY)
        addon = here.world.addon(SHOP)
        assert addon is not None
        assert (code, word(document), len(addon.updates)) == (1, "failed", 1)
