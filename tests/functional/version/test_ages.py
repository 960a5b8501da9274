"""`status --versions` and `drift --versions`."""

import json

from eksaddon.sim.api.faults import Deny, Fault, Match
from tests.functional.version.test_desired_version import PROD, cluster


def test_status_shows_how_far_behind_a_cluster_is(stage):
    ended = stage.call("status", "--cluster", "prod", "--versions", "-o", "json")
    found = cluster(ended)
    assert (ended.code, found["kubernetes"], found["behind"]) == (0, "1.34", 22)
    texts = [one["summary"] for one in found["diagnostics"]]
    assert any(text.startswith("behind by 22: latest v1.13.2-eksbuild.21, default v1.12.4") for text in texts)
    assert any(text.startswith("Kubernetes 1.34 ") for text in texts)


def test_status_asks_for_nothing_more_without_it(stage):
    stage.call("status", "--cluster", "prod", "-o", "json")
    assert stage.count("DescribeAddonVersions") == 0


def test_the_table_of_a_fleet_shows_it(stage):
    ended = stage.call("status", "--all", "--versions")
    assert "behind by 22" in ended.out
    assert ended.code == 3


def test_drift_shows_it_too(stage):
    ended = stage.call("drift", "--cluster", "prod", "--replicas", "2", "--versions", "-o", "json")
    assert any("behind by 22" in one["summary"] for one in cluster(ended)["diagnostics"])


def test_unreadable_targets_are_reported_and_the_rest_is_shown(stage):
    stage.world.add_fault(Fault(Deny(), Match(operation="DescribeAddonVersions")))
    found = cluster(stage.call("status", "--cluster", "prod", "--versions", "-o", "json"))
    assert "behind" not in found
    assert any("could not be read" in one["summary"] for one in found["diagnostics"])
    stage.world.add_fault(Fault(Deny(), Match(operation="DescribeCluster", cluster=PROD.name)))
    ended = stage.call("status", "--cluster", "prod", "--versions", "-o", "json")
    assert "kubernetes" not in json.loads(ended.out)["clusters"][0]
