"""Promises of our workflows that no linter knows."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon.app.github.waves import MOST_WAVES
from tests.support.paths import ROOT

FOLDER = ROOT / ".github"
FILES = sorted([*FOLDER.glob("workflows/*.yml"), *FOLDER.glob("actions/*/action.yml")])
CALLED = [path for path in FILES if path.name.startswith("eksdns-")]
USES = re.compile(r"uses: (\S+)(.*)")


@cache
def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def steps(document: Any) -> list[Any]:
    jobs = list(document.get("jobs", {}).values()) or [document["runs"]]
    return [step for job in jobs for step in job.get("steps", ())]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_commit_with_their_version_beside_it(path):
    for used, rest in USES.findall(path.read_text(encoding="utf-8")):
        assert used.startswith("./") or re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}", used), used
        assert used.startswith("./") or re.fullmatch(r" # v\d+\.\d+\.\d+", rest), used


def test_a_pin_is_the_same_everywhere():
    found: dict[str, set[str]] = {}
    for path in FILES:
        for used, rest in USES.findall(path.read_text(encoding="utf-8")):
            name, _, commit = used.partition("@")
            found.setdefault(name, set()).add(f"{commit}{rest}")
    assert {name: pins for name, pins in found.items() if len(pins) > 1} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_step_has_shell_that_no_one_tests(path):
    for step in steps(read(path)):
        assert len(step.get("run", "").strip().splitlines()) <= 4, step


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_shell_has_an_expression_in_it(path):
    for step in steps(read(path)):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", CALLED, ids=lambda path: path.name)
def test_jobs_install_the_commit_of_the_workflow_with_its_lock(path):
    """Never a release by name, and never what the caller has checked out."""
    for name, job in read(path)["jobs"].items():
        listed = job.get("steps", ())
        runs = [step["run"] for step in listed if step.get("run", "").startswith("exec eksdns")]
        sources = [
            step["with"]
            for step in listed
            if "actions/checkout" in step.get("uses", "") and "repository" in step["with"]
        ]
        installs = [step["run"] for step in listed if step.get("name") == "Install"]
        if runs:
            assert [source["path"] for source in sources] == [".eksdns"], name
            assert "workflow_sha" in sources[0]["ref"]
            assert installs == ['.eksdns/.github/install.sh "$RUNNER_TEMP/eksdns"'], name
    assert "pip install" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("workflows/*.yml")), ids=lambda path: path.name)
def test_nothing_is_allowed_but_in_a_job_that_needs_it(path):
    document = read(path)
    assert document["permissions"] == {}
    for name, job in document["jobs"].items():
        writes = {key for key, value in job["permissions"].items() if value == "write"}
        has_keys = any("configure-aws" in step.get("uses", "") for step in job.get("steps", ()))
        assert ("id-token" in writes) >= has_keys
        assert not (has_keys and writes - {"id-token"}), f"{name}: keys of AWS and a token that writes"


def test_a_rollout_has_a_job_for_each_wave_after_the_one_before():
    jobs = read(FOLDER / "workflows" / "eksdns-waves.yml")["jobs"]
    waves = [name for name in jobs if name.startswith("wave-")]
    assert waves == [f"wave-{number + 1}" for number in range(MOST_WAVES)]
    for before, name in pairwise(waves):
        assert jobs[name]["needs"] == before
        assert f"needs.{before}.outputs.state == 'done'" in jobs[name]["if"]


def test_a_rollout_is_one_run():
    """Shards would multiply limits, widths and tolerated failures."""
    inputs = read(FOLDER / "workflows" / "eksdns-rollout.yml")["on"]["workflow_call"]["inputs"]
    assert "shards" not in inputs


def test_a_third_rollout_does_not_cancel_the_second():
    assert read(FOLDER / "workflows" / "eksdns-rollout.yml")["concurrency"]["queue"] == "max"


@pytest.mark.parametrize("name", ["eksdns-rollout", "eksdns-resume", "eksdns-operate", "eksdns-drift"])
def test_a_running_rollout_is_never_cancelled_for_a_later_one(name):
    document = read(FOLDER / "workflows" / f"{name}.yml")
    assert document["concurrency"]["cancel-in-progress"] is False


def test_a_fork_gets_no_credentials():
    jobs = read(FOLDER / "workflows" / "eksdns-plan.yml")["jobs"]
    assert "head.repo.full_name == github.repository" in jobs["shards"]["if"]
    assert jobs["validate"]["permissions"] == {"contents": "read"}
    for name in ("plan", "comment"):
        assert "shards" in jobs[name]["needs"]
