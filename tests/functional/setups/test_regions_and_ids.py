"""Organizations as they are: ids with leading zeros, regions that are denied or not enabled."""

import json
from typing import Any

import pytest

from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.scenario.scenario import world_of
from tests.support.examples import one_quick
from tests.support.network.clusters import Clusters
from tests.support.simulation import scenario_of

SCENARIO = """
version: 1
defaultAccount: hub
organization: {management: hub}
accounts:
  - {id: "123456789012", name: hub, regions: [us-east-1, us-west-2, ap-east-1], roles: {eksdns-apply: {}}}
  - id: "111122223333"
    name: a
    ou: /W
    regions: [us-east-1, us-west-2, ap-east-1]
    roles: {eksdns-apply: {}}
  - {id: "044455556698", name: b, ou: /W, regions: [us-east-1, us-west-2], roles: {eksdns-apply: {}}}
clusters:
  - {name: c1, account: a, region: ap-east-1, addon: v1.11.4-eksbuild.51}
  - {name: c2, account: b, region: us-east-1, addon: v1.11.4-eksbuild.51}
faults:
  - {kind: denied-by-scp, match: {operation: ListClusters, region: us-west-2}}
"""
HEAD = "version: 1\ncoredns: {lameduck: 20s}\n"
ORGANIZATION = HEAD + "organization: {role: eksdns-apply, ous: [/W], regions: %s}\n"


@pytest.fixture
def fleet(bare, tmp_path, monkeypatch):
    """Runs a command with a fleet file, and gives its document."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    def call(text, *args):
        (tmp_path / "eksdns.yaml").write_text(text)
        ended = bare(*args, "-o", "json", "--quiet")
        return ended, json.loads(ended.out) if ended.out else {}

    clusters = Clusters()
    world = world_of(scenario_of(SCENARIO), endpoint_of=clusters)
    with running(with_console(world)) as address:
        clusters.url = address.url
        monkeypatch.setenv("AWS_ENDPOINT_URL", address.url)
        yield call


def names(document: Any) -> list[str]:
    return sorted(f"{each['region']}/{each['name']}" for each in document["clusters"])


@pytest.mark.parametrize(
    ("regions", "found"),
    one_quick(
        [
            ("['us-*', ap-east-1], excludeRegions: ['*-west-*']", ["ap-east-1/c1", "us-east-1/c2"]),
            ("all, excludeRegions: [us-west-2]", ["ap-east-1/c1", "us-east-1/c2"]),
            ("['us-east-*']", ["us-east-1/c2"]),
            ("[us-east-1, us-west-2], excludeRegions: [us-west-2]", ["us-east-1/c2"]),
        ]
    ),
)
def test_regions_are_chosen_by_globs_and_exclusions(fleet, regions, found):
    ended, document = fleet(ORGANIZATION % regions, "plan", "--all")
    assert ended.code == 0, ended.err
    assert names(document) == found


def test_unavailable_regions_that_are_declared_are_counted_shown_and_not_red(fleet):
    for regions in ("all", "[us-east-1, us-west-2, ap-east-1]"):
        red, _ = fleet(ORGANIZATION % regions, "plan", "--all")
        assert red.code == 3
        ended, document = fleet(ORGANIZATION % regions + "unavailableRegions: skip\n", "plan", "--all")
        assert ended.code == 0, ended.err
        assert {"ap-east-1/c1", "us-east-1/c2", "us-west-2/*"} <= set(names(document))
        states = [each["action"] for each in document["clusters"] if each["name"] == "*"]
        assert set(states) == {"skipped"}
        drift, _ = fleet(ORGANIZATION % regions + "unavailableRegions: skip\n", "status", "--all")
        assert drift.code == 0, drift.err


def test_a_known_cluster_in_an_unavailable_region_is_never_skipped(fleet):
    known = "unavailableRegions: skip\nclusters: [{name: x, account: a, region: us-west-2}]\n"
    ended, _ = fleet(ORGANIZATION % "all" + known, "plan", "--all")
    assert ended.code == 3


def test_account_ids_are_read_as_the_file_has_them(fleet, tmp_path):
    (tmp_path / "accounts.yml").write_text(
        "accounts:\n- account_id: 044455556698\n  name: b\n  regions:\n  - us-east-1\n"
        "  role: arn:aws:iam::044455556698:role/eksdns-apply\n"
    )
    ended, document = fleet(HEAD, "plan", "--all", "--accounts-file", "accounts.yml")
    assert ended.code == 0, ended.err
    assert names(document) == ["us-east-1/c2"]
    text = HEAD + "accounts: [{id: 044455556698, role: eksdns-apply, regions: [us-east-1]}]\n"
    ended, document = fleet(text, "plan", "--all")
    assert ended.code == 0, ended.err
    assert [each["account"] for each in document["clusters"]] == ["044455556698"]
