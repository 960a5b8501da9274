"""A wheel installed on its own, run from an empty folder: nothing of the checkout is at hand."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where the wheel is unpacked: installing a pure wheel does no more."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def empty(tmp_path):
    return tmp_path


def run(site: Path, folder: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EKSDNS_")}
    return subprocess.run(
        [sys.executable, "-m", "eksaddon", *args],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(site), "XDG_STATE_HOME": str(site / "state")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_installed_package_is_what_runs(site, empty):
    code = "import eksaddon; print(eksaddon.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(site))


def test_the_demo_runs(site, empty):
    done = run(site, empty, "demo")
    assert done.returncode == 0, done.stderr
    assert "8 changed" in " ".join(done.stdout.split())
    assert list(empty.iterdir()) == [], "nothing is left behind"


@pytest.mark.parametrize("file", ["json.py", "yaml.py", "rich.py", "botocore.py", "typer.py"])
def test_a_module_of_the_working_folder_is_not_imported(site, empty, file):
    (empty / file).write_text("raise SystemExit('imported from the working folder')\n")
    done = run(site, empty, "--version")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("template", ["hub", "members"])
def test_the_templates_are_those_of_the_repository(site, empty, template):
    done = run(site, empty, "doctor", "--print", template)
    assert done.stdout == (ROOT / "configs" / "access" / f"{template}.yaml").read_text(encoding="utf-8")


EXAMPLES = sorted((ROOT / "configs").glob("*.yaml")) + sorted((ROOT / "configs" / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_printed(site, empty, example):
    name = example.relative_to(ROOT / "configs").with_suffix("").as_posix()
    done = run(site, empty, "init", "--print", name)
    assert done.stdout == example.read_text(encoding="utf-8")
    assert list(empty.iterdir()) == []


def test_the_pages_of_the_documentation_are_in_the_wheel(site, empty):
    done = run(site, empty, "help", "rollout")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (ROOT / "docs" / "rollout.md").read_text(encoding="utf-8")


def test_the_scenarios_are_in_the_wheel(site, empty):
    names = [line.split()[0] for line in run(site, empty, "simulate", "--list").stdout.splitlines()[1:]]
    assert {"adopt", "demo", "owners", "three-waves"} <= set(names)
