"""State that others can write: edited journals, foreign files, open folders and links are refused by name."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.sim.http.messages import Delivery, Reply, Request
from eksaddon.store.lines import from_lines, to_lines
from tests.support.proof import APPLY, DRIFT, KEPT_AND_ACTIVE, ask, kill, stage, updates
from tests.support.walkthrough import Shell, run_on_record


def edit(journal: Path, *, fits: bool) -> None:
    """Another document in the plan of the first record; with its checksum made to fit, or not."""
    old, new = '\\"replicaCount\\":3', '\\"replicaCount\\":9'
    text = journal.read_text()
    assert old in text
    if not fits:
        journal.write_text(text.replace(old, new, 1))
        return
    first, *others = from_lines(journal.read_bytes(), "journal").records
    changed = json.loads(json.dumps(first).replace(old, new, 1))
    journal.write_bytes(to_lines([changed, *others]))


@pytest.mark.parametrize(
    ("fits", "said"), [(False, ":1: the record is damaged"), (True, "record 2 does not follow record 1")]
)
def test_an_edited_journal_is_refused_and_the_record_is_named(tmp_path: Path, fits: bool, said: str) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        edit(run_on_record(), fits=fits)
        code, text = here.type("resume", run_on_record().stem, "-q")
        assert code != 0
        assert said in text
        assert updates(here) == 0


def test_a_journal_without_its_last_records_is_refused_by_the_printed_head(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        journal = run_on_record()
        code, text = here.type("resume", journal.stem, "-q", "--head", "0123456789abcdef")
        assert code != 0
        assert "no record has the hash" in text
        assert updates(here) == 0


def test_a_foreign_file_among_the_runs_is_an_error_of_that_run_only(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        journal = run_on_record()
        (journal.parent / "20200101-000000-aaaaaa.jsonl").write_text("[" * 100_000 + "\n")
        code, text = here.type("history")
        assert journal.stem in text
        assert "20200101-000000-aaaaaa" in text
        assert code != 70
        code, text = here.type("history", "20200101-000000-aaaaaa")
        assert code == 1, text
        assert "20200101-000000-aaaaaa" in text


def test_a_failed_update_is_not_in_sync_because_its_journal_is_damaged(tmp_path: Path) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        assert ask(here, *APPLY)[0] == 1
        journal = run_on_record()
        journal.write_text("damaged\n" + journal.read_text())
        code, text = here.type(*DRIFT[:-2])
        assert code == 1, text
        assert "1 cluster unhealthy" in text
        assert f"{journal.name}:1: the record is damaged" in text


def test_a_state_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        folder = tmp_path / "state"
        folder.mkdir()
        folder.chmod(0o777)
        code, text = here.type("apply", "--cluster", "shop", "--yes", "-q", "--state", str(folder))
        assert code == 5
        assert f"{folder} can be written to by others" in text
        assert updates(here) == 0


def test_a_journal_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        journal = run_on_record()
        journal.rename(tmp_path / "elsewhere")
        journal.symlink_to(tmp_path / "elsewhere")
        code, text = here.type("resume", journal.stem, "-q")
        assert code != 0
        assert journal.stem in text


def test_reports_that_hold_documents_are_for_their_owner_only(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        assert here.type("plan", "--cluster", "shop", "--report", f"json={tmp_path / 'r.json'}")[0] == 0
        assert stat.S_IMODE((tmp_path / "r.json").stat().st_mode) == 0o600


@contextmanager
def a_costly_pattern(here: Shell) -> Iterator[None]:
    """The live schema has a pattern that a backtracking engine never ends with."""
    handle = here.world.handle

    def answer(request: Request) -> Delivery:
        delivery = handle(request)
        if "configuration-schemas" not in request.target:
            return delivery
        assert isinstance(delivery.answer, Reply)
        document = json.loads(delivery.answer.body)
        schema = json.loads(document["configurationSchema"])
        properties = schema["definitions"]["Coredns"]["properties"]
        properties["computeType"] = {"type": "string", "pattern": "^(a+)+$"}
        document["configurationSchema"] = json.dumps(schema)
        return replace(delivery, answer=replace(delivery.answer, body=json.dumps(document).encode()))

    here.world.handle = answer  # type: ignore[method-assign]  # the one door of the world
    try:
        yield
    finally:
        here.world.handle = handle  # type: ignore[method-assign]  # as above


COSTLY = """
version: 1
coredns: {configuration: {computeType: "%s!"}}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""


@pytest.mark.parametrize("length", [10, 40_000])
def test_a_pattern_of_a_live_schema_cannot_hang_the_plan(tmp_path: Path, length: int) -> None:
    with stage(tmp_path, fleet=COSTLY % ("a" * length)) as here, a_costly_pattern(here):
        code, text = here.type("plan", "--cluster", "shop")
        assert code in {0, 5}
        assert "pattern" in text
