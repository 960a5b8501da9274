"""Runs that are recorded in S3, with what S3 does now and then."""

import json
from pathlib import Path

import pytest

from tests.support.child import environment, finish, simulated, start

pytestmark = pytest.mark.slow

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "123456789012"}]
buckets: [acme-eksdns]
clusters: [{name: "app-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""
STATE = ("--state", "s3://acme-eksdns/runs-of/dns")
APPLY = ("apply", "--all", "--lameduck", "20s", "--yes", "-q", "-o", "json", *STATE)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("", id="none"),
        pytest.param(
            "{kind: conflict-409, match: {service: s3, operation: PutObject}, nth: [1, 2, 4, 7, 8]}",
            id="another write is under way",
        ),
        pytest.param(
            "{kind: truncated, match: {service: s3, operation: GetObject}, nth: [1, 2, 4]}",
            id="answers break off",
        ),
        pytest.param(
            "{kind: truncated, match: {service: s3, operation: ListObjectsV2}, nth: [1, 2]}",
            id="lists break off",
        ),
        pytest.param(
            "{kind: reset-after, match: {service: s3, operation: PutObject}, nth: [1, 3, 5]}",
            id="replies are lost",
        ),
    ],
)
def test_a_run_is_recorded_in_s3_whatever_s3_does_now_and_then(fault: str, tmp_path: Path) -> None:
    scenario = SCENARIO + (f"faults: [{fault}]\n" if fault else "")
    with simulated(scenario) as (world, url):
        env = environment(tmp_path, url)
        code, out, err = finish(start(*APPLY, env=env))
        assert code == 0, err
        document = json.loads(out)
        assert document["summary"]["changed"] == 3
        code, out, err = finish(start("history", document["runId"], *STATE, env=env))
        assert code == 0, err
        assert "succeeded" in out
    assert world.calls.counts["UpdateAddon"] == 3


def test_a_bucket_that_does_not_exist_is_reported_before_anything_is_done(tmp_path: Path) -> None:
    with simulated(SCENARIO.replace("[acme-eksdns]", "[another]")) as (world, url):
        code, _, err = finish(start(*APPLY, env=environment(tmp_path, url)))
    assert code == 1
    assert "NoSuchBucket" in err
    assert world.calls.counts.get("UpdateAddon", 0) == 0
