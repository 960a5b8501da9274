"""What happens after a failure, during soaks, and on the way out, replayed on simulated time."""

import pytest

from tests.support.github.replay import Again, Review
from tests.support.github.stage import DAY, logs, results

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_a_rerun_of_failed_jobs_retries_what_failed_and_writes_nothing_of_the_next_wave_before(staged):
    stage = staged(failures=1)
    runner = stage.call("eksdns-rollout.yml")
    assert results(runner) == {"wave-1": "failure"}, logs(runner)
    assert stage.updated == ["canary"]
    assert "eksdns-operate" in logs(runner), "the hint names what a person there can run"
    stage.rerun(runner, Again.FAILED)
    assert results(runner) == dict.fromkeys(["wave-1", "wave-2", "wave-3"], "success"), logs(runner)
    assert stage.updated == ["canary", "canary", "dev", "shop"]


@pytest.mark.parametrize("again", list(Again))
def test_a_failure_that_lasts_stays_red_however_often_the_jobs_are_run_again(staged, again):
    stage = staged(failures=9)
    runner = stage.call("eksdns-rollout.yml")
    stage.rerun(runner, again)
    assert results(runner) == {"wave-1": "failure"}, logs(runner)
    assert set(stage.updated) == {"canary"}, "no cluster of the next wave was written"


def test_accepting_failures_is_an_act_of_a_person_that_is_recorded_with_the_reason(staged):
    stage = staged(failures=9)
    stage.call("eksdns-rollout.yml")
    without = stage.operate("accept-failures")
    assert without.jobs["show"].result == "failure"
    assert "requires the input reason" in logs(without)
    before = list(stage.updated)
    stage.decisions["eksdns-operate"] = Review.REJECTED
    rejected = stage.operate("accept-failures", reason="it is scrapped tomorrow")
    assert (rejected.jobs["show"].result, rejected.jobs["act"].result) == ("success", "failure")
    assert "although it paused" in rejected.jobs["show"].summary
    assert stage.updated == before
    stage.decisions.clear()
    stage.operate("accept-failures", reason="it is scrapped tomorrow")
    told = stage.operate("history").jobs["show"].summary
    assert len(stage.updated) > len(before), told
    assert "it is scrapped tomorrow (ann in GitHub)" in stage.journal()


def test_day_long_soaks_end_by_themselves_with_no_person_but_the_approver(staged):
    stage = staged(soak="soak: 24h")
    runner = stage.call("eksdns-rollout.yml")
    assert results(runner) == {"wave-1": "success"}, "the run waits, and nothing is red"
    assert "paused" in logs(runner)
    started = stage.clock.now()
    for _ in range(7):  # a tick may be late or missing
        stage.clock.advance(12 * 3600)
        runner = stage.call("eksdns-resume.yml")
        bad = {name for name, one in runner.jobs.items() if one.result not in {"success", "skipped"}}
        assert not bad, logs(runner)
    history = stage.operate("history").jobs["show"].summary
    assert "succeeded" in history
    assert len(stage.updated) == 3
    assert stage.clock.now() - started >= 2 * DAY
    assert len(stage.granted) == 1, "one approval, of the wave that asks for it"


def test_a_rollout_that_waits_for_an_approval_is_aborted_in_one_step(staged):
    stage = staged()
    stage.decisions["eksdns-approval"] = Review.CANCELLED
    waiting = stage.call("eksdns-rollout.yml")
    assert results(waiting) == {"wave-1": "success", "wave-2": "success", "wave-3": "cancelled"}
    operated = stage.operate("abort", reason="revert")
    assert {one.result for one in operated.jobs.values()} == {"success"}, logs(operated)
    assert stage.github.cancelled == [waiting.run_id], "the queue is free for the revert"
    assert "shop" not in stage.updated
    assert stage.call("eksdns-resume.yml").jobs["due"].outputs["run"] == ""


def test_a_rollback_from_github_shows_before_it_restores(staged):
    stage = staged()
    stage.call("eksdns-rollout.yml")
    assert len(stage.updated) == 3
    operated = stage.operate("rollback", reason="revert")
    assert {operated.jobs[name].result for name in ("show", "act")} == {"success"}, logs(operated)
    assert "prod/eu-west-1/shop" in operated.jobs["show"].log
    assert stage.updated[3] == "shop", "last wave first"
    assert len(stage.updated) == 6


def test_one_account_that_cannot_be_reached_blocks_the_rollout_only_where_that_is_wanted(staged):
    stage = staged()
    fleet = stage.folder / "repository" / "eksdns.yaml"
    dead = '  - {id: "200000000003", name: dead, role: eksdns-apply, regions: [eu-west-1]}\nrollout:'
    fleet.write_text(fleet.read_text().replace("rollout:", dead))
    assert stage.call("eksdns-rollout.yml").jobs["plan"].result == "failure"
    assert stage.updated == []
    runner = stage.call("eksdns-rollout.yml", **{"allow-unreachable": True})
    assert results(runner) == {"wave-1": "success", "wave-2": "success", "wave-3": "failure"}, logs(runner)
    assert len(stage.updated) == 3, "everything that can be reached is done, and the end says what is not"
    assert "1 unreachable" in logs(runner)
