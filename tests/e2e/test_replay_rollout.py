"""The rollout workflow, read from its own YAML and run job by job: EKS simulated, S3 by moto."""

import json
import os
import shutil
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
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.aws.moto_http import moto_over_http
from tests.support.github.replay import Ended, Runner
from tests.support.network.clusters import Clusters

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
FIRST, LAST = "wave-1/wave", "wave-3/wave"


@dataclass
class Stage:
    folder: Path
    world: World
    environ: dict[str, str]
    s3: "S3Client"
    approved: set[str] = field(default_factory=lambda: {"eksdns-apply", "eksdns-approval"})

    def runner(self) -> Runner:
        repository = self.folder / "repository"
        repository.mkdir()
        (repository / "eksdns.yaml").write_text(FLEET)
        return Runner(
            repository,
            self.folder / "run",
            self.environ,
            {},
            approve=lambda environment: environment in self.approved,
        )

    def updated(self) -> list[str]:
        """Clusters in the order in which their updates were accepted."""
        calls = [call for call in self.world.calls if call.operation == "UpdateAddon"]
        return [call.cluster for call in calls if call.status == 200]

    def runs(self) -> list[str]:
        """Folders in the bucket, one for each run."""
        page = self.s3.list_objects_v2(Bucket="acme-eksdns", Prefix="runs/runs/", Delimiter="/")
        return [one["Prefix"] for one in page["CommonPrefixes"]]


@pytest.fixture
def staged(tmp_path) -> Iterator[Callable[..., Stage]]:
    with moto_over_http() as s3:
        client = boto3.client(
            "s3",
            endpoint_url=s3.url,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        client.create_bucket(
            Bucket="acme-eksdns", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield from _staged(tmp_path, s3.url, client)


def _staged(folder: Path, s3: str, client: "S3Client") -> Iterator[Callable[..., Stage]]:
    stages = []

    def make(seconds: float = 0) -> Stage:
        clusters, scenario = Clusters(), SCENARIO.replace("SECONDS", str(seconds))
        world = world_of(parse_scenario(scenario, "scenario.yaml"), endpoint_of=clusters)
        opened = running(with_console(world))
        stages.append(opened)
        clusters.url = opened.__enter__().url
        environ = {
            "AWS_ENDPOINT_URL": clusters.url,
            "AWS_ENDPOINT_URL_S3": s3,
            "AWS_EC2_METADATA_DISABLED": "true",
            "REPLAY_TOKEN": "none",
        }
        return Stage(folder, world, environ, client)

    yield make
    for opened in stages:
        opened.__exit__(None, None, None)


def results(ended: dict[str, Ended]) -> dict[str, str]:
    return {name: one.result for name, one in ended.items() if one.result != "skipped"}


def logs(runner: Runner) -> str:
    return "\n".join(f"== {name} {one.result}\n{one.log}" for name, one in runner.jobs.items())


def test_waves_follow_one_another_each_in_its_own_job(staged):
    stage = staged()
    runner = stage.runner()
    ended = runner.call("eksdns-rollout.yml", {**INPUTS, "shards": 1})
    assert set(results(ended).values()) == {"success"}, logs(runner)
    assert [name for name in results(ended) if name.startswith("wave-")] == ["wave-1", "wave-2", "wave-3"]
    first, second, last = stage.updated()
    assert {first, second} == {"dev-1", "dev-2"}
    assert last == "shop"
    assert "succeeded" in ended["report"].summary


def test_an_approval_is_waited_for_without_a_runner_and_the_next_job_goes_on(staged):
    stage = staged()
    runner = stage.runner()
    stage.approved.remove("eksdns-approval")
    ended = runner.call("eksdns-rollout.yml", INPUTS)
    assert runner.jobs[LAST].result == "failure"
    assert results(ended)["wave-2"] == "success", logs(runner)
    assert "shop" not in stage.updated()
    stage.approved.add("eksdns-approval")
    again = runner.call("eksdns-rollout.yml", INPUTS)
    assert set(results(again).values()) == {"success"}, logs(runner)
    assert len(stage.updated()) == 3
    assert "ann in GitHub" in runner.jobs[LAST].log or "approve" in runner.jobs[LAST].log


def test_a_cancelled_job_is_run_again_and_what_is_done_stays_done(staged):
    stage = staged(1.0)
    runner = stage.runner()

    def cancel(name: str, process: "subprocess.Popen[str]") -> bool:
        """As the runner does: SIGINT to the step's process while its update is under way."""
        if name != "wave-2/wave":
            return False
        ends = time.monotonic() + 30
        while len(stage.updated()) < 2 and process.poll() is None and time.monotonic() < ends:
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        return True

    runner.cut = cancel
    first = runner.call("eksdns-rollout.yml", INPUTS)
    assert runner.jobs["wave-2/wave"].result == "cancelled"
    assert "wave-3" not in results(first)
    runner.cut = lambda _name, _process: False
    again = runner.call("eksdns-rollout.yml", INPUTS)
    assert set(results(again).values()) == {"success"}, logs(runner)
    assert sorted(stage.updated()) == ["dev-1", "dev-2", "shop"], "no update is sent twice"


def test_a_job_that_was_lost_with_its_artifact_is_run_again_in_the_same_run(staged):
    """A runner that dies uploads nothing: the run is found in the bucket, by its plan."""
    stage = staged(1.0)
    runner = stage.runner()

    def lose(name: str, process: "subprocess.Popen[str]") -> bool:
        if name != FIRST:
            return False
        ends = time.monotonic() + 30
        while not stage.updated() and process.poll() is None and time.monotonic() < ends:
            os.sched_yield()
        process.kill()
        return True

    runner.cut = lose
    runner.call("eksdns-rollout.yml", INPUTS)
    assert runner.jobs[FIRST].result == "cancelled"
    assert len(stage.updated()) == 1
    shutil.rmtree(runner.folder / "artifacts" / "eksdns-run-1")
    runner.cut = lambda _name, _process: False
    again = runner.call("eksdns-rollout.yml", INPUTS)
    assert set(results(again).values()) == {"success"}, logs(runner)
    assert sorted(stage.updated()) == ["dev-1", "dev-2", "shop"], "no update is sent twice"
    assert len(stage.runs()) == 1


def test_a_fleet_that_is_dealt_out_has_a_run_for_each_part_and_one_report(staged):
    stage = staged()
    runner = stage.runner()
    ended = runner.call("eksdns-rollout.yml", {**INPUTS, "shards": 2})
    assert set(results(ended).values()) == {"success"}, logs(runner)
    assert sorted(stage.updated()) == ["dev-1", "dev-2", "shop"]
    assert stage.updated()[-1] == "shop", "a wave of one part waits for the one before of all parts"
    assert len(stage.runs()) == 2
    merged = json.loads((runner.folder / "artifacts" / "eksdns-report" / "report.json").read_text())
    assert (merged["summary"]["targets"], merged["summary"]["changed"]) == (3, 3)
