"""What people see of a run: a rollback before it is agreed to, reads that fail, a process that is gone."""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import ExitCode, LeftAtOnceError
from eksaddon.sim.api.faults import Expire, Fault, Match, Reset
from tests.support.walkthrough import Shell, run_on_record, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
rollout:
  waves:
    - {name: first, select: {cluster: a-1}}
    - {name: second, select: {cluster: "*"}}
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: "a-{n}", count: 2, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as one:
        yield one


def person() -> contextlib.AbstractContextManager[object]:
    """Somebody at a terminal."""
    at = Terminal(True, False, True, False, False, 100)
    return mock.patch("eksaddon.cli.terminal.terminal", return_value=at)


@pytest.mark.parametrize(
    ("interrupt", "code"),
    [(KeyboardInterrupt(), 130), (LeftAtOnceError(ExitCode.TERMINATED), 143)],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_an_interruption_at_the_question_says_that_nothing_was_written(
    here: Shell, interrupt: BaseException, code: int
) -> None:
    with person(), mock.patch.object(sys, "stdin", mock.Mock(readline=mock.Mock(side_effect=interrupt))):
        found, text = here.type("apply", "--all")
    assert (found, "error: interrupted, nothing was written" in text) == (code, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0
    assert not list(Path().rglob("runs/*.jsonl"))


def test_a_rollback_is_shown_before_it_is_agreed_to(here: Shell) -> None:
    assert here.type("apply", "--all", "--yes")[0] == 0
    run = run_on_record().stem
    before, writes = run_on_record().read_bytes(), here.world.calls.counts["UpdateAddon"]
    code, text = here.type("rollback", run, "--dry-run")
    assert (code, "replicaCount  3 → 2" in text, "2 to update" in text) == (0, True, True), text
    assert "dry run, nothing was written" in text
    code, text = here.type("rollback", run, "--wave", "first", "--dry-run", "-o", "json", "-q")
    document = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert [cluster["name"] for cluster in document["clusters"]] == ["a-1"]
    with person(), mock.patch.object(sys, "stdin", mock.Mock(readline=lambda: "no\n")):
        code, text = here.type("rollback", run)
    assert code == 5
    assert text.index("replicaCount  3 → 2") < text.index("Roll back 2 clusters?")
    assert run_on_record().read_bytes() == before
    assert here.world.calls.counts["UpdateAddon"] == writes
    assert here.type("rollback", run, "--yes")[0] == 0
    assert here.type("rollback", run, "--dry-run")[0] == 5, "nothing is left to roll back"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(Reset(after=False), "connection-failed"), (Expire(), "credentials-expired")],
    ids=["net", "keys"],
)
def test_reads_that_fail_are_shown_with_their_reason_while_they_fail(
    here: Shell, fault: Reset | Expire, reason: str
) -> None:
    here.world.add_fault(Fault(fault, Match(operation="DescribeUpdate"), nth=frozenset(range(1, 9))))
    text = here.type("apply", "--cluster", "a-1", "--yes")[1]
    lines = [line for line in text.splitlines() if "a-1: retrying: " in line]
    assert lines, text
    assert reason in lines[0]
    if reason == "connection-failed":  # keys that nobody renews end the wait
        assert text.index(lines[0]) < text.index("a-1: reading answers again")


def test_a_run_whose_process_is_gone_is_interrupted_and_says_how_to_resume(here: Shell) -> None:
    here.type("apply", "--all", "--yes")
    journal = run_on_record()
    records = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(records[:4]))  # as a killed process leaves it
    code, text = here.type("history")
    assert (code, "interrupted" in text, f"eksdns resume {journal.stem}" in text) == (0, True, True), text
    document = json.loads(here.type("history", "-o", "json")[1])
    assert document["entries"][0]["state"] == "interrupted"
    assert "was interrupted: its process is gone" in here.type("history", journal.stem)[1]
    with mock.patch("eksaddon.app.runs.history.is_left", return_value=False):
        assert "running" in here.type("history")[1]
