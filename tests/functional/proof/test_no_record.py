"""Changes that were made already, for a process that has no record of them: EKS knows the request."""

import os
from pathlib import Path
from shutil import rmtree

import pytest

from eksaddon.sim.api.faults import Deny, Fault, Match
from tests.support.proof import APPLY, KEPT_AND_ACTIVE, SHOP, ask, kill, stage, updates, word
from tests.support.walkthrough import Shell

REVERTED = "{result: fails, code: ConfigurationConflict, keeps: false, status: ACTIVE}"


def forget() -> None:
    """An empty state store, as a fresh CI runner has."""
    rmtree(os.environ["XDG_STATE_HOME"])


def started(here: Shell) -> list[str]:
    addon = here.world.addon(SHOP)
    assert addon is not None
    return [update.status for update in addon.updates]


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("is_denied", [False, True])
def test_a_change_that_is_shown_late_is_not_made_again_by_a_process_without_a_record_of_it(
    tmp_path: Path, is_killed: bool, is_denied: bool
) -> None:
    with stage(tmp_path, eks="oldDocumentReads: 9999") as here:
        if is_killed:
            kill(here, *APPLY, is_after=True)
        else:
            assert word(ask(here, *APPLY)[1]) == "unproven"
        forget()
        if is_denied:
            here.world.add_fault(Fault(Deny(), Match(operation="ListUpdates")))
        code, document = ask(here, *APPLY)
        assert (code, word(document), started(here)) == (1, "unproven", ["Successful"])
        (cluster,) = document["clusters"]
        expected = (
            "an earlier write may have succeeded" if is_denied else "still shows the document from before"
        )
        assert expected in cluster["reason"]


def test_a_change_that_is_shown_late_is_found_in_sync_once_it_is_shown(tmp_path: Path) -> None:
    with stage(tmp_path, eks="oldDocumentReads: 6") as here:
        kill(here, *APPLY, is_after=True)
        forget()
        code, document = ask(here, *APPLY)
        assert (code, word(document), started(here)) == (0, "inSync", ["Successful"])


def test_two_processes_without_a_common_record_make_one_update(tmp_path: Path) -> None:
    with stage(tmp_path, pace="statusLag: 600, documentLag: 600") as here:
        kill(here, *APPLY, is_after=True)
        here.clock.advance(-600)
        forget()
        code, document = ask(here, *APPLY)
        assert (code, word(document), started(here)) == (0, "changed", ["Successful"])


@pytest.mark.parametrize("failure", [KEPT_AND_ACTIVE, REVERTED])
def test_a_change_that_failed_for_a_process_without_a_record_of_it_is_sent_again(
    tmp_path: Path, failure: str
) -> None:
    with stage(tmp_path, failure) as here:
        assert here.type("plan", "--cluster", "shop", "--out", "plan.json")[0] == 0
        assert word(ask(here, *APPLY)[1]) == "failed"
        forget()
        code, document = ask(here, "apply", "plan.json", "--yes", "-q", "-o", "json")
        if failure == REVERTED:
            assert (code, word(document), started(here)) == (0, "changed", ["Failed", "Successful"])
        else:
            assert (code, word(document), started(here)) == (5, "stale", ["Failed"])


def test_the_same_change_is_made_again_after_a_user_restored_the_document(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        for count in (1, 2, 3):
            code, document = ask(here, *APPLY)
            assert (code, word(document), updates(here)) == (0, "changed", count)
            here.clock.advance(600)
            here.world.write(SHOP, '{"replicaCount":2}')
            here.clock.advance(600)
            forget()


def test_a_failure_that_is_found_behind_a_late_document_is_sent_again_and_never_in_sync(
    tmp_path: Path,
) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE, eks="oldDocumentReads: 3") as here:
        kill(here, *APPLY, is_after=True)
        forget()
        code, document = ask(here, *APPLY)
        assert (code, word(document), started(here)) == (0, "changed", ["Failed", "Successful"])
