"""The rollout workflow, read from its own YAML and run job by job: EKS simulated, S3 by moto."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.aws.moto_http import moto_over_http
from tests.support.github.api import TOKEN, GitHub, github_api, number_of
from tests.support.github.programs import InProcess, Processes, Program
from tests.support.github.replay import Again, Review, Runner
from tests.support.network.clusters import Clusters
from tests.support.timing.hurry import hurried
from tests.support.timing.virtual_sessions import virtual_sessions

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.e2e

SCENARIO = """
version: 1
pace: {update: [SECONDS, SECONDS]}
defaultAccount: hub
accounts:
  - {id: "100000000000", name: hub, regions: [eu-west-1]}
  - {id: "200000000001", name: dev, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
  - {id: "200000000002", name: prod, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
documents: {plain: '{"replicaCount": 2}'}
clusters:
  - {name: "dev-{n}", count: 2, account: dev, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - {name: shop, account: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts:
  - {id: "200000000001", name: dev, role: eksdns-apply, regions: [eu-west-1], labels: {env: dev}}
  - {id: "200000000002", name: prod, role: eksdns-apply, regions: [eu-west-1], labels: {env: prod}}
rollout:
  waves:
    - {name: canary, select: {labels: {env: dev}}, limit: 1}
    - {name: dev, select: {labels: {env: dev}}, maxConcurrency: 1}
    - {name: prod, select: {labels: {env: prod}}, before: [{type: approval}]}
"""
INPUTS = {
    "plan-role": "arn:aws:iam::100000000000:role/eksdns-plan",
    "apply-role": "arn:aws:iam::100000000000:role/eksdns-rollout",
    "region": "eu-west-1",
    "state": "s3://acme-eksdns/runs",
}
Cut = Callable[["subprocess.Popen[str]"], None]
FIRST, SECOND, LAST = (f"waves/wave-{number}/wave" for number in (1, 2, 3))
HUB = "100000000000"


@dataclass
class Stage:
    folder: Path
    world: World
    runner: Runner
    github: GitHub
    waiting: set[str] = field(default_factory=set)
    """Environments whose reviewers do not answer."""

    def updated(self) -> list[str]:
        """Clusters in the order in which their updates were accepted."""
        calls = [call for call in self.world.calls if call.operation == "UpdateAddon"]
        return [call.cluster for call in calls if call.status == 200]

    def review(self, environment: str, _job: str) -> Review:
        if environment in self.waiting:
            return Review.REJECTED
        if self.github.environments.get(environment):
            self.github.approve(self.runner.run_id, environment, "ann")
        return Review.GRANTED


def staged(folder: Path, world: World, environ: dict[str, str], program: Program, github: GitHub) -> Stage:
    repository = folder / "repository"
    repository.mkdir()
    (repository / "eksdns.yaml").write_text(FLEET)
    github.protect("eksdns-apply")
    github.protect("eksdns-approval", "ann", "ben")
    environ = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "REPLAY_TOKEN": TOKEN,
        "GITHUB_API_URL": github.url,
        **environ,
    }
    runner = Runner(repository, folder / "run", environ, {}, program)
    stage = Stage(folder, world, runner, github)
    runner.review = stage.review
    return stage


@pytest.fixture
def stage(tmp_path) -> Iterator[Stage]:
    """Everything in this process, on simulated time, recorded in a folder."""
    clock = VirtualClock()
    scenario = parse_scenario(SCENARIO.replace("SECONDS", "60"), "scenario.yaml")
    world = world_of(scenario, clock.now, endpoint_of=in_process)
    with virtual_sessions(world, clock, HUB), github_api() as github:
        yield staged(tmp_path, world, {}, InProcess(), github)


@dataclass
class Real:
    """Real processes and sockets, recorded in a bucket."""

    stage: Stage
    processes: Processes
    s3: "S3Client"

    def runs(self) -> list[str]:
        """Folders in the bucket, one for each run."""
        page = self.s3.list_objects_v2(Bucket="acme-eksdns", Prefix="runs/runs/", Delimiter="/")
        return [one["Prefix"] for one in page["CommonPrefixes"]]


@pytest.fixture
def real(tmp_path) -> Iterator[Real]:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-west-1"}
    clusters, scenario = Clusters(), parse_scenario(SCENARIO.replace("SECONDS", "1"), "scenario.yaml")
    world = world_of(scenario, endpoint_of=clusters)
    with moto_over_http() as s3, hurried(), running(with_console(world)) as address, github_api() as github:
        clusters.url = address.url
        client: S3Client = boto3.client("s3", endpoint_url=s3.url, **keys)  # type: ignore[call-overload]  # by name
        client.create_bucket(
            Bucket="acme-eksdns", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        environ = {"AWS_ENDPOINT_URL": address.url, "AWS_ENDPOINT_URL_S3": s3.url}
        processes = Processes(tmp_path)
        yield Real(staged(tmp_path, world, environ, processes, github), processes, client)


def waves(stage: Stage) -> dict[str, str]:
    """The results of the jobs of waves that ran."""
    found = {name: one.result for name, one in stage.runner.jobs.items() if name.endswith("/wave")}
    return {name.split("/")[-2]: result for name, result in found.items() if result != "skipped"}


def logs(runner: Runner) -> str:
    return "\n".join(f"== {name} {one.result}\n{one.log}" for name, one in runner.jobs.items())


def inputs(stage: Stage, **more: object) -> dict[str, object]:
    return {**INPUTS, "state": str(stage.folder / "state"), **more}


def test_waves_follow_one_another_each_in_its_own_job(stage):
    ended = stage.runner.call("eksdns-rollout.yml", inputs(stage))
    assert {one.result for one in ended.values()} == {"success"}, logs(stage.runner)
    assert waves(stage) == dict.fromkeys(["wave-1", "wave-2", "wave-3"], "success")
    first, second, last = stage.updated()
    assert {first, second} == {"dev-1", "dev-2"}
    assert last == "shop"
    assert "succeeded" in stage.runner.jobs[LAST].summary


def test_an_approval_is_waited_for_without_a_runner_and_the_next_job_continues(stage):
    stage.waiting.add("eksdns-approval")
    stage.runner.call("eksdns-rollout.yml", inputs(stage))
    assert waves(stage) == {"wave-1": "success", "wave-2": "success", "wave-3": "failure"}, logs(stage.runner)
    assert "shop" not in stage.updated()
    stage.waiting.clear()
    stage.runner.call("eksdns-rollout.yml", inputs(stage), Again.FAILED)
    assert stage.runner.jobs[LAST].result == "success", logs(stage.runner)
    assert stage.runner.ran == [LAST, "outcome"]
    assert len(stage.updated()) == 3
    assert f"approved by ann ({number_of('ann')}) in GitHub" in stage.runner.jobs[LAST].summary


def test_a_job_that_was_cancelled_and_then_lost_is_run_again_in_the_same_run(real):
    """A runner that dies uploads nothing: its run is found in the bucket."""
    stage = real.stage

    def when(updates: int, end: Callable[["subprocess.Popen[str]"], None]) -> Cut:
        def cut(process: "subprocess.Popen[str]") -> None:
            ends = time.monotonic() + 30
            while len(stage.updated()) < updates and process.poll() is None and time.monotonic() < ends:
                os.sched_yield()
            end(process)

        return cut

    real.processes.cuts = {FIRST: when(1, lambda process: process.kill())}
    stage.runner.call("eksdns-rollout.yml", INPUTS)
    assert stage.runner.jobs[FIRST].result == "cancelled"
    assert len(stage.updated()) == 1
    real.processes.cuts = {SECOND: when(2, lambda process: process.send_signal(signal.SIGINT))}
    stage.runner.call("eksdns-rollout.yml", INPUTS, Again.FAILED)
    assert stage.runner.jobs[SECOND].result == "cancelled", logs(stage.runner)
    assert "wave-3" not in waves(stage)
    stage.runner.call("eksdns-rollout.yml", INPUTS, Again.FAILED)
    assert set(waves(stage).values()) == {"success"}, logs(stage.runner)
    assert sorted(stage.updated()) == ["dev-1", "dev-2", "shop"], "no update is sent twice"
    assert len(real.runs()) == 1
