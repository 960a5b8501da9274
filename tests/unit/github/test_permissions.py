"""A caller grants what the called workflow requests: else GitHub starts none of its jobs."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon.config.starter_github import GitHubSettings, workflows
from tests.support.paths import ROOT

FOLDER = ROOT / ".github" / "workflows"
SETTINGS = GitHubSettings("111122223333", "eu-west-1", "s3://acme-eksdns/runs", "c" * 40, "0.1.0")
WRITTEN = workflows(SETTINGS)
LEVELS = ("none", "read", "write")
PAGE = (ROOT / "docs" / "github-actions.md").read_text(encoding="utf-8")


@cache
def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def requested(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Permissions of all jobs of a workflow, also of those that it calls."""
    for job, one in load((FOLDER / name).read_text(encoding="utf-8"))["jobs"].items():
        yield f"{name}: {job}", one["permissions"]
        if one.get("uses", "").startswith("./"):
            yield from requested(one["uses"].rpartition("/")[2])


def most(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, permissions in requested(name):
        for scope, level in permissions.items():
            found[scope] = max(found.get(scope, "none"), level, key=LEVELS.index)
    return found


def is_granted(granted: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(
        LEVELS.index(granted.get(scope, "none")) >= LEVELS.index(level) for scope, level in wanted.items()
    )


@pytest.mark.parametrize("path", WRITTEN)
def test_callers_that_init_writes_grant_exactly_what_is_requested(path):
    (job,) = load(WRITTEN[path])["jobs"].values()
    assert job["permissions"] == most(job["uses"].rpartition("/")[2].partition("@")[0])


@pytest.mark.parametrize("name", ["rollout", "resume", "waves"])
def test_a_job_that_calls_a_workflow_grants_what_its_jobs_request(name):
    for job, one in load((FOLDER / f"eksdns-{name}.yml").read_text(encoding="utf-8"))["jobs"].items():
        if "uses" in one:
            called = most(one["uses"].rpartition("/")[2])
            assert is_granted(one["permissions"], called), job


@pytest.mark.parametrize("name", ["plan", "rollout", "resume", "operate", "drift"])
def test_the_page_lists_the_permissions_of_each_caller(name):
    found = re.search(rf"^\| `eksdns-{name}` \| (`contents: .*?) \|$", PAGE, re.MULTILINE)
    assert found, name
    listed = dict(re.findall(r"`([a-z-]+): (read|write)`", found[1]))
    assert listed == most(f"eksdns-{name}.yml")
