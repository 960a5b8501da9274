"""The command line, in this process, against the simulator on a loopback socket."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from eksaddon.cli.main import run
from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.github.api import REPOSITORY, TOKEN
from tests.support.github.job import Job
from tests.support.network.clusters import Clusters
from tests.support.simulation import scenario_of

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts:
  - {id: "123456789012", name: shop, regions: [eu-west-1], roles: {eksdns-apply: {}}}
documents:
  prod:
    format: json-indented
    values:
      computeType: ec2
      replicaCount: 2
      tolerations: [{key: CriticalAddonsOnly, operator: Exists}]
    corefile: |
      # keep in step with the runbook
      .:53 {
          errors
          health {
              lameduck 5s   # too short
            }
          ready
          kubernetes cluster.local in-addr.arpa ip6.arpa {
            pods insecure
            fallthrough in-addr.arpa ip6.arpa
          }
          forward . /etc/resolv.conf
          cache 30
          loop
          reload
      }

      corp.example:53 {
        \tforward . 10.0.0.2
          cache 60
      }
  broken: '{"replicaCount": '
  broken-corefile:
    corefile: |
      .:53 {
          errors
          helth
      }
clusters:
  - {name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: prod}
  - {name: "dev-{n}", count: 2, region: eu-west-1, addon: v1.11.4-eksbuild.51}
  - {name: auto, region: eu-west-1, addon: none, autoMode: true}
  - {name: legacy, region: eu-west-1, addon: none}
  - {name: unborn, region: eu-west-1, status: CREATING, addon: none}
  - {name: typo, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: broken-corefile}
  - {name: secret, region: eu-west-1, addon: v1.11.4-eksbuild.51}
faults:
  - {kind: denied, match: {cluster: secret}}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Stage:
    world: World
    call: Callable[..., Ended]

    def count(self, operation: str) -> int:
        return self.world.calls.counts.get(operation, 0)


@pytest.fixture(autouse=True)
def no_real_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of botocore before its retries are real time, also where a test's own time is virtual.

    So are those of repeated requests to Kubernetes, and waits for the disk, which matter only to those whose
    power is cut.
    """
    monkeypatch.setattr("eksaddon.kube.repeating.FIRST_PAUSE", 0.0)
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda *_, **__: True)


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """A command line in an empty folder, without any AWS setting."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "EKSDNS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)

    def call(*args: str) -> Ended:
        code = run(args)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def stage(bare: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    clusters = Clusters()
    world = world_of(scenario_of(SCENARIO), endpoint_of=clusters)
    with running(with_console(world)) as address:
        clusters.url = address.url
        monkeypatch.setenv("AWS_ENDPOINT_URL", address.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        yield Stage(world, bare)


@pytest.fixture
def job(bare, tmp_path, monkeypatch):
    for name, value in {
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_RUN_ID": "42",
        "GITHUB_SHA": "0" * 40,
        "GITHUB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_EVENT_PATH", raising=False)
    return Job(tmp_path, bare, monkeypatch.setenv)


@pytest.fixture
def fleet(stage, job):  # noqa: ARG001  # the simulator behind AWS_ENDPOINT_URL
    (job.folder / "eksdns.yaml").write_text("version: 1\ncoredns: {lameduck: 20s, replicaCount: 3}\n")
    return job
