"""A run that was killed before its first record: it changed nothing, and there is nothing to resume."""

import json
from pathlib import Path
from unittest import mock

import pytest

from eksaddon.app.runs.locks import why_not_started
from eksaddon.ports import Holder
from eksaddon.store.local import LocalStore
from eksaddon.store.memory import MemoryStore
from tests.support.proof import APPLY, ask, stage, updates
from tests.support.walkthrough import run_on_record

RUN = "20260102-030405-1f2e3d"
JOURNALS = pytest.mark.parametrize("left", [b"", b'0a1b2c3d {"at":17'], ids=["empty", "cut-off"])


def leave(journal: Path, content: bytes) -> None:
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_bytes(content)


@JOURNALS
def test_it_is_listed_as_not_started(tmp_path: Path, left: bytes) -> None:
    with stage(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        finished = run_on_record()
        leave(finished.parent / f"{RUN}.jsonl", left)
        code, text = here.type("history")
        assert (code, "unreadable" in text) == (0, False), text
        assert "not started" in text
        assert "nothing was changed, nothing to resume" in text
        entries = json.loads(here.type("history", "-o", "json")[1])["entries"]
        assert {one["runId"]: one["state"] for one in entries} == {
            RUN: "not_started",
            finished.stem: "succeeded",
        }
        with mock.patch("eksaddon.app.runs.history.is_left", return_value=False):
            assert "its lock has not expired" in here.type("history")[1]


@JOURNALS
@pytest.mark.parametrize(
    "command",
    ["resume", "retry", "rollback", "abort", "approve first", "history", "history -o json"],
)
def test_every_command_about_it_is_refused_with_the_reason(tmp_path: Path, command: str, left: bytes) -> None:
    with stage(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        finished, writes = run_on_record(), updates(here)
        leave(finished.parent / f"{RUN}.jsonl", left)
        verb, *rest = command.split()
        extra = {"retry": ["--failed"], "abort": ["--reason", "test"], "approve": []}.get(verb, [])
        code, text = here.type(verb, RUN, *rest, *extra)
        assert code == 5, text
        assert f"run {RUN} has not started: its journal has no record, and nothing was changed" in text
        assert "nothing to resume" in text
        assert updates(here) == writes
        assert (finished.parent / f"{RUN}.jsonl").read_bytes() == left


@JOURNALS
def test_it_hides_no_earlier_run_and_stops_no_later_one(tmp_path: Path, left: bytes) -> None:
    with stage(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        leave(run_on_record().parent / f"{RUN}.jsonl", left)
        code, document = ask(here, "plan", "--cluster", "shop", "-q", "-o", "json")
        assert (code, document["clusters"][0]["action"]) == (0, "inSync")


def test_its_lock_is_released_without_a_command_to_resume_it(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        finished = run_on_record()
        leave(finished.parent / f"{RUN}.jsonl", b"")
        store = LocalStore(finished.parent.parent)
        store.lock().acquire(frozenset({"a"}), Holder(RUN, "another machine", 9e9), 0.0)
        code, text = here.type("unlock", RUN, "--yes")
        assert code == 0, text
        assert f"unlocked; run {RUN} has not started" in text
        assert "eksdns resume" not in text
        assert "holds no lock" in here.type("unlock", RUN, "--yes")[1]


def test_a_run_that_a_store_does_not_have_has_not_started_either() -> None:
    assert "has not started" in why_not_started(MemoryStore(), RUN)
