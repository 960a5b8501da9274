"""The image and the action take exactly the CoreDNS whose digest is given."""

import gzip
import hashlib
import io
import platform
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.examples import one_quick
from tests.support.paths import ROOT

BINARY = b"#!/bin/sh\nexit 0\n"
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def archive() -> bytes:
    """The same bytes in every process: they are part of the names of tests."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as files:
        member = tarfile.TarInfo("coredns")
        member.size = len(BINARY)
        files.addfile(member, io.BytesIO(BINARY))
    return gzip.compress(made.getvalue(), mtime=0)


ARCHIVE = archive()
DIGEST = hashlib.sha256(ARCHIVE).hexdigest()


class Releases(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == f"/v1.11.4/coredns_1.11.4_linux_{MACHINE}.tgz"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(ARCHIVE if found else b"")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture(name="mirror")
def running() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Releases)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def download(mirror: str, folder: Path, *wanted: str) -> "subprocess.CompletedProcess[str]":
    script = ROOT / ".github" / "get_coredns.py"
    command = [sys.executable, "-I", str(script), str(folder), *wanted]
    env = {"EKSDNS_COREDNS_RELEASES": mirror}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)


def test_a_release_with_the_given_digest_becomes_an_executable_by_its_version(mirror, tmp_path):
    ended = download(mirror, tmp_path / "coredns", f"1.11.4={DIGEST}")
    path = tmp_path / "coredns" / "coredns-1.11.4"
    assert (ended.returncode, ended.stdout) == (0, f"{path}\n"), ended.stderr
    assert path.read_bytes() == BINARY
    assert path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    ("wanted", "message"),
    one_quick(
        [
            (f"1.11.4={'0' * 64}", f"the archive has the SHA-256 {DIGEST}"),
            (f"1.9.9={DIGEST}", "HTTP Error 404"),
            ("1.11.4", "expected VERSION=SHA256"),
            (f"../../etc={DIGEST}", "expected VERSION=SHA256"),
            (f"1.11.4={DIGEST.upper()}", "expected VERSION=SHA256"),
        ]
    ),
)
def test_anything_else_ends_with_the_reason_and_leaves_no_binary(mirror, tmp_path, wanted, message):
    ended = download(mirror, tmp_path / "coredns", wanted)
    assert ended.returncode == 1
    assert message in ended.stderr
    assert list((tmp_path / "coredns").iterdir()) == []


@pytest.mark.slow
def test_without_a_release_the_folder_is_empty(mirror, tmp_path):
    assert download(mirror, tmp_path / "coredns").returncode == 0
    assert list((tmp_path / "coredns").iterdir()) == []
