"""`eksdns apply` from the first call to the proof, and what it leaves alone."""

import json
from dataclasses import replace

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.workload.state import Reach
from tests.functional.conftest import Stage

PROD = ClusterRef("123456789012", "eu-west-1", "prod")
APPLY = ("apply", "--cluster", "prod", "--lameduck", "20s", "--replicas", "3", "--yes")


def test_exactly_lameduck_and_replicas_change(stage):
    before = stage.world.document(PROD)
    ended = stage.call(*APPLY)
    after = stage.world.document(PROD)
    assert ended.code == 0
    old, new = json.loads(before), json.loads(after)
    assert new.pop("replicaCount") == 3
    assert old.pop("replicaCount") == 2
    assert new.pop("corefile") == old.pop("corefile").replace("lameduck 5s", "lameduck 20s")
    assert new == old
    changed = before.replace('"replicaCount": 2', '"replicaCount": 3').replace("lameduck 5s", "lameduck 20s")
    assert after == changed, "not one other byte of the document moves"


def test_a_second_run_writes_nothing(stage):
    stage.call(*APPLY)
    updates = stage.count("UpdateAddon")
    ended = stage.call(*APPLY, "-o", "json")
    assert (ended.code, stage.count("UpdateAddon")) == (0, updates)
    document = json.loads(ended.out)
    assert document["summary"]["inSync"] == document["summary"]["targets"] == 1


def test_formatting_alone_is_not_a_difference(stage):
    stage.call(*APPLY)
    stage.world.write(PROD, json.dumps(json.loads(stage.world.document(PROD)), indent=7))
    ended = stage.call("drift", "--cluster", "prod", "--lameduck", "20s", "--detailed-exitcode")
    assert ended.code == 0


def test_without_a_terminal_and_without_yes_nothing_is_written(stage):
    ended = stage.call("apply", "--cluster", "prod", "--lameduck", "20s")
    assert ended.code == 5
    assert "--yes" in ended.err
    assert stage.count("UpdateAddon") == 0


def test_a_whole_account_adds_up(stage):
    ended = stage.call("apply", "--all", "--lameduck", "20s", "--yes", "-o", "json", "-q")
    summary = json.loads(ended.out)["summary"]
    assert summary.pop("targets") == sum(summary.values()) == 8
    assert summary["changed"] == 3
    assert (summary["skipped"], summary["blocked"]) == (3, 1)
    assert summary["unreachable"] == 1
    assert ended.code == 3


def no_entry(stage: Stage) -> None:
    """The cluster has no access entry for the role."""
    stage.world.change_workload(PROD, lambda old: replace(old, reach=Reach.NO_ENTRY))


def test_grace_and_pre_stop_are_never_silently_dropped(stage):
    no_entry(stage)
    ended = stage.call("plan", "--cluster", "prod", "--grace", "45", "--pre-stop", "5s", "-o", "json")
    (cluster,) = json.loads(ended.out)["clusters"]
    why = "the Kubernetes API rejected the credentials (401 Unauthorized)"
    notes = {change["path"]: change["note"] for change in cluster["changes"]}
    assert notes == {
        "terminationGracePeriodSeconds": f"not applied: {why}",
        "lifecycle.preStop.sleep.seconds": f"not applied: {why}",
    }
    assert "workload-not-checked" in {one["rule"] for one in cluster["diagnostics"]}


def test_a_plane_that_was_not_read_is_not_in_sync(stage):
    no_entry(stage)
    ended = stage.call("drift", "--cluster", "prod", "--grace", "45", "-o", "json")
    assert json.loads(ended.out)["summary"]["inSync"] == 0


def test_plan_asks_for_no_more_than_it_needs(stage):
    stage.call("plan", "--cluster", "prod", "--cluster", "dev-*", "--lameduck", "20s")
    assert stage.count("DescribeAddon") == 3
    assert stage.count("DescribeAddonConfiguration") == 1
    assert stage.count("ListClusters") == 1


def test_a_fleet_file_says_the_same_as_flags(stage, tmp_path):
    (tmp_path / "eksdns.yaml").write_text("version: 1\ncoredns: {lameduck: 20s, replicaCount: 3}\n")
    by_file = stage.call("plan", "--cluster", "prod", "-o", "json")
    by_flags = stage.call("plan", "--cluster", "prod", "--lameduck", "20s", "--replicas", "3", "-o", "json")
    assert json.loads(by_file.out)["digest"] == json.loads(by_flags.out)["digest"]


WAVES = """
version: 1
coredns: {lameduck: 20s}
rollout: {waves: [{name: all, select: {cluster: "*"}, soak: 30m}]}
"""


def test_a_soak_that_is_too_long_to_wait_for_pauses_the_run(stage, tmp_path):
    (tmp_path / "eksdns.yaml").write_text(WAVES)
    ended = stage.call("apply", "--cluster", "dev-*", "--yes", "--max-wait", "1m")
    assert ended.code == 4
    assert "soaking until" in ended.err
    assert "eksdns resume" in ended.err
    assert stage.count("UpdateAddon") == 2


def test_a_negative_time_limit_is_a_usage_error(stage):
    ended = stage.call("apply", "--cluster", "prod", "--replicas", "3", "--yes", "--busy-timeout", "-1s")
    assert (ended.code, stage.count("UpdateAddon")) == (64, 0)
    assert "--busy-timeout -1s: negative duration" in ended.err


def test_a_cluster_that_is_named_needs_no_wave(stage, tmp_path):
    (tmp_path / "eksdns.yaml").write_text(WAVES)
    assert stage.call("apply", "--cluster", "prod", "--yes").code == 0
