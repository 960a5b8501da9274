"""A job for one wave: which command lines it runs, and how it ends."""

import json
from pathlib import Path

import pytest

from eksaddon.app.github_wave import Job, RunSoFar, advance, read_run
from eksaddon.domain.errors import EksdnsError

PLAN = Path("plan/plan.json")
UNTIL = ["--until-wave", "prod", "--max-wait", "5h"]


def job(wave: str = "prod", approver: str = "") -> Job:
    return Job(PLAN, wave, "5h", approver)


class Program:
    """Answers command lines, each with an exit code and how far the run is then."""

    def __init__(self, *answers: tuple[int, RunSoFar | None]) -> None:
        self.answers = list(answers)
        self.lines: list[list[str]] = []
        self.now: RunSoFar | None = None

    def run(self, args) -> int:
        self.lines.append(list(args))
        code, self.now = self.answers.pop(0)
        return code

    def advance(self, work: Job, known: RunSoFar | None = None) -> int:
        return int(advance(work, known, self.run, lambda: self.now))


def run(state: str, **waves: str) -> RunSoFar:
    return RunSoFar("r1", state, waves)


def test_the_first_job_begins_the_run():
    program = Program((4, run("paused", prod="succeeded", rest="pending")))
    assert program.advance(job()) == 0
    assert program.lines == [["apply", "plan/plan.json", "--yes", *UNTIL]]


def test_later_jobs_go_on_with_it():
    program = Program((0, run("succeeded", prod="succeeded")))
    assert program.advance(job(), run("paused", canary="succeeded")) == 0
    assert program.lines == [["resume", "r1", *UNTIL]]


def test_an_approval_in_github_becomes_one_of_the_run():
    gated = run("paused", prod="gated")
    program = Program((4, gated), (0, gated), (0, run("succeeded", prod="succeeded")))
    assert program.advance(job(approver="ann in GitHub"), run("paused", canary="succeeded")) == 0
    assert program.lines == [
        ["resume", "r1", *UNTIL],
        ["approve", "r1", "prod", "--by", "ann in GitHub"],
        ["resume", "r1", *UNTIL],
    ]


def test_without_an_approval_a_gate_stays_shut():
    program = Program((4, run("paused", prod="gated")))
    assert program.advance(job()) == 4
    assert len(program.lines) == 1


@pytest.mark.parametrize("state", ["succeeded", "skipped"])
def test_a_wave_that_is_done_is_not_done_again(state):
    program = Program()
    assert program.advance(job(), run("paused", prod=state)) == 0
    assert program.lines == []


def test_a_soak_that_is_not_over_keeps_later_waves_from_starting():
    assert Program((4, run("paused", prod="soaking"))).advance(job()) == 4


@pytest.mark.parametrize("code", [1, 3, 5, 64, 70, 143])
def test_what_failed_fails_the_job(code):
    assert Program((code, run("failed", prod="failed"))).advance(job()) == code
    assert Program((code, None)).advance(job()) == code


def test_an_approval_that_is_refused_ends_the_job():
    gated = run("paused", prod="gated")
    program = Program((4, gated), (5, gated))
    assert program.advance(job(approver="ann")) == 5
    assert len(program.lines) == 2


@pytest.mark.parametrize(("state", "code"), [("succeeded", 0), ("stopped", 1), ("failed", 1)])
def test_a_run_that_is_over_is_not_resumed(state, code):
    program = Program()
    waves = {"prod": "succeeded"} if code == 0 else {"prod": "failed"}
    assert program.advance(job(), run(state, **waves)) == code
    assert program.lines == []


def test_without_waves_the_whole_run_is_meant():
    program = Program((0, run("succeeded")))
    assert program.advance(job("")) == 0
    assert program.lines == [["apply", "plan/plan.json", "--yes", "--max-wait", "5h"]]
    assert Program((0, run("succeeded_with_failures"))).advance(job("")) == 1


def test_a_report_tells_how_far_a_run_is(tmp_path):
    path = tmp_path / "report.json"
    assert read_run(path) is None
    document = {"kind": "run", "runId": "r1", "state": "paused", "waves": [{"name": "a", "state": "gated"}]}
    path.write_text(json.dumps(document))
    assert read_run(path) == RunSoFar("r1", "paused", {"a": "gated"})


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "plan"}', '{"kind": "run", "runId": 1, "state": "x"}'])
def test_anything_else_is_no_report_of_a_run(tmp_path, text):
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(EksdnsError, match="no report"):
        read_run(path)
