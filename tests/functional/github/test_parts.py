"""`eksdns github shards`, `gather` and `waves`: a fleet over several jobs."""

import json

from tests.support.github.job import Job


def test_shards_are_outputs(fleet):
    assert fleet.call("github", "shards", "--shards", "4").code == 0
    include = json.loads(fleet.outputs["matrix"])["include"]
    assert include == [{"of": 1, "shard": 1}]
    assert fleet.outputs["parts"] == "1"


def test_a_command_that_would_ignore_its_shard_is_refused(fleet):
    fleet.setenv("EKSDNS_SHARD", "1/2")
    ended = fleet.call("github", "run", "--command", "apply --all --yes")
    assert (ended.code, "apply cannot be sharded" in ended.err) == (5, True)
    assert "a rollout is one run" in ended.err


def in_parts(fleet: Job, *names: str) -> None:
    for name in names:
        command = f"plan --cluster {name}"
        fleet.call("github", "run", "--command", command, "--folder", f"parts/{name}", "--allow", "3")


def test_the_parts_of_a_fleet_become_one_report(fleet):
    in_parts(fleet, "prod", "dev-*")
    assert fleet.call("github", "gather", "parts", "--parts", "2").code == 0
    assert fleet.outputs["changed_count"] == "3"
    merged = json.loads((fleet.folder / "eksdns-report" / "report.json").read_text())
    assert merged["summary"]["targets"] == 3


def test_a_part_that_is_missing_is_never_passed_over(fleet):
    in_parts(fleet, "prod")
    ended = fleet.call("github", "gather", "parts", "--parts", "2")
    assert (ended.code, "1 of 2 parts" in ended.err) == (3, True)
    assert not (fleet.folder / "eksdns-report").exists()


def test_gathering_reports_what_could_not_be_read(fleet):
    in_parts(fleet, "prod", "secret")
    assert fleet.call("github", "gather", "parts", "--parts", "2").code == 3


WAVES = """
version: 1
coredns: {replicaCount: 3}
rollout:
  waves:
    - {name: canary, limit: 1}
    - {name: rest, before: [{type: approval}]}
"""


def test_waves_with_something_to_do_are_outputs(fleet):
    (fleet.folder / "eksdns.yaml").write_text(WAVES)
    fleet.call("plan", "--cluster", "dev-*", "--out", "plan.json", "--report", "json=report.json")
    ended = fleet.call("github", "waves", "plan.json")
    assert (ended.code, ended.out) == (0, "canary\nrest, after an approval\n")
    first, second, *others = json.loads(fleet.outputs["waves"])
    assert first == {"name": "canary", "approval": False}
    assert second == {"name": "rest", "approval": True}
    assert set(others) == {None}
    assert fleet.outputs["has_changes"] == "true"


def test_nothing_to_do_is_not_a_wave(fleet):
    (fleet.folder / "eksdns.yaml").write_text(WAVES)
    fleet.call("plan", "--cluster", "auto", "--out", "plan.json", "--report", "json=report.json")
    assert fleet.call("github", "waves", "plan.json").out == ""
    assert fleet.outputs["has_changes"] == "false"
