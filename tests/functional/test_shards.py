"""`--shard`: each part reads its own accounts, and all parts together are the fleet."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eksaddon.report.model.build import SHARD_WAVE
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from tests.support.examples import one_quick
from tests.support.timing.virtual_sessions import virtual_sessions

ACCOUNTS = [f"20000000000{number}" for number in range(1, 6)]
SCENARIO = (
    """
version: 1
defaultAccount: hub
accounts:
  - {id: "100000000000", name: hub, regions: [eu-west-1]}
"""
    + "".join(
        f'  - {{id: "{one}", name: a{one[-1]}, regions: [eu-west-1], roles: {{eksdns-read: {{}}}}}}\n'
        for one in ACCOUNTS
    )
    + "clusters:\n"
    + "".join(
        f"  - {{name: shop, account: a{one[-1]}, region: eu-west-1, addon: v1.11.4-eksbuild.51}}\n"
        for one in ACCOUNTS
    )
)
FLEET = (
    """
version: 1
coredns: {replicaCount: 3}
accounts:
"""
    + "".join(
        f'  - {{id: "{one}", name: same, role: eksdns-read, regions: [eu-west-1]}}\n' for one in ACCOUNTS
    )
    + """
rollout:
  emptyWave: error
  waves:
    - {name: canary, select: {account: "200000000001"}}
    - {name: rest}
"""
)
"""Every account has the same name."""


@pytest.fixture
def call(bare, tmp_path) -> Iterator[Any]:
    clock = VirtualClock()
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"), clock.now)
    (tmp_path / "eksdns.yaml").write_text(FLEET)
    with virtual_sessions(world, clock, "100000000000"):
        yield bare


def targets(path: Path) -> list[str]:
    return [one["account"] for one in json.loads(path.read_text())["clusters"]]


@pytest.mark.parametrize("verb", one_quick(["plan", "drift", "status", "audit"]))
def test_all_shards_together_are_the_fleet_even_where_accounts_have_one_name(call, tmp_path, verb):
    files = []
    for number in range(1, 8):
        files.append(str(tmp_path / f"{number}.json"))
        ended = call(verb, "--all", "--shard", f"{number}/7", "--report", f"json={files[-1]}", "-q")
        assert ended.code == 0, ended.err
    parts = [targets(Path(one)) for one in files]
    assert sorted(account for part in parts for account in part) == ACCOUNTS
    assert [] in parts, "a shard can be empty"
    ended = call("report", "merge", *files, "--report", f"json={tmp_path / 'all.json'}")
    assert (ended.code, targets(tmp_path / "all.json")) == (0, ACCOUNTS)
    ended = call("report", "merge", *files[:-1])
    assert (ended.code, "1 of 7 shards are missing: 7" in ended.err) == (3, True)


def test_shards_of_a_fleet_file_that_changed_between_them_are_not_one_fleet(call, tmp_path):
    files = [str(tmp_path / f"{number}.json") for number in (1, 2)]
    call("plan", "--all", "--shard", "1/2", "--report", f"json={files[0]}")
    (tmp_path / "eksdns.yaml").write_text(FLEET.replace("replicaCount: 3", "replicaCount: 4"))
    call("plan", "--all", "--shard", "2/2", "--report", f"json={files[1]}")
    ended = call("report", "merge", *files)
    assert (ended.code, "not shards of one fleet" in ended.err) == (5, True)


def test_a_rollout_is_not_sharded(call, tmp_path):
    ended = call("plan", "--all", "--shard", "1/2", "--out", str(tmp_path / "plan.json"))
    assert (ended.code, "a rollout is one run" in ended.err) == (5, True)
    assert not (tmp_path / "plan.json").exists()
    assert call("apply", "--all", "--shard", "1/2").code == 64


@pytest.mark.parametrize(("shard", "code"), [("2/4", 5), ("1/1", 0), ("4/2", 64)])
def test_apply_in_the_job_of_a_shard_is_refused(call, monkeypatch, shard, code):
    monkeypatch.setenv("EKSDNS_SHARD", shard)
    ended = call("apply", "--all", "--yes")
    assert ended.code == code, ended.err
    assert (code != 5) or "apply cannot be sharded: a rollout is one run" in ended.err


def test_a_plan_of_a_shard_says_that_its_limited_waves_are_not_those_of_the_rollout(call, tmp_path):
    limited = FLEET.replace('canary, select: {account: "200000000001"}', "canary, limit: 1")
    (tmp_path / "eksdns.yaml").write_text(limited)
    ended = call("plan", "--all", "--shard", "1/2")
    assert "warning: shard 1/2 takes the members of canary from its own accounts" in ended.err
    for kind in ("table", "markdown", "html", "json"):
        text = " ".join(call("plan", "--all", "--shard", "1/2", "-o", kind).out.split())
        assert text.count(SHARD_WAVE) == 1, kind
        assert SHARD_WAVE not in " ".join(call("plan", "--all", "-o", kind).out.split())
    for other in (("plan", "--all"), ("plan", "--all", "--shard", "1/1")):
        assert "takes the members" not in call(*other).err
    (tmp_path / "eksdns.yaml").write_text(FLEET)
    assert "takes the members" not in call("plan", "--all", "--shard", "1/2").err


def test_auto_takes_the_numbers_of_the_engine(call, monkeypatch, tmp_path):
    assert call("plan", "--all", "--shard", "auto").code == 64
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "0")
    monkeypatch.setenv("EKSDNS_SHARD_TOTAL", "1")
    report = tmp_path / "report.json"
    assert call("plan", "--all", "--shard", "auto", "--report", f"json={report}").code == 0
    assert json.loads(report.read_text())["shard"]["of"] == 1
