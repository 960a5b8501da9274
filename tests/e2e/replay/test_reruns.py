"""No re-run accepts failures, writes twice, or is green over something that is not done."""

import pytest

from eksaddon.domain.target import ClusterRef
from tests.support.github import stage as stage_module
from tests.support.github.replay import Again, Review, Runner
from tests.support.github.stage import DAY, Stage, logs, results

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def runs(stage: Stage) -> list[str]:
    return sorted(path.stem for path in (stage.folder / "state" / "runs").glob("*.jsonl"))


def bad(runner: Runner) -> set[str]:
    return {one.result for one in runner.jobs.values()} - {"success", "skipped"}


def test_all_jobs_again_during_a_soak_do_not_skip_it(staged):
    """A new plan has the canary in sync, so its wave would be skipped with its soak."""
    stage = staged(soak="soak: 24h")
    rollout = stage.call("eksdns-rollout.yml")
    assert (results(rollout), stage.updated) == ({"wave-1": "success"}, ["canary"])
    stage.rerun(rollout, Again.ALL)
    assert (results(rollout), stage.updated) == ({"wave-1": "failure"}, ["canary"])
    assert f"run {stage.run_id} of these clusters is not finished: wave canary is soaking" in logs(rollout)
    assert "eksdns-resume" in logs(rollout)
    while len(stage.updated) < 3:
        stage.clock.advance(DAY)
        assert not bad(stage.call("eksdns-resume.yml"))
    stage.clock.advance(DAY)
    stage.call("eksdns-resume.yml")
    assert "succeeded" in stage.operate("history").jobs["show"].summary
    stage.rerun(rollout, Again.ALL)
    assert (rollout.jobs["plan"].result, rollout.jobs["waves"].result) == ("success", "skipped")
    assert len(stage.updated) == 3, "everything is in sync"


def test_a_revert_during_a_soak_requires_the_abort_and_is_not_overwritten_later(staged):
    stage = staged(soak="soak: 24h")
    stage.call("eksdns-rollout.yml")
    reverted = "coredns: {replicaCount: 2, allowWeaken: true}"
    stage.fleet.write_text(stage.fleet.read_text().replace("coredns: {replicaCount: 3}", reverted))
    early = stage.call("eksdns-rollout.yml")
    assert (results(early), stage.updated) == ({"wave-1": "failure"}, ["canary"]), logs(early)
    assert "the operation abort" in logs(early)
    assert not bad(stage.operate("abort", reason="revert"))
    stage.rerun(early, Again.FAILED)
    assert results(early)["wave-1"] == "success", logs(early)
    for _ in range(3):
        stage.clock.advance(DAY)
        stage.call("eksdns-resume.yml")
    assert stage.updated == ["canary", "canary"], "the aborted run writes nothing any more"


@pytest.mark.parametrize("again", list(Again))
def test_an_aborted_run_is_not_continued_by_its_workflow_run(staged, again):
    stage = staged(failures=1)
    rollout = stage.call("eksdns-rollout.yml")
    first = stage.run_id
    stage.operate("abort", reason="wrong value")
    stage.rerun(rollout, again)
    if again is Again.FAILED:
        assert (results(rollout), stage.updated) == ({"wave-1": "failure"}, ["canary"])
        assert "stopped" in logs(rollout)
    else:
        assert not bad(rollout)
        assert len(runs(stage)) == 2, "a new plan is a new run"
        assert first in runs(stage)


@pytest.mark.parametrize("again", list(Again))
def test_a_finished_rollout_writes_nothing_again(staged, again):
    stage = staged()
    rollout = stage.call("eksdns-rollout.yml")
    before = stage.journal(), list(stage.updated)
    stage.rerun(rollout, again)
    assert not bad(rollout)
    assert (stage.journal(), stage.updated) == before


def test_a_rejected_approval_is_asked_for_again(staged):
    stage = staged()
    stage.decisions["eksdns-approval"] = Review.REJECTED
    rollout = stage.call("eksdns-rollout.yml")
    assert results(rollout)["wave-3"] == "failure"
    stage.rerun(rollout, Again.FAILED)
    assert (results(rollout)["wave-3"], stage.granted) == ("failure", [])
    stage.decisions.clear()
    stage.rerun(rollout, Again.FAILED)
    assert (results(rollout)["wave-3"], len(stage.granted)) == ("success", 1)
    assert stage.updated == ["canary", "dev", "shop"]


