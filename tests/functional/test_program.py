"""The program as a process: start-up, demo, and the simulator that another process talks to."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

EKSDNS = (sys.executable, "-c", "from eksaddon.cli.main import entry; entry()")


def process(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EKSDNS_"))}
    return subprocess.run(
        [*EKSDNS, *args],
        cwd=ROOT,
        env={**clean, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_loads_no_sdk():
    script = (
        "import sys; from eksaddon.cli.main import run; code = run(['--help']);"
        "heavy = {'boto3', 'botocore', 'pydantic', 'jsonschema'} & set(sys.modules);"
        "print(sorted(heavy), file=sys.stderr); sys.exit(code)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stderr.strip() == "[]"


@pytest.mark.slow
def test_the_demo_does_the_whole_job_without_aws():
    found = process("demo", COLUMNS="80")
    assert found.returncode == 0, found.stderr
    assert "8 changed" in " ".join(found.stdout.split())
    assert all(
        len(line) <= 80 for line in found.stdout.splitlines() if not line.startswith(("Everything", "Try"))
    )
    assert "\x1b" not in found.stdout


@pytest.mark.slow
def test_the_simulator_serves_another_process(tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(
        'version: 1\npace: {update: [0, 0]}\naccounts: [{id: "123456789012"}]\n'
        "clusters: [{name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51}]\n"
    )
    server = subprocess.Popen(
        [*EKSDNS, "simulate", str(scenario)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip().partition("=")[2]
        found = process(
            "apply", "--cluster", "prod", "--lameduck", "20s", "--yes", "-o", "json",
            AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="k", AWS_SECRET_ACCESS_KEY="s", AWS_REGION="eu-west-1",
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(20)
        if server.stdout is not None:
            server.stdout.close()
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["summary"]["changed"] == 1
    assert server.returncode == 0
