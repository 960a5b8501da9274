"""`apply`, `plan` and `adopt` do not lower the protection of cluster DNS unless they are allowed to."""

import json
from pathlib import Path

from eksaddon.domain.target import ClusterRef
from tests.functional.conftest import Stage

PROD = ClusterRef("123456789012", "eu-west-1", "prod")
FEWER = ("--cluster", "prod", "--replicas", "3")


def many(stage: Stage) -> None:
    document = json.loads(stage.world.document(PROD) or "{}")
    stage.world.write(PROD, json.dumps({**document, "replicaCount": 40}))


def replicas(stage: Stage) -> int:
    count = json.loads(stage.world.document(PROD) or "{}")["replicaCount"]
    assert isinstance(count, int)
    return count


def test_from_forty_replicas_to_three_is_refused_and_never_quiet(stage):
    many(stage)
    ended = stage.call("apply", *FEWER, "--yes", "-q")
    assert ended.code == 5
    assert "weakens DNS: replicas from 40 to 3" in ended.out + ended.err
    assert "--allow-weaken" in ended.out + ended.err
    assert (replicas(stage), stage.count("UpdateAddon")) == (40, 0)


def test_the_option_allows_it_and_the_warning_is_still_printed(stage):
    many(stage)
    ended = stage.call("apply", *FEWER, "--allow-weaken", "--yes", "-q")
    assert ended.code == 0
    assert ended.err.startswith("warning: ")
    assert "weakens DNS: replicas from 40 to 3" in ended.err
    assert "1 weakens DNS" in ended.out
    assert replicas(stage) == 3


def test_the_fleet_file_allows_it(stage):
    many(stage)
    Path("eksdns.yaml").write_text("version: 1\ncoredns: {replicaCount: 3, allowWeaken: true}\n")
    assert stage.call("apply", "--cluster", "prod", "--yes").code == 0
    assert replicas(stage) == 3


def test_a_saved_plan_carries_the_consent(stage):
    many(stage)
    assert stage.call("plan", *FEWER, "--allow-weaken", "--out", "allowed.json").code == 0
    assert stage.call("apply", "allowed.json", "--yes").code == 0
    assert replicas(stage) == 3


def test_a_saved_plan_without_it_stays_blocked(stage):
    many(stage)
    assert stage.call("plan", *FEWER, "--out", "blocked.json").code == 5
    assert stage.call("apply", "blocked.json", "--yes").code == 5
    assert stage.call("apply", "blocked.json", "--yes", "--allow-weaken").code == 64
    assert replicas(stage) == 40


def test_a_rollback_restores_a_weaker_value_because_it_was_asked_for(stage):
    run = json.loads(stage.call("apply", *FEWER, "--yes", "-o", "json").out)["runId"]
    assert stage.call("rollback", run, "--yes").code == 0
    assert replicas(stage) == 2


def test_drift_marks_what_the_desired_state_lowers_and_blocks_nothing(stage):
    many(stage)
    ended = stage.call("drift", *FEWER, "-o", "json", "--detailed-exitcode")
    document = json.loads(ended.out)
    assert (ended.code, document["weakening"], document["summary"]["drifted"]) == (2, 1, 1)
    found = document["clusters"][0]["diagnostics"]
    assert [one["severity"] for one in found if one["rule"] == "weakens-dns"] == ["info"]


def test_a_warning_of_the_plan_is_printed_with_quiet(stage):
    ended = stage.call("apply", "--cluster", "prod", "--replicas", "1", "--allow-weaken", "--yes", "-q")
    assert "prod: replicaCount 1 interrupts DNS" in ended.err


def test_strict_blocks_warnings_of_the_plan_and_of_the_fleet_file(stage):
    warned = ("--cluster", "prod", "--lameduck", "28s", "--yes", "--strict")
    ended = stage.call("apply", *warned, "-o", "json")
    assert (ended.code, stage.count("UpdateAddon")) == (5, 0)
    Path("eksdns.yaml").write_text(
        "version: 1\ncoredns: {replicaCount: 3}\n"
        "waivers: [{match: {cluster: prod}, path: lameduck, owner: dns, reason: test, until: 2020-01-01}]\n"
    )
    expired = stage.call("apply", "--cluster", "prod", "--yes", "--strict")
    assert expired.code == 5
    assert "--strict treats warnings as errors; nothing was written" in expired.err
    assert stage.count("UpdateAddon") == 0
    assert stage.call("apply", "--cluster", "prod", "--yes").code == 0
