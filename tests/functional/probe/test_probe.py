"""`eksdns probe` against a server on the loopback."""

import json
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support.examples import one_quick
from tests.support.network.dns_server import dns_server


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A stall of this machine is no part of what these tests are about."""
    monkeypatch.setattr("eksaddon.probe.engine.TOO_LATE", math.inf)


def probed(bare: Any, port: int, *options: str) -> Any:
    return bare("probe", f"127.0.0.1:{port}", "--seconds", "1", "--rate", "50", "--timeout", "30", *options)


def test_a_server_that_answers_as_expected_passes(bare):
    with dns_server() as port:
        ended = probed(bare, port, "--expect", "A=10.0.0.1")
    assert ended.code == 0
    assert ended.out.startswith("pass: kubernetes.default.svc.cluster.local. A at 127.0.0.1")


@pytest.mark.parametrize("ports", one_quick(["walked", "kept", "random"]))
def test_a_wrong_address_is_a_failure_of_its_own_kind(bare, ports):
    with dns_server() as port:
        ended = probed(bare, port, "--expect", "A=10.0.0.2", "--ports", ports, "-o", "json")
    document = json.loads(ended.out)
    assert (ended.code, document["verdict"], document["ports"]) == (1, "fail", ports)
    assert document["summary"]["lost"] == {"wrong-answer": document["summary"]["asked"]}


@pytest.mark.slow
def test_failures_within_the_limits_pass(bare):
    with dns_server() as port:
        assert probed(bare, port, "--expect", "NXDOMAIN", "--max-loss", "100%").code == 0
        assert probed(bare, port, "--expect", "NXDOMAIN", "--max-lost", "5").code == 1


@pytest.mark.parametrize(
    "options",
    [["--expect", "A=x"], ["--max-loss", "1"], ["--max-outage", "1"], ["--ports", "odd"], ["--rate", "0"]],
)
def test_an_option_that_cannot_be_read_is_a_usage_error(bare, options):
    ended = probed(bare, 9, *options)
    assert ended.code == 64
    assert ended.out == ""


def test_every_report_has_the_same_figures(bare, tmp_path):
    files = {name: tmp_path / name for name in ("table", "json", "svg")}
    options = [part for name, path in files.items() for part in ("--report", f"{name}={path}")]
    with dns_server() as port:
        ended = probed(bare, port, "--expect", "NXDOMAIN", "--svg", str(tmp_path / "also.svg"), *options)
    assert ended.code == 1
    assert files["table"].read_text() == ended.out
    asked = json.loads(files["json"].read_text())["summary"]["asked"]
    assert f"0 of {asked:,} lookups answered" in ended.out
    ET.fromstring(files["svg"].read_text())
    assert f"{asked:,} of {asked:,} lookups lost" in files["svg"].read_text()
    assert (tmp_path / "also.svg").read_text() == files["svg"].read_text()


@pytest.mark.parametrize("option", [["--report", "html=x"], ["--report", "svg"], ["--svg", "missing/x.svg"]])
def test_a_report_that_cannot_be_written_ends_before_anything_is_measured(bare, option):
    ended = bare("probe", "127.0.0.1:9", "--seconds", "60", *option)
    assert ended.code in {1, 64}
    assert ended.out == ""
    assert not Path("missing").exists()
