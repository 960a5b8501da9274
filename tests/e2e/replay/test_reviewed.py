"""What was reviewed in a pull request is what is rolled out, or the rollout says what is different."""

import pytest

from tests.support.github.api import BOT
from tests.support.github.replay import Review
from tests.support.github.stage import logs, results

pytestmark = pytest.mark.e2e

SHA = "ab" * 20
"""Of the merged commit."""


@pytest.fixture
def reviewed(staged):
    """A plan that was reviewed in a pull request, which is merged then."""
    stage = staged()
    assert {one.result for one in stage.review_plan().jobs.values()} == {"success", "skipped"}
    stage.github.merge(7, SHA)
    return stage


def other_value(stage) -> None:
    stage.fleet.write_text(stage.fleet.read_text().replace("replicaCount: 3", "replicaCount: 4"))


def test_the_reviewed_plan_is_rolled_out(reviewed):
    runner = reviewed.call("eksdns-rollout.yml")
    assert "The plan is the one that was reviewed in #7." in runner.jobs["plan"].summary, logs(runner)
    assert len(reviewed.updated) == 3


def test_a_plan_that_changed_between_review_and_merge_stops_with_the_difference_shown(reviewed):
    other_value(reviewed)
    runner = reviewed.call("eksdns-rollout.yml")
    plan = runner.jobs["plan"]
    assert (plan.result, runner.jobs["waves"].result, reviewed.updated) == ("failure", "skipped", [])
    assert "not the one that was reviewed in #7" in plan.summary
    assert "- `prod/eu-west-1/shop: replicaCount 2 -> 4: not reviewed`" in plan.summary
    assert "on-plan-change: continue" in plan.log


def test_a_change_is_continued_only_where_that_is_wanted(reviewed):
    other_value(reviewed)
    runner = reviewed.call("eksdns-rollout.yml", **{"on-plan-change": "continue"})
    assert "replicaCount 2 -&gt; 4" not in runner.jobs["plan"].summary
    assert "not the one that was reviewed in #7" in runner.jobs["plan"].summary
    assert len(reviewed.updated) == 3, logs(runner)


def test_a_new_plan_after_half_a_rollout_writes_only_what_was_reviewed(reviewed):

    reviewed.decisions["eksdns-approval"] = Review.REJECTED
    runner = reviewed.call("eksdns-rollout.yml")
    assert results(runner)["wave-3"] == "failure"
    again = reviewed.call("eksdns-rollout.yml")
    assert again.jobs["plan"].result == "success", "what is in place already is no difference"
    assert "was reviewed in #7" in again.jobs["plan"].summary


def test_a_pull_request_that_was_merged_without_a_plan_stops_the_rollout(staged):
    stage = staged()
    stage.github.merge(7, SHA)
    stage.github.add_comment(7, "<!-- eksdns:comment:plan -->\nlooks fine", author="mallory")
    runner = stage.call("eksdns-rollout.yml")
    assert (runner.jobs["plan"].result, stage.updated) == ("failure", [])
    assert "#7 has no comment with a plan" in runner.jobs["plan"].log


def test_an_invalid_push_replaces_the_comment_and_its_merge_is_not_rolled_out(reviewed):
    good = reviewed.fleet.read_text()
    reviewed.fleet.write_text(good.replace("replicaCount", "replicaCoutn"))
    pushed = reviewed.review_plan()
    assert {name: one.result for name, one in pushed.jobs.items()} == {
        "validate": "failure",
        "shards": "skipped",
        "plan": "skipped",
        "comment": "skipped",
        "outdated": "success",
        "sarif": "skipped",
    }, logs(pushed)
    (comment,) = reviewed.github.comments[7]
    assert "**This plan is out of date:** commit `cdcdcdcdcdcd` could not be planned" in comment["body"]
    reviewed.fleet.write_text(good)
    assert reviewed.call("eksdns-rollout.yml").jobs["plan"].result == "failure"
    again = reviewed.review_plan(sarif=True)
    assert again.jobs["outdated"].result == "skipped"
    assert again.jobs["sarif"].log.startswith("uploaded "), logs(again)
    assert "replicaCount: 3" in reviewed.github.comments[7][0]["body"]


def test_a_merge_queue_refuses_a_plan_that_is_not_the_reviewed_one(reviewed):
    assert {one.result for one in reviewed.queue().jobs.values()} == {"success", "skipped"}
    other_value(reviewed)
    queued = reviewed.queue()
    assert queued.jobs["comment"].result == "failure"
    assert "replicaCount 2 -> 4: not reviewed" in queued.jobs["comment"].summary
    (comment,) = reviewed.github.comments[7]
    assert comment["user"]["login"] == BOT
    assert "replicaCount: 3" in comment["body"], "the queue changes no comment"
