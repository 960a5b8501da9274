"""Two processes on the same clusters, their state in S3: one can hold the lock; a dead holder loses it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from eksaddon.domain.errors import ExitCode
from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.aws.moto_http import moto_over_http
from tests.support.network.clusters import Clusters

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SCENARIO = """
version: 1
pace: {update: [12, 12]}
accounts:
  - {id: "123456789012", name: shop, regions: [eu-west-1]}
documents: {plain: '{"replicaCount": 2}'}
clusters:
  - {name: "c-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
STATE = "s3://runs-of-dns/eksdns"
LIMIT = 60.0
"""Seconds until a process that says nothing has failed the test."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where processes are begun."""

    world: World
    folder: Path
    env: dict[str, str]

    def begin(self, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("eksdns")), *args],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *args: str) -> tuple[int, str]:
        process = self.begin(*args)
        _, err = process.communicate(timeout=LIMIT)
        return process.returncode, err

    def updates(self) -> list[int]:
        addons = [self.world.addon(cluster.ref) for cluster in self.world.clusters()]
        return [len(addon.updates) for addon in addons if addon is not None]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clusters = Clusters()
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"), endpoint_of=clusters)
    with moto_over_http() as s3, running(with_console(world)) as eks:
        clusters.url = eks.url
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": eks.url,
            "AWS_ENDPOINT_URL_S3": s3.url,
            "EKSDNS_STATE": STATE,
        }
        client = boto3.client(
            "s3",
            endpoint_url=s3.url,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # nobody's
        )
        client.create_bucket(
            Bucket="runs-of-dns", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield Desk(world, tmp_path, env)


def until_written(desk: Desk) -> None:
    end = time.monotonic() + LIMIT
    while not any(desk.updates()):
        assert time.monotonic() < end, "no update was begun"
        time.sleep(0.2)


APPLY = ("apply", "--all", "--replicas", "3", "--yes", "--max-concurrency", "1", "--failure-tolerance", "3")


def test_one_holds_the_other_is_refused_and_takes_over_from_a_dead_process_at_once(desk: Desk) -> None:
    first = desk.begin(*APPLY)
    until_written(desk)
    code, err = desk.run(*APPLY)
    assert code == ExitCode.REFUSED
    assert "is locked by run" in err
    (run_id,) = set(re.findall(r"is locked by run (\S+)", err))
    code, err = desk.run("resume", run_id)
    assert code == ExitCode.REFUSED
    assert "the lock expires at" in err
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=LIMIT)
    code, err = desk.run("resume", run_id)
    assert code == ExitCode.DONE, err
    assert desk.updates() == [1, 1, 1]
