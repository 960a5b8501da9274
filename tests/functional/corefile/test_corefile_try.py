"""`corefile try` without a CoreDNS, and with programs that are none."""

import json
from pathlib import Path

import pytest

COREFILE = ".:53 {\n    errors\n    forward . /etc/resolv.conf\n}\n"


def program(folder: Path, text: str) -> str:
    path = folder / "coredns"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def corefile(tmp_path: Path) -> str:
    (tmp_path / "Corefile").write_text(COREFILE)
    return str(tmp_path / "Corefile")


def test_without_a_binary_the_remedy_is_named(bare, corefile, monkeypatch):
    monkeypatch.setenv("PATH", "")
    ended = bare("corefile", "try", corefile)
    assert ended.code == 64
    assert "no CoreDNS binary to try the Corefile in" in ended.err
    assert "--coredns" in ended.err


@pytest.mark.parametrize("text", ["echo nothing", "exit 1", "echo CoreDNS"])
def test_another_program_is_refused(bare, corefile, tmp_path, text):
    ended = bare("corefile", "try", corefile, "--coredns", program(tmp_path, text))
    assert ended.code == 1
    assert "is not a CoreDNS: -version does not name one" in ended.err
    ended = bare("corefile", "try", corefile, "--coredns", str(tmp_path / "absent"))
    assert ended.code == 1
    assert "No such file or directory" in ended.err


def test_a_coredns_of_another_version_is_refused(bare, corefile, tmp_path):
    binary = program(tmp_path, "echo CoreDNS-1.11.4")
    options = ("--coredns", binary, "--addon-version", "v1.14.7-eksbuild.10")
    ended = bare("corefile", "try", corefile, *options)
    assert ended.code == 64
    assert "is CoreDNS 1.11.4, and v1.14.7-eksbuild.10 runs CoreDNS 1.14.7" in ended.err


def test_a_coredns_that_ends_at_once_did_not_start(bare, corefile, tmp_path):
    binary = program(tmp_path, 'test "$1" = -version && echo CoreDNS-1.14.7 || { echo no port; exit 3; }')
    ended = bare("corefile", "try", corefile, "--coredns", binary, "-o", "json")
    assert ended.code == 1
    document = json.loads(ended.out)
    assert document["failures"] == ["CoreDNS does not start: ended with 3: no port"]
    assert document["after"]["replaced"] == ["forward asks a stand-in instead of /etc/resolv.conf"]
    ended = bare("corefile", "try", corefile, "--before", corefile, "--coredns", binary)
    assert (ended.code, ended.out.splitlines()[-1]) == (1, "1 failure with the change")
    assert "  before: does not start: ended with 3: no port" in ended.out


def test_a_corefile_that_the_parser_rejects_is_not_started(bare, tmp_path):
    (tmp_path / "Corefile").write_text(". {")
    binary = program(tmp_path, "echo CoreDNS-1.14.7")
    ended = bare("corefile", "try", str(tmp_path / "Corefile"), "--coredns", binary)
    assert ended.code == 1
    assert "does not start: Corefile:" in ended.out


def test_an_invalid_query_is_refused(bare, corefile):
    ended = bare("corefile", "try", corefile, "--query", "a..b")
    assert ended.code == 64
    ended = bare("corefile", "try", corefile, "--query", "a/NOSUCH")
    assert ended.code == 64
