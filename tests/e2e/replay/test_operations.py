"""What happens after a failure, during soaks, and on the way out, replayed on simulated time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.github.api import TOKEN, GitHub, github_api
from tests.support.github.programs import InProcess
from tests.support.github.replay import Again, Review, Runner
from tests.support.timing.virtual_sessions import virtual_sessions

pytestmark = pytest.mark.e2e

SCENARIO = """
version: 1
pace: {update: [60, 60]}
defaultAccount: hub
accounts:
  - {id: "100000000000", name: hub, regions: [eu-west-1]}
  - {id: "200000000001", name: dev, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
  - {id: "200000000002", name: prod, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
documents: {plain: '{"replicaCount": 2}'}
clusters:
  - {name: dev, account: dev, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - {name: shop, account: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - name: canary
    account: dev
    region: eu-west-1
    addon: v1.11.4-eksbuild.51
    document: plain
    outcomes: [OUTCOMES]
"""
FAILS = "{result: fails, code: AdmissionRequestDenied, message: frozen, keeps: false, status: ACTIVE}"
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts:
  - {id: "200000000001", name: dev, role: eksdns-apply, regions: [eu-west-1], labels: {env: dev}}
  - {id: "200000000002", name: prod, role: eksdns-apply, regions: [eu-west-1], labels: {env: prod}}
rollout:
  waves:
    - {name: canary, select: {cluster: canary}, SOAK}
    - {name: dev, select: {labels: {env: dev}}, maxConcurrency: 1, SOAK}
    - {name: prod, select: {labels: {env: prod}}, before: [{type: approval}], SOAK}
"""
HUB = "100000000000"
DAY = 86_400.0
SHARED = {
    "apply-role": "arn:aws:iam::100000000000:role/eksdns-rollout",
    "region": "eu-west-1",
}
ROLLOUT = {**SHARED, "plan-role": "arn:aws:iam::100000000000:role/eksdns-plan"}


@dataclass
class Stage:
    """A repository with its workflow runs, each with an id of its own."""

    folder: Path
    world: World
    clock: VirtualClock
    github: GitHub
    runners: list[Runner] = field(default_factory=list)
    decisions: dict[str, Review] = field(default_factory=dict)
    """Of environments whose reviewers do not approve."""
    granted: list[str] = field(default_factory=list)
    """Jobs that a person approved."""

    def runner(self, actor: str = "ann") -> Runner:
        number = 42 + len(self.runners)
        environ = {
            "AWS_EC2_METADATA_DISABLED": "true",
            "REPLAY_TOKEN": TOKEN,
            "GITHUB_API_URL": self.github.url,
        }
        repository, folder = self.folder / "repository", self.folder / f"run-{number}"
        made = Runner(repository, folder, environ, {}, InProcess(), run_id=number, actor=actor)
        made.review = lambda environment, job: self.review(made, environment, job)
        self.runners.append(made)
        return made

    def review(self, runner: Runner, environment: str, job: str) -> Review:
        decision = self.decisions.get(environment, Review.GRANTED)
        if decision is Review.GRANTED and self.github.environments.get(environment):
            self.granted.append(job)
            self.github.approve(runner.run_id, environment, "ben")
        return decision

    def call(self, workflow: str, **inputs: object) -> Runner:
        runner = self.runner()
        given = ROLLOUT if workflow == "eksdns-rollout.yml" else SHARED
        runner.call(workflow, {**given, "state": str(self.folder / "state"), **inputs})
        return runner

    def operate(self, operation: str, **inputs: object) -> Runner:
        return self.call("eksdns-operate.yml", operation=operation, run=self.run_id, **inputs)

    def rerun(self, runner: Runner, again: Again) -> None:
        runner.call("eksdns-rollout.yml", {**ROLLOUT, "state": str(self.folder / "state")}, again)

    @property
    def run_id(self) -> str:
        (journal,) = (self.folder / "state" / "runs").glob("*.jsonl")
        return journal.stem

    @property
    def updated(self) -> list[str]:
        """Clusters in the order in which their updates were accepted."""
        calls = [call for call in self.world.calls if call.operation == "UpdateAddon"]
        return [call.cluster for call in calls if call.status == 200]


@pytest.fixture
def staged(tmp_path) -> Iterator[object]:
    (tmp_path / "repository").mkdir()
    clock = VirtualClock()

    def make(failures: int = 0, soak: str = "soak: 0s") -> Stage:
        world = world_of(
            parse_scenario(SCENARIO.replace("OUTCOMES", ", ".join([FAILS] * failures)), "scenario.yaml"),
            clock.now,
            endpoint_of=in_process,
        )
        (tmp_path / "repository" / "eksdns.yaml").write_text(FLEET.replace("SOAK", soak))
        sessions = virtual_sessions(world, clock, HUB)
        opened.append(sessions)
        sessions.__enter__()
        github.protect("eksdns-apply")
        github.protect("eksdns-approval", "ben")
        github.protect("eksdns-operate", "ben")
        return Stage(tmp_path, world, clock, github)

    opened: list[object] = []
    with github_api() as github:
        yield make
    for sessions in opened:
        sessions.__exit__(None, None, None)  # type: ignore[attr-defined]  # a context manager


def results(runner: Runner) -> dict[str, str]:
    """Results of the jobs of waves that ran."""
    found = {name: one.result for name, one in runner.jobs.items() if name.endswith("/wave")}
    return {name.split("/")[-2]: result for name, result in found.items() if result != "skipped"}


def logs(runner: Runner) -> str:
    return "\n".join(f"== {name} {one.result}\n{one.log}" for name, one in runner.jobs.items())


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
    assert "it is scrapped tomorrow (ann in GitHub)" in (
        (stage.folder / "state" / "runs" / f"{stage.run_id}.jsonl").read_text()
    )


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
