"""The installation of our workflows and of our action, as it stands there, from a copy of the repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eksaddon import __version__
from tests.support.paths import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What `actions/checkout` leaves in `.eksdns`."""
    copy = tmp_path / "work" / ".eksdns"
    subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(copy)], check=True)
    return copy


def install(source: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """In a working folder with modules of somebody else, as a pull request can have."""
    work = source.parent
    for name in ("pip", "venv", "eksaddon"):
        (work / f"{name}.py").write_text(f"open({str(folder / 'ran')!r}, 'a').write('{name}')\n")
    (folder / "path").touch()
    environ = {
        "PATH": f"{Path(sys.executable).resolve().parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": os.environ["HOME"],
        "GITHUB_PATH": str(folder / "path"),
    }
    command = ["bash", str(source / ".github" / "install.sh"), str(folder / "eksdns")]
    return subprocess.run(command, cwd=work, env=environ, capture_output=True, text=True, check=False)


def test_the_commit_is_installed_with_its_lock_and_runs_nothing_of_the_working_folder(source, tmp_path):
    done = install(source, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    bin_folder = (tmp_path / "path").read_text().strip()
    asked = subprocess.run(
        [f"{bin_folder}/eksdns", "--version"], cwd=source.parent, capture_output=True, text=True, check=True
    )
    assert asked.stdout == f"eksdns {__version__}\n"
    assert not (tmp_path / "ran").exists()


def test_a_package_with_another_hash_is_refused(source, tmp_path):
    lock = source / "requirements.txt"
    lock.write_text("six==1.17.0 --hash=sha256:" + "0" * 64 + "\n")
    done = install(source, tmp_path)
    assert done.returncode != 0
    assert "DO NOT MATCH" in done.stderr
