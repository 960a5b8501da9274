"""The plan and drift workflows, read from their own YAML and run step by step in clean folders."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from eksaddon.cli.main import run
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.github.api import TOKEN, GitHub, github_api
from tests.support.github.programs import InProcess
from tests.support.github.replay import Runner
from tests.support.timing.virtual_sessions import virtual_sessions

SCENARIO = """
version: 1
pace: {update: [0, 0]}
defaultAccount: hub
accounts:
  - {id: "100000000000", name: hub, regions: [eu-west-1]}
  - {id: "200000000001", name: dev, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
  - {id: "200000000002", name: prod, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
documents: {plain: '{"replicaCount": 2}'}
clusters:
  - {name: "dev-{n}", count: 2, account: dev, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - name: "prod-{n}"
    count: 3
    account: prod
    region: eu-west-1
    addon: v1.11.4-eksbuild.51
    document: plain
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts:
  - {id: "200000000001", name: dev, role: eksdns-apply, regions: [eu-west-1]}
  - {id: "200000000002", name: prod, role: eksdns-apply, regions: [eu-west-1]}
"""
pytestmark = pytest.mark.e2e

INPUTS = {"role": "arn:aws:iam::100000000000:role/eksdns-plan", "region": "eu-west-1"}


@dataclass
class Stage:
    folder: Path
    world: World
    github: GitHub
    environ: dict[str, str]

    def runner(self, event: object = None, event_name: str = "schedule", fleet: str = FLEET) -> Runner:
        repository = self.folder / "repository"
        repository.mkdir(exist_ok=True)
        (repository / "eksdns.yaml").write_text(fleet)
        folder = self.folder / f"run-{len(list(self.folder.iterdir()))}"
        return Runner(repository, folder, self.environ, event or {}, InProcess(), event_name)  # type: ignore[arg-type]  # JSON


@pytest.fixture
def stage(tmp_path) -> Iterator[Stage]:
    clock = VirtualClock()
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"), clock.now, endpoint_of=in_process)
    with virtual_sessions(world, clock, "100000000000"), github_api() as github:
        environ = {
            "AWS_EC2_METADATA_DISABLED": "true",
            "GITHUB_API_URL": github.url,
            "REPLAY_TOKEN": TOKEN,
        }
        yield Stage(tmp_path, world, github, environ)


def pull_request(*, fork: bool = False) -> dict[str, object]:
    head = {"sha": "cd" * 20, "repo": {"full_name": "mallory/dns" if fork else "acme/dns"}}
    return {"number": 7, "pull_request": {"number": 7, "head": head}}


def results(ended) -> dict[str, str]:
    return {name: one.result for name, one in ended.items()}


def test_a_pull_request_gets_one_comment_about_the_whole_fleet(stage):
    runner = stage.runner(pull_request(), "pull_request")
    ended = runner.call("eksdns-plan.yml", {**INPUTS, "shards": 2})
    assert set(results(ended).values()) == {"success", "skipped"}, [one.log for one in ended.values()]
    (comment,) = stage.github.comments[7]
    assert "| 5 | 5 |" in comment["body"]
    assert ended["plan"].summary.count("### eksdns plan") == 2
    assert ended["comment"].summary.startswith("<!-- eksdns:plan -->")
    again = stage.runner(pull_request(), "pull_request", FLEET.replace("replicaCount: 3", "replicaCount: 4"))
    again.call("eksdns-plan.yml", {**INPUTS, "shards": 2})
    assert len(stage.github.comments[7]) == 1
    assert "replicaCount: 4" in stage.github.comments[7][0]["body"]
    assert stage.world.calls.counts["UpdateAddon"] == 0


def test_a_fork_is_checked_offline_and_makes_no_call(stage):
    runner = stage.runner(
        pull_request(fork=True), "pull_request", FLEET.replace("replicaCount", "replicaCoutn")
    )
    ended = runner.call("eksdns-plan.yml", INPUTS)
    assert results(ended) == {
        "validate": "failure",
        "shards": "skipped",
        "plan": "skipped",
        "comment": "skipped",
        "outdated": "skipped",
        "sarif": "skipped",
    }
    assert "::error file=eksdns.yaml,line=3," in ended["validate"].log
    good = stage.runner(pull_request(fork=True), "pull_request").call("eksdns-plan.yml", INPUTS)
    assert results(good) == {
        "validate": "success",
        "shards": "skipped",
        "plan": "skipped",
        "comment": "skipped",
        "outdated": "skipped",
        "sarif": "skipped",
    }
    assert stage.world.calls.counts.total() == 0
    assert stage.github.server is not None
    assert stage.github.server.seen == []


def test_a_cluster_that_cannot_be_read_fails_the_check_after_the_comment(stage):
    runner = stage.runner(pull_request(), "pull_request")
    ended = runner.call("eksdns-plan.yml", {**INPUTS, "member-role": "no-such-role"})
    assert ended["comment"].result == "failure"
    assert len(stage.github.comments[7]) == 1


def test_drift_opens_an_issue_and_closes_it_when_it_is_gone(stage):
    ended = stage.runner().call("eksdns-drift.yml", {**INPUTS, "shards": 2})
    assert set(results(ended).values()) == {"success", "skipped"}, [one.log for one in ended.values()]
    (issue,) = stage.github.issues
    assert (issue["title"], issue["state"]) == ("eksdns: 5 clusters drifted", "open")
    stage.runner(fleet=FLEET.replace("3}", "2}", 1)).call("eksdns-drift.yml", {**INPUTS, "shards": 2})
    assert [one["state"] for one in stage.github.issues] == ["closed"]


def test_a_check_that_could_not_start_updates_the_issue(stage):
    stage.runner().call("eksdns-drift.yml", INPUTS)
    broken = stage.runner(fleet=FLEET.replace("replicaCount", "replicaCoutn")).call(
        "eksdns-drift.yml", INPUTS
    )
    assert (broken["shards"].result, broken["unchecked"].result) == ("failure", "success")
    (issue,) = stage.github.issues
    assert (issue["title"], issue["state"]) == ("eksdns: drift could not be checked", "open")
    assert "actions/runs/42" in issue["body"]
    ended = stage.runner(fleet=FLEET.replace("3}", "2}", 1)).call("eksdns-drift.yml", INPUTS)
    assert (ended["unchecked"].result, issue["state"]) == ("skipped", "closed")


def test_each_shard_enters_its_own_accounts_only(stage):
    ended = stage.runner().call("eksdns-drift.yml", {**INPUTS, "shards": 2})
    include = json.loads(ended["shards"].outputs["matrix"])["include"]
    assert include == [{"shard": 1, "of": 2}, {"shard": 2, "of": 2}]
    entered = [call.account for call in stage.world.calls if call.operation == "AssumeRole"]
    assert sorted(entered) == ["200000000001", "200000000002"]


def test_the_action_gives_its_outputs_and_an_artifact(stage):
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-west-1"}
    stage.environ.update(keys)
    runner = stage.runner()
    command = "plan --all --detailed-exitcode"
    ended = runner.use({"command": command})
    assert ended.outputs == {
        "has_changes": "true",
        "changed_count": "5",
        "blocked_count": "0",
        "run_id": "",
        "state": "",
        "plan_path": "",
        "exit_code": "2",
    }
    found = sorted(path.name for path in runner.artifacts.find("eksdns-report").iterdir())
    assert found == ["report.html", "report.json", "report.sarif", "report.xml"]
    assert ended.result == "success"
    failed = stage.runner().use({"command": "plan --all --account nobody", "artifact": ""})
    assert failed.result == "failure"
    assert failed.outputs["exit_code"] != "0"


def test_the_files_of_init_produce_a_nightly_report(stage, monkeypatch):
    """From an empty folder to an issue, with nothing written by hand but the accounts."""
    runner = stage.runner()
    (runner.repository / "eksdns.yaml").unlink()
    monkeypatch.chdir(runner.repository)
    commit = "0123456789abcdef0123456789abcdef01234567"
    flags = (
        "--hub-account",
        "100000000000",
        "--home-region",
        "eu-west-1",
        "--state",
        "s3://acme-eksdns/runs",
    )
    assert run(["init", "--github", "--blank", *flags, "--workflows-commit", commit]) == 0
    fleet = runner.repository / "eksdns.yaml"
    accounts = FLEET[FLEET.index("accounts:") :]
    text = fleet.read_text().replace("# lameduck: 20s", "lameduck: 20s")
    fleet.write_text(f"{text}\n{accounts}")
    caller = YAML(typ="safe", pure=True).load(
        (runner.repository / ".github" / "workflows" / "eksdns-drift.yml").read_text()
    )
    called, _, pinned = caller["jobs"]["drift"]["uses"].rpartition("/")[2].partition("@")
    assert pinned == commit
    given = {key: runner.value(value, {"vars": {}}) for key, value in caller["jobs"]["drift"]["with"].items()}
    ended = runner.call(called, given)
    assert ended["issue"].log.endswith("issue #1 opened\n"), ended
    assert stage.github.issues[0]["title"].startswith("eksdns: 5 clusters drifted")
