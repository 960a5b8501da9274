"""What is denied or misplaced is named by its own name."""

import json

import pytest

from eksaddon.sim.console import with_console
from eksaddon.sim.http.server import running
from eksaddon.sim.scenario.scenario import world_of
from tests.support.simulation import scenario_of

SCENARIO = """
version: 1
accounts:
  - {id: "123456789012", name: shop, regions: [eu-west-1], roles: {eksdns-apply: {}}}
clusters:
  - {name: bare, region: eu-west-1, addon: none}
faults:
  - {kind: denied, match: {operation: DescribeCluster}}
"""


def test_doctor_names_the_action_that_was_denied(bare, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with running(with_console(world_of(scenario_of(SCENARIO)))) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address.url)
        ended = bare("doctor", "--cluster", "bare", "-o", "json")
    (cluster,) = json.loads(ended.out)["clusters"]
    missing = {each["piece"]: each["remedy"] for each in cluster["checks"] if each["state"] == "missing"}
    assert "eks:DescribeCluster" in missing, missing
    assert "eks:DescribeAddon" not in missing
    assert "eks:DescribeCluster" in missing["eks:DescribeCluster"]


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("terminationGracePeriodSeconds: 45", "terminationGracePeriod"),
        ("lifecycle: {preStop: {sleep: {seconds: 5}}}", "preStop"),
        ("replicas: 3", "replicaCount"),
        ("pdb: {maxUnavailable: 1}", "podDisruptionBudget"),
    ],
)
def test_a_key_under_configuration_that_has_a_key_of_its_own_is_pointed_there(bare, tmp_path, key, own):
    text = f"version: 1\ncoredns:\n  configuration:\n    {key}\n"
    (tmp_path / "eksdns.yaml").write_text(text)
    ended = bare("validate")
    assert ended.code == 1
    assert f"is set by {own}" in ended.err
    assert f"write {own} one level up" in ended.err
