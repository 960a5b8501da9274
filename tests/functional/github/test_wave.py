"""`eksdns github wave`: each job brings the run of a saved plan to the end of its wave."""

import json
from pathlib import Path
from typing import Any

import pytest

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
    return job.call("github", "wave", "plan.json", "--wave", name, *more)


def report(job) -> Any:
    return json.loads((job.folder / "eksdns-report" / "report.json").read_text())


def test_the_first_job_begins_the_run_and_tells_its_step(saved):
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


def test_a_wave_that_needs_an_approval_waits_for_the_reviewers_in_github(saved, stage):
    wave(saved, "canary")
    ended = wave(saved, "rest")
    assert (ended.code, saved.outputs["state"], stage.count("UpdateAddon")) == (4, "paused", 1)
    assert "paused before the end of this wave" in ended.err
    saved.setenv("GITHUB_ACTOR", "ann")
    assert wave(saved, "rest", "--approved").code == 0
    assert (saved.outputs["state"], stage.count("UpdateAddon")) == ("succeeded", 2)
    assert "approved by ann in GitHub" in saved.summary


def test_a_plan_that_cannot_be_read_is_an_error_and_no_run(saved):
    (saved.folder / "plan.json").write_text("{}")
    assert wave(saved, "canary").code == 64
    assert not (saved.folder / "state" / "eksdns" / "runs").exists()


def head_file(job: Any) -> Path:
    found: Path = job.folder / "eksdns-report" / "journal-head"
    return found


def test_a_job_refuses_a_journal_that_was_changed_since_the_job_before(saved, stage):
    assert wave(saved, "canary").code == 0
    (saved.folder / "run").mkdir()
    (saved.folder / "run" / "journal-head").write_text(head_file(saved).read_text())
    (journal,) = saved.folder.rglob("runs/*.jsonl")
    complete = journal.read_text()
    journal.write_text("".join(complete.splitlines(keepends=True)[:-1]))
    ended = wave(saved, "rest", "--approved")
    assert (ended.code, "the journal was changed or cut" in ended.err) == (5, True), ended.err
    assert stage.count("UpdateAddon") == 1
    journal.write_text(complete)
    assert wave(saved, "rest", "--approved").code == 0
    assert head_file(saved).read_text() != (saved.folder / "run" / "journal-head").read_text()


def test_a_job_of_a_finished_wave_hands_the_head_on(saved):
    wave(saved, "canary")
    head = head_file(saved).read_text()
    head_file(saved).unlink()
    assert wave(saved, "canary", "--head", head.strip()).code == 0
    assert head_file(saved).read_text() == head
    assert wave(saved, "canary", "--head", "0" * 64).code == 5


def test_a_job_carries_out_no_other_plan_than_the_approved_one(saved, stage):
    parts = saved.folder / "parts" / "eksdns-plan-1"
    parts.mkdir(parents=True)
    (parts / "plan.json").write_text((saved.folder / "plan.json").read_text())
    saved.call("show", "plan.json", "--report", "json=report.json")
    assert saved.call("github", "waves", "report.json", "--plans", "parts").code == 0
    digest = json.loads(saved.outputs["digests"])["1"]
    saved.call("plan", "--cluster", "prod", "--out", "plan.json")
    ended = wave(saved, "canary", "--digest", digest)
    assert (ended.code, stage.count("UpdateAddon")) == (5, 0), ended.err
    (saved.folder / "plan.json").write_text((parts / "plan.json").read_text())
    assert wave(saved, "canary", "--digest", digest).code == 0


def test_a_folder_without_plans_is_an_error(saved):
    saved.call("show", "plan.json", "--report", "json=report.json")
    ended = saved.call("github", "waves", "report.json", "--plans", ".")
    assert ended.code == 0, "a single plan may lie in the folder itself"
    assert list(json.loads(saved.outputs["digests"])) == ["1"]
    ended = saved.call("github", "waves", "report.json", "--plans", "nowhere")
    assert (ended.code, "no plan.json in nowhere" in ended.err) == (1, True)
