"""Each operation on a run: the job `show` says what it does, and it is done after an approval."""

import pytest

from tests.support.github.replay import Again, Ended, Review, Runner
from tests.support.github.stage import Stage, logs, results

pytestmark = pytest.mark.e2e

CANARY, SHOP = "dev/eu-west-1/canary", "prod/eu-west-1/shop"


def rejected_then_confirmed(stage: Stage, operation: str, **inputs: str) -> Runner:
    """Nothing happens without the approval of the job `act`."""
    before = stage.journal(), list(stage.updated)
    stage.decisions["eksdns-operate"] = Review.REJECTED
    rejected = stage.operate(operation, **inputs)
    assert (rejected.jobs["show"].result, rejected.jobs["act"].result) == ("success", "failure")
    assert (stage.journal(), stage.updated) == before
    del stage.decisions["eksdns-operate"]
    confirmed = stage.operate(operation, **inputs)
    assert confirmed.jobs["show"].log == rejected.jobs["show"].log
    return confirmed


def shown(operated: Runner) -> list[str]:
    log = operated.jobs["show"].log
    assert all(f"- {line}\n" in operated.jobs["show"].summary for line in log.splitlines())
    return log.splitlines()


def acted(operated: Runner) -> Ended:
    assert operated.jobs["act"].result == "success", logs(operated)
    return operated.jobs["act"]


def test_retry_retries_what_failed_and_continues(staged):
    stage = staged(failures=1)
    rollout = stage.call("eksdns-rollout.yml")
    assert results(rollout) == {"wave-1": "failure"}
    assert "eksdns-operate" in logs(rollout)
    assert "eksdns retry" not in logs(rollout), "nobody can run that there"
    operated = rejected_then_confirmed(stage, "retry", reason="webhook fixed")
    assert shown(operated) == ["retries, then continues the run:", CANARY]
    acted(operated)
    assert stage.updated == ["canary", "canary", "dev"], "prod needs an approval"
    assert "webhook fixed (ann in GitHub)" in stage.journal()


def test_approve_and_resume_bring_a_run_to_its_end_where_github_has_no_reviewers(staged):
    stage = staged()
    stage.github.protect("eksdns-approval")
    rollout = stage.call("eksdns-rollout.yml")
    assert rollout.jobs["waves/wave-3/gate"].result == "failure"
    assert "eksdns-operate" in rollout.jobs["waves/wave-3/gate"].log
    approved = rejected_then_confirmed(stage, "approve", wave="prod", reason="change 4711")
    assert shown(approved) == ["approves wave prod; the operation resume starts it"]
    acted(approved)
    assert "shop" not in stage.updated
    assert "ann in GitHub" in stage.journal()
    assert "change 4711" in stage.journal()
    resumed = rejected_then_confirmed(stage, "resume", reason="office hours")
    assert shown(resumed) == ["continues the run:", "prod"]
    assert "approved by ann in GitHub" in acted(resumed).summary
    assert stage.updated == ["canary", "dev", "shop"]
    assert "office hours (ann in GitHub)" in stage.journal()


def test_skip_excludes_one_cluster_and_the_rest_continues(staged):
    stage = staged(failures=9)
    stage.call("eksdns-rollout.yml")
    without = stage.operate("skip", cluster=CANARY)
    assert "requires the input reason" in without.jobs["show"].log
    operated = rejected_then_confirmed(stage, "skip", cluster=CANARY, reason="scrapped")
    assert shown(operated) == [f"excludes {CANARY} from the run"]
    acted(operated)
    assert stage.updated == ["canary"], "it is only recorded"
    assert "skipped: scrapped (ann in GitHub)" in stage.journal()
    acted(stage.operate("resume"))
    assert stage.updated == ["canary", "dev"]


def test_an_operation_that_the_run_does_not_accept_is_refused_before_anybody_is_asked(staged):
    stage = staged(failures=9)
    stage.call("eksdns-rollout.yml")
    for operation, inputs in (("resume", {}), ("approve", {"wave": "nope"})):
        refused = stage.operate(operation, **inputs)
        assert (refused.jobs["show"].result, refused.jobs["act"].result) == ("failure", "skipped")
    resumed = stage.operate("resume").jobs["show"].log
    assert "paused because of failures: wave canary: 1 of 1 failed" in resumed
    assert f"the run {stage.run_id} and the operation retry, accept-failures" in resumed
    history = stage.operate("history")
    assert (history.jobs["show"].result, history.jobs["act"].result) == ("success", "skipped")
    assert "paused" in history.jobs["show"].summary
    assert stage.updated == ["canary"]


def test_rollback_records_who_and_why(staged):
    stage = staged()
    stage.call("eksdns-rollout.yml")
    operated = rejected_then_confirmed(stage, "rollback", reason="latency", wave="prod")
    assert shown(operated) == ["restores what the run changed, last wave first:", SHOP]
    acted(operated)
    assert stage.updated == ["canary", "dev", "shop", "shop"]
    assert "latency (ann in GitHub)" in stage.journal()


@pytest.mark.parametrize("again", list(Again))
def test_a_rerun_of_accept_failures_accepts_nothing(staged, again):
    """One click must not accept failures that nobody has seen: `act` continued, and the next wave failed."""
    stage = staged(failures=9)
    stage.call("eksdns-rollout.yml")
    operated = stage.operate("accept-failures", reason="scrapped")
    before = stage.journal(), list(stage.updated)
    operated.jobs["act"] = Ended("failure")
    stage.rerun(operated, again, by="bob")
    assert "a re-run does not accept failures" in logs(operated)
    assert (stage.journal(), stage.updated) == before


@pytest.mark.parametrize("operation", ["retry", "rollback"])
def test_an_operation_is_refused_if_the_run_changed_after_it_was_shown(staged, operation):
    """Also a re-run of `act`: what the reviewer confirmed is not what it would do now."""
    stage = staged(failures=1)
    stage.call("eksdns-rollout.yml")
    stage.operate("retry")
    operated = stage.operate(operation) if operation == "rollback" else stage.runners[-1]
    before = list(stage.updated)
    operated.jobs["act"] = Ended("failure")
    stage.rerun(operated, Again.FAILED)
    assert operated.jobs["act"].result == "failure"
    assert "start the workflow eksdns-operate again" in logs(operated) or "is not possible" in logs(operated)
    assert stage.updated == before


def test_a_rerun_records_the_person_who_caused_it(staged):
    stage = staged(failures=9)
    stage.call("eksdns-rollout.yml")
    operated = stage.operate("approve", wave="prod")
    assert "bob" not in stage.journal()
    stage.rerun(operated, Again.ALL, by="bob")
    assert "bob in GitHub" in stage.journal()
