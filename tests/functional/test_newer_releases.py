"""What is installed does not change when packages are released: pip never fetches a newer file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.locks import DEVELOPMENT, RUNTIME, pins
from tests.support.package_index import Index, package_index

pytestmark = pytest.mark.slow


def install(index: Index, requirements: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """What `make` runs, without writing anything to this environment."""
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("PIP_")}
    command = [
        sys.executable,
        "-I",
        "-m",
        "pip",
        "--isolated",
        "--disable-pip-version-check",
        "--no-cache-dir",
    ]
    what = ["--dry-run", "--ignore-installed", "-i", index.url, *options, "-r", str(requirements)]
    return subprocess.run(
        [*command, "install", *what],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )


@pytest.fixture(params=[RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)
def locked(request):
    found = [pin for pin in pins(request.param) if pin.applies]
    if missing := [pin.text for pin in found if not pin.is_installed]:
        pytest.skip(f"what these require is not known here, because they are not installed: {missing}")
    return found


def test_no_newer_file_is_fetched(locked, tmp_path):
    with package_index(locked) as index:
        lock = tmp_path / "requirements.txt"
        lock.write_text(
            "".join(f"{pin.text} --hash=sha256:{index.digests[pin.name]}\n" for pin in locked), "utf-8"
        )
        done = install(index, lock, "--require-hashes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert index.newer == []
    assert {name.partition("-")[0].replace("_", "-") for name in index.fetched} == {
        pin.name for pin in locked
    }


def test_the_index_would_give_a_newer_file_to_every_client(locked, tmp_path):
    """Without this, the test above could pass on an index that has nothing newer."""
    with package_index(locked) as index:
        loose = tmp_path / "requirements.txt"
        loose.write_text("jinja2>=3\n", "utf-8")
        done = install(index, loose)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "jinja2-9999.0-py3-none-any.whl" in index.newer
