"""How a rollout ended stands where people look: in the pull request that was merged."""

import pytest

from tests.support.github.replay import Again, Ended, Review
from tests.support.github.stage import DAY, Stage, logs, results

pytestmark = pytest.mark.e2e

SHA = "ab" * 20


def comments(stage: Stage, number: int = 7) -> list[str]:
    found = [one["body"] for one in stage.github.comments.get(number, [])]
    return [body for body in found if body.startswith("<!-- eksdns:rollout:plan -->")]


def merged(stage: Stage) -> Stage:
    stage.review_plan()
    stage.github.merge(7, SHA)
    return stage


def test_a_soak_is_told_and_its_end_updates_the_comment(staged):
    stage = merged(staged(soak="soak: 24h"))
    stage.call("eksdns-rollout.yml")
    (first,) = comments(stage)
    assert "### eksdns rollout paused" in first
    assert f"Run `{stage.run_id}`: wave canary is soaking until" in first
    assert "**Next step:** the workflow eksdns-resume continues it when it is due" in first
    for _ in range(4):
        stage.clock.advance(DAY)
        stage.call("eksdns-resume.yml")
    (last,) = comments(stage)
    assert "### eksdns rollout succeeded" in last
    assert "Next step" not in last


def test_a_failure_names_the_next_step_and_an_operation_updates_it(staged):
    stage = merged(staged(failures=1))
    rollout = stage.call("eksdns-rollout.yml")
    (first,) = comments(stage)
    assert "wave canary: 1 of 1 failed, 0 tolerated; failed: waves" in first
    assert f"eksdns-operate with the run {stage.run_id} and the operation retry, accept-failures" in first
    operated = stage.operate("abort", reason="wrong value")
    assert operated.jobs["outcome"].result == "success", logs(operated)
    (second,) = comments(stage)
    assert "### eksdns rollout stopped" in second
    assert "wrong value (ann in GitHub)" in second
    stage.rerun(rollout, Again.FAILED)
    assert len(comments(stage)) == 1


def test_a_rerun_that_succeeds_updates_the_comment(staged):
    stage = merged(staged(failures=1))
    rollout = stage.call("eksdns-rollout.yml")
    stage.rerun(rollout, Again.FAILED)
    assert set(results(rollout).values()) == {"success"}
    (comment,) = comments(stage)
    assert "### eksdns rollout succeeded" in comment


def test_a_rollout_that_succeeds_at_once_leaves_no_comment(staged):
    stage = merged(staged())
    stage.call("eksdns-rollout.yml")
    assert comments(stage) == []


def test_a_rollout_that_does_not_start_is_told_too(staged):
    stage = merged(staged())
    stage.fleet.write_text(stage.fleet.read_text().replace("replicaCount: 3", "replicaCount: 4"))
    assert stage.call("eksdns-rollout.yml").jobs["plan"].result == "failure"
    (comment,) = comments(stage)
    assert "### eksdns rollout did not start" in comment
    assert "failed: plan; nothing was written" in comment


def test_a_rejected_approval_is_told(staged):
    stage = merged(staged())
    stage.decisions["eksdns-approval"] = Review.REJECTED
    stage.call("eksdns-rollout.yml")
    (comment,) = comments(stage)
    assert "### eksdns rollout paused" in comment
    assert "failed: waves" in comment


def test_a_workflow_run_that_an_abort_cancels_does_not_hide_the_abort(staged):
    stage = merged(staged())
    stage.decisions["eksdns-approval"] = Review.CANCELLED
    rollout = stage.call("eksdns-rollout.yml")
    assert "### eksdns rollout paused" in comments(stage)[0]
    stage.clock.advance(60)
    stage.operate("abort", reason="revert")
    assert "### eksdns rollout stopped" in comments(stage)[0]
    rollout.jobs["outcome"] = Ended("failure")  # as if the cancelled run came to its comment only now
    stage.rerun(rollout, Again.FAILED)
    assert rollout.jobs["outcome"].log == "#7 has a later state of the run\n"
    assert "### eksdns rollout stopped" in comments(stage)[0]


def test_a_resumed_run_updates_the_comment_of_its_own_pull_request(staged):
    """Not that of a later change to the fleet file."""
    stage = merged(staged(soak="soak: 24h"))
    stage.call("eksdns-rollout.yml")
    stage.github.merge(8, "ef" * 20)
    stage.github.changed["eksdns.yaml"] = "ef" * 20
    stage.clock.advance(DAY)
    stage.next_sha = "ef" * 20
    stage.call("eksdns-resume.yml")
    assert comments(stage, 8) == []
    (comment,) = comments(stage)
    assert "wave dev is soaking" in comment


def test_a_commit_without_a_pull_request_needs_no_comment(staged):
    stage = staged(failures=1)
    rollout = stage.call("eksdns-rollout.yml")
    assert rollout.jobs["outcome"].log == "no pull request brought this commit\n"
