"""Our workflows, and those that `init --github` writes, before actionlint and zizmor."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from ruamel.yaml import YAML

from eksaddon import __version__
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

ZIZMOR, EKSDNS = (Path(sys.executable).with_name(name) for name in ("zizmor", "eksdns"))
NO_GO = 69
INIT = (
    *("init", "--github", "--blank", "--hub-account", "111122223333", "--home-region", "eu-west-1"),
    *("--state", "s3://acme-eksdns/state", "--workflows-commit", "0123456789abcdef0123456789abcdef01234567"),
)


@pytest.fixture(scope="module")
def actionlint() -> Path:
    script = Path(__file__).with_name("build_actionlint.sh")
    done = subprocess.run([script], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == NO_GO and os.environ.get("EKSDNS_E2E_REQUIRED") != "1":
        pytest.skip("NOT TESTED with actionlint: Go is needed to build it")
    assert done.returncode == 0, done.stderr[-2000:]
    return Path(done.stdout.strip())


@pytest.fixture(scope="module", params=["ours", "written"])
def repository(request, tmp_path_factory):
    """A folder with `.github`; actionlint wants a repository around it."""
    if request.param == "ours":
        return ROOT
    folder = tmp_path_factory.mktemp("written")
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    subprocess.run([EKSDNS, *INIT], cwd=folder, check=True)
    return folder


def test_actionlint_has_no_complaint(actionlint, repository):
    done = subprocess.run(
        [actionlint, "-no-color"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_zizmor_has_no_complaint_even_when_pedantic(repository):
    done = subprocess.run(
        [ZIZMOR, "--pedantic", "--offline", "--color=never", "--strict-collection", ".github"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "No findings to report" in done.stdout) == (0, True), done.stdout


def test_the_linters_see_what_is_wrong(actionlint, tmp_path):
    """They do look: a workflow with an injection and a mistyped context is refused by both."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text(
        "on: issues\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - run: echo ${{ github.event.issue.title }} ${{ gihtub.sha }}\n"
    )
    commands: list[list[Path | str]] = [[actionlint], [ZIZMOR, "--offline", ".github"]]
    for command in commands:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode != 0


def test_a_release_carries_its_commit_and_its_image(tmp_path):
    """The packaging steps of release.yml as they stand there, but for its installation."""
    workflow = YAML(typ="safe", pure=True).load(
        (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    )
    runs = "\n".join(one.get("run", "") for one in workflow["jobs"]["package"]["steps"])
    script = "\n".join(line for line in runs.splitlines() if "pip install" not in line)
    copy = tmp_path / "source"
    subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(copy)], check=True)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    reference = f"ghcr.io/eksdns/eksdns@sha256:{'a' * 64}"
    env = {"PATH": path, "HOME": str(tmp_path), "GITHUB_SHA": "c" * 40, "REFERENCE": reference}
    bash = ["bash", "-e", "-o", "pipefail", "-c", script]
    wrong = subprocess.run(
        bash, cwd=copy, env={**env, "GITHUB_REF_NAME": "v9"}, capture_output=True, check=False
    )
    assert wrong.returncode != 0, "a tag that is not the version"
    good = {**env, "GITHUB_REF_NAME": f"v{__version__}"}
    by_tag = {**good, "REFERENCE": "ghcr.io/eksdns/eksdns:1.0"}
    assert subprocess.run(bash, cwd=copy, env=by_tag, capture_output=True, check=False).returncode != 0
    subprocess.run(bash, cwd=copy, env=good, check=True)
    (alias,) = (copy / "dist-alias").iterdir()
    with ZipFile(alias) as opened:
        (metadata,) = (name for name in opened.namelist() if name.endswith("METADATA"))
        assert f"Requires-Dist: eksaddon=={__version__}\n" in opened.read(metadata).decode()
    (wheel,) = (copy / "dist").glob("*.whl")
    with ZipFile(wheel) as opened:
        assert opened.read("eksaddon/commit").decode().strip() == "c" * 40
        assert opened.read("eksaddon/image").decode().strip() == reference