def test_a_rollout_of_a_shard_is_refused(staged):
    stage = staged()
    rollout = stage.call("eksdns-rollout.yml", command="plan --all --shard 1/2")
    assert (rollout.jobs["plan"].result, rollout.jobs["waves"].result) == ("failure", "skipped")
    assert "a rollout is one run" in logs(rollout)
    assert stage.updated == []
    with pytest.raises(AssertionError, match="shards"):  # as GitHub: the workflow has no such input
        stage.call("eksdns-rollout.yml", shards=2)


@pytest.mark.parametrize("status", ["ACTIVE", "DEGRADED"])
def test_all_jobs_again_do_not_pass_a_cluster_whose_failed_update_is_stored(staged, monkeypatch, status):
    """The new plan has it in sync; only the recorded run knows that it failed."""
    kept = f"{{result: fails, code: AdmissionRequestDenied, message: frozen, keeps: true, status: {status}}}"
    monkeypatch.setattr(stage_module, "FAILS", kept)
    stage = staged(failures=1)
    rollout = stage.call("eksdns-rollout.yml")
    assert (results(rollout), stage.updated) == ({"wave-1": "failure"}, ["canary"])
    stage.rerun(rollout, Again.ALL)
    if status == "DEGRADED":  # the plan writes it again
        assert stage.updated == ["canary", "canary", "dev", "shop"], logs(rollout)
        return
    assert (results(rollout), stage.updated) == ({"wave-1": "failure"}, ["canary"])
    assert "is not finished: wave canary: 1 of 1 failed" in logs(rollout)
    assert "and the operation retry, accept-failures" in logs(rollout)


def test_all_jobs_again_of_a_resume_that_failed_are_not_green(staged):
    stage = staged(failures=9, soak="soak: 24h")
    waves = "waves:\n    - {name: first, select: {cluster: dev}, soak: 24h}\n    - {name: rest}\n"
    text = stage.fleet.read_text()
    stage.fleet.write_text(text[: text.index("waves:")] + waves)
    stage.call("eksdns-rollout.yml")
    assert stage.updated == ["dev"]
    stage.clock.advance(DAY)
    resumed = stage.call("eksdns-resume.yml")
    assert "failure" in bad(resumed), logs(resumed)
    before = list(stage.updated)
    stage.rerun(resumed, Again.ALL)
    assert (resumed.jobs["due"].result, stage.updated) == ("failure", before)
    assert "a re-run of all jobs finds nothing that is due" in logs(resumed)
    assert not bad(stage.call("eksdns-resume.yml")), "another tick is not about it"


def test_an_expired_artifact_fails_the_wave_and_writes_nothing(staged):
    stage = staged(failures=1)
    rollout = stage.call("eksdns-rollout.yml")
    before = stage.journal(), list(stage.updated)
    rollout.artifacts.expire()
    stage.rerun(rollout, Again.FAILED)
    assert results(rollout) == {"wave-1": "failure"}
    assert (stage.journal(), stage.updated) == before
    assert not {"failure"} & {one.result for one in stage.operate("retry").jobs.values()}
    assert stage.updated == ["canary", "canary", "dev"]


def test_a_rerun_after_failures_were_accepted_ends_red_because_of_them(staged):
    stage = staged(failures=9)
    rollout = stage.call("eksdns-rollout.yml")
    stage.operate("accept-failures", reason="scrapped")
    stage.rerun(rollout, Again.FAILED)
    assert results(rollout) == {"wave-1": "success", "wave-2": "success", "wave-3": "failure"}
    assert stage.updated == ["canary", "dev", "shop"]
    assert "succeeded with failures" in logs(rollout)


def test_a_plan_that_changed_between_two_attempts_is_not_applied(staged):
    stage = staged()
    stage.review_plan()
    stage.github.merge(7, "ab" * 20)
    stage.decisions["eksdns-approval"] = Review.REJECTED
    rollout = stage.call("eksdns-rollout.yml")
    stage.world.write(ClusterRef("200000000002", "eu-west-1", "shop"), '{"replicaCount": 40}')
    stage.decisions.clear()
    stage.rerun(rollout, Again.ALL)
    assert (rollout.jobs["plan"].result, rollout.jobs["waves"].result) == ("failure", "skipped")
    assert "shop" in rollout.jobs["plan"].summary
    assert stage.updated == ["canary", "dev"]
    stage.rerun(rollout, Again.FAILED)
    assert stage.updated == ["canary", "dev"]
