"""`eksdns github wave`: each job brings the run of a saved plan to the end of its wave."""

import json
from typing import Any

import pytest

from tests.support.github.api import number_of

FLEET = """
version: 1
coredns: {replicaCount: 3}
rollout:
  waves:
    - {name: canary, limit: 1}
    - {name: rest, before: [{type: approval}]}
"""


@pytest.fixture
def saved(fleet):
    (fleet.folder / "eksdns.yaml").write_text(FLEET)
    ended = fleet.call("plan", "--cluster", "dev-*", "--out", "plan.json")
    assert ended.code == 0, ended.err
    return fleet


def wave(job, name: str, *more: str):
    return job.call("github", "wave", "--plan", "plan.json", "--wave", name, *more)


def report(job) -> Any:
    return json.loads((job.folder / "eksdns-report" / "report.json").read_text())


def test_the_first_job_begins_the_run_and_reports_its_step(saved):
    ended = wave(saved, "canary")
    assert ended.code == 0, ended.err
    assert saved.outputs["run_id"] == report(saved)["runId"]
    assert saved.outputs["changed_count"] == "1"
    assert "canary" in saved.summary


def test_a_job_that_is_run_again_finds_its_wave_done_and_leaves_a_report(saved, stage):
    wave(saved, "canary")
    first, updates = report(saved)["runId"], stage.count("UpdateAddon")
    (saved.folder / "output").unlink()
    assert wave(saved, "canary").code == 0
    assert (report(saved)["runId"], stage.count("UpdateAddon")) == (first, updates)
    assert saved.outputs["run_id"] == first


APPROVAL = ("--environment", "eksdns-approval", "--approvals")


def approvals(saved) -> str:
    assert saved.call("github", "gate", "--environment", "eksdns-approval").code == 0
    return str(saved.outputs["approvals"])


def test_a_wave_that_needs_an_approval_waits_and_has_not_failed(saved, stage):
    wave(saved, "canary")
    ended = wave(saved, "rest")
    assert (ended.code, saved.outputs["wave_state"], stage.count("UpdateAddon")) == (0, "paused", 1)


def test_an_approval_is_what_github_says_and_not_who_started_the_workflow(saved, stage, github):
    github.protect("eksdns-approval", "ben")
    saved.setenv("GITHUB_ACTOR", "ann")
    wave(saved, "canary")
    before = approvals(saved)
    github.approve(42, "eksdns-approval", "ben")
    assert wave(saved, "rest", *APPROVAL, before).code == 0
    assert (saved.outputs["state"], stage.count("UpdateAddon")) == ("succeeded", 2)
    assert f"approved by ben ({number_of('ben')}) in GitHub" in saved.summary


@pytest.mark.parametrize("who", [None, "mallory"])
def test_without_an_approval_by_a_reviewer_nothing_is_written(saved, stage, github, who):
    """A bypass leaves no entry; one of the wave before is not one of this wave."""
    github.protect("eksdns-approval", "ben")
    wave(saved, "canary")
    github.approve(42, "eksdns-approval", "ben")
    before = approvals(saved)
    if who is not None:
        github.approve(42, "eksdns-approval", who)
    ended = wave(saved, "rest", *APPROVAL, before)
    assert (ended.code, stage.count("UpdateAddon")) == (5, 1)
    assert "no approval of the environment eksdns-approval" in ended.err


@pytest.mark.parametrize(("exists", "said"), [(True, "has no required reviewers"), (False, "does not exist")])
def test_an_environment_without_reviewers_is_an_open_gate_and_refused(saved, github, exists, said):
    if exists:
        github.protect("eksdns-approval")
    ended = saved.call("github", "gate", "--environment", "eksdns-approval")
    assert (ended.code, said in ended.err) == (5, True)
    assert "Settings, Environments" in ended.err


def test_a_plan_that_cannot_be_read_is_an_error_and_no_run(saved):
    (saved.folder / "plan.json").write_text("{}")
    assert wave(saved, "canary").code == 64
    assert not (saved.folder / "state" / "eksdns" / "runs").exists()


def test_a_job_refuses_a_journal_that_was_changed_since_the_job_before(saved, stage):
    assert wave(saved, "canary").code == 0
    head = saved.outputs["head"]
    (journal,) = saved.folder.rglob("runs/*.jsonl")
    complete = journal.read_text()
    journal.write_text("".join(complete.splitlines(keepends=True)[:-1]))
    ended = wave(saved, "rest", "--head", head)
    assert (ended.code, "the journal was changed or truncated" in ended.err) == (5, True), ended.err
    assert stage.count("UpdateAddon") == 1
    journal.write_text(complete)
    assert wave(saved, "rest", "--head", head).code == 0
    assert saved.outputs["head"] != head


def test_a_job_of_a_finished_wave_hands_the_head_on(saved):
    wave(saved, "canary")
    head = saved.outputs["head"]
    assert wave(saved, "canary", "--head", head).code == 0
    assert saved.outputs["head"] == head
    assert wave(saved, "canary", "--head", "0" * 64).code == 5


def test_a_job_executes_only_the_approved_one(saved, stage):
    reviewed = (saved.folder / "plan.json").read_text()
    saved.call("show", "plan.json", "--report", "json=report.json")
    assert saved.call("github", "waves", "plan.json").code == 0
    digest = saved.outputs["digest"]
    saved.call("plan", "--cluster", "prod", "--out", "plan.json")
    ended = wave(saved, "canary", "--digest", digest)
    assert (ended.code, stage.count("UpdateAddon")) == (5, 0), ended.err
    (saved.folder / "plan.json").write_text(reviewed)
    assert wave(saved, "canary", "--digest", digest).code == 0


def test_the_report_that_is_read_is_of_the_plan_that_is_applied(saved):
    saved.call("plan", "--cluster", "prod", "--report", "json=report.json")
    ended = saved.call("github", "waves", "plan.json")
    assert (ended.code, "not the report of this plan" in ended.err) == (5, True)


def test_neither_plan_nor_run_is_an_error(saved):
    assert saved.call("github", "wave").code == 64
    assert wave(saved, "rest", *APPROVAL, "soon").code == 64
