"""Ctrl-C finishes what was started and says what is left."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eksaddon.sim.scenario import world_of
from eksaddon.sim.scenario_file import parse_scenario
from eksaddon.sim.server import running

ROOT = Path(__file__).parents[2]
SCENARIO = """
version: 1
pace: {update: [2, 2]}
accounts: [{id: "123456789012"}]
clusters: [{name: "app-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_was_started_is_followed_to_its_end(number, code, tmp_path):
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EKSDNS_"))}
    with running(world.handle) as address:
        keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"}
        script = "from eksaddon.cli.main import entry; entry()"
        options = ("--all", "--lameduck", "20s", "--yes", "--max-concurrency", "1", "-o", "json")
        process = subprocess.Popen(
            [sys.executable, "-c", script, "apply", *options],
            cwd=ROOT,
            env={**clean, **keys, "AWS_ENDPOINT_URL": address.url, "XDG_STATE_HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if ": updating" in line:
                process.send_signal(number)
                break
        out, _ = process.communicate(timeout=60)
    assert process.returncode == code
    document = json.loads(out)
    assert document["summary"]["changed"] == 1
    assert document["summary"]["skipped"] == 2
    assert {one["reason"] for one in document["clusters"] if one["outcome"] == "skipped"} == {
        "not started: interrupted"
    }
    assert world.calls.counts["UpdateAddon"] == 1
