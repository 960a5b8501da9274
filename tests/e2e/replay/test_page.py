"""The page about GitHub Actions, typed block by block in an empty folder, up to a rollout that ran."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from tests.support.aws.cloudformation import Stack, read_template
from tests.support.github.api import TOKEN, GitHub, github_api
from tests.support.github.programs import InProcess
from tests.support.github.replay import Runner
from tests.support.paths import ROOT
from tests.support.timing.virtual_sessions import virtual_sessions

pytestmark = pytest.mark.e2e

PAGE = (ROOT / "docs" / "github-actions.md").read_text(encoding="utf-8")
ELSEWHERE = ("python3 -m venv", 'export PATH="$HOME/.eksdns', "GITHUB_TOKEN=")
"""Lines that install a release, or ask AWS and GitHub themselves, which tests of `github doctor` do."""

SCENARIO = """
version: 1
pace: {update: [0, 0]}
defaultAccount: hub
accounts:
  - {id: "111122223333", name: hub, regions: [eu-west-1]}
  - {id: "200000000002", name: prod, regions: [eu-west-1], roles: {eksdns-read: {}, eksdns-apply: {}}}
documents: {plain: '{"replicaCount": 2}'}
clusters:
  - {name: shop, account: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
ACCOUNTS = """
accounts:
  - {id: "200000000002", name: prod, role: eksdns-apply, regions: [eu-west-1]}
"""
STAND_IN = """#!/usr/bin/env bash
printf '%s\\t' "${0##*/}" "$@" >>"$TYPED"; echo >>"$TYPED"
case "$*" in *.owner.id*) echo 123 ;; *.id*) echo 456 ;; *databaseId*) echo 42 ;; esac
"""


def blocks(text: str) -> list[str]:
    """Commands between paragraphs, each block as it would be pasted."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.MULTILINE)
    pasted = ["\n".join(line.removeprefix("    ") for line in one.strip("\n").split("\n")) for one in found]
    return ["\n".join(line for line in one.splitlines() if not line.startswith(ELSEWHERE)) for one in pasted]


class Shell:
    """A new user's machine: real git, real eksdns; `aws`, `gh` and `sleep` write down what they are told."""

    def __init__(self, folder: Path) -> None:
        self.home, self.work, self.typed = folder / "home", folder / "work", folder / "typed"
        stand_ins = folder / "bin"
        for each in (self.home, self.work, stand_ins):
            each.mkdir()
        for name in ("aws", "gh", "sleep"):
            (stand_ins / name).write_text(STAND_IN)
            (stand_ins / name).chmod(0o755)
        self.environ = {
            "PATH": f"{stand_ins}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            "TYPED": str(self.typed),
            "EKSDNS_WORKFLOWS_COMMIT": "c" * 40,
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": f"url.file://{ROOT}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/eksdns/eksdns",
            "GIT_CONFIG_KEY_1": "user.name",
            "GIT_CONFIG_VALUE_1": "ann",
            "GIT_CONFIG_KEY_2": "user.email",
            "GIT_CONFIG_VALUE_2": "ann@acme.example",
        }
        self.paste("git init --quiet --bare -b main ~/dns.git && git clone --quiet ~/dns.git .")

    def paste(self, text: str) -> None:
        done = subprocess.run(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", text],
            cwd=self.work,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"

    def told(self, program: str) -> list[list[str]]:
        lines = (line.rstrip("\t").split("\t") for line in self.typed.read_text().splitlines())
        return [words[1:] for words in lines if words[0] == program]


def follow(shell: Shell) -> None:
    values, *rest = blocks(PAGE[PAGE.index("**1. ") : PAGE.index("A pull request that changes")])
    for block in rest:
        if block.startswith("eksdns validate"):
            fleet = shell.work / "eksdns.yaml"
            text = fleet.read_text().replace("  # replicaCount: 3", "  replicaCount: 3")
            fleet.write_text(f"{text}\n{ACCOUNTS}")
        shell.paste(f"{values}\n{block}")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("page"))
    follow(shell)
    return shell


def hubs(shell: Shell) -> list[dict[str, str]]:
    """What the hub's stack has for parameters after each deployment, which keeps those that are not given."""
    known: dict[str, str] = {}
    found = []
    for words in shell.told("aws"):
        assert words[:2] == ["cloudformation", "deploy"]
        if words[words.index("--stack-name") + 1] == "eksdns-hub":
            template = shell.work / words[words.index("--template-file") + 1]
            assert template.read_bytes() == (ROOT / "configs" / "access" / "hub.yaml").read_bytes()
            given = words[words.index("--parameter-overrides") + 1 :]
            known = known | dict(each.split("=", 1) for each in given)
            found.append(known)
    return found


def caller(shell: Shell, name: str) -> Any:
    path = shell.work / ".github" / "workflows" / f"eksdns-{name}.yml"
    (job,) = YAML(typ="safe", pure=True).load(path.read_text())["jobs"].values()
    return job


def test_typed_files_are_pushed(shell):
    shell.paste("git -C ~/dns.git ls-tree -r --name-only main | grep -q eksdns-rollout.yml")
    assert ["workflow", "run", "eksdns-drift.yml"] in shell.told("gh")


def test_the_environments_are_there_before_the_role_that_trusts_them(shell):
    typed = shell.typed.read_text()
    made = re.findall(r"-X\tPUT\trepos/acme/dns/environments/(\S+)", typed)
    first, last = hubs(shell)
    assert "Rollout" not in first
    assert typed.index("environments/eksdns-approval") < typed.index("Rollout=yes")
    stack = Stack(read_template(ROOT / "configs" / "access" / "hub.yaml"), last, "111122223333")
    (statement,) = stack.resource("RolloutRole")["AssumeRolePolicyDocument"]["Statement"]
    trusted = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    prefixes = ("repo:acme/dns", "repo:acme@123/dns@456")
    assert trusted == [f"{prefix}:environment:{name}" for prefix in prefixes for name in made]
    assert stack.resource("State")["BucketName"] == "acme-eksdns-state"


def test_the_switch_is_the_one_that_the_workflow_looks_at(shell):
    ((_, _, name, _, value),) = (words for words in shell.told("gh") if words[0] == "variable")
    assert caller(shell, "rollout")["if"] == f"vars.{name} == '{value}'"


@dataclass
class Repository:
    """What was typed, with the simulated accounts."""

    shell: Shell
    folder: Path
    github: GitHub

    def run(self, name: str) -> Runner:
        called = caller(self.shell, name)
        assert called["uses"].startswith("eksdns/eksdns/.github/workflows/")
        environ = {"AWS_EC2_METADATA_DISABLED": "true", "REPLAY_TOKEN": TOKEN}
        environ["GITHUB_API_URL"] = self.github.url
        folder = self.folder / f"run-{len(list(self.folder.iterdir()))}"
        runner = Runner(self.shell.work, folder, environ, {}, InProcess())
        given = {
            key: runner.value(value, {"inputs": {}, "vars": {}}) for key, value in called["with"].items()
        }
        if "state" in given:
            assert given["state"] == "s3://acme-eksdns-state/runs"
            given["state"] = str(self.folder / "state")
        ended = runner.call(called["uses"].rpartition("/")[2].partition("@")[0], given)
        results = {one.result for one in ended.values() if one.result != "skipped"}
        assert results == {"success"}, [one.log for one in ended.values()]
        return runner


@pytest.fixture
def repository(shell, tmp_path) -> Iterator[Repository]:
    clock = VirtualClock()
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"), clock.now, endpoint_of=in_process)
    with virtual_sessions(world, clock, "111122223333"), github_api() as github:
        yield Repository(shell, tmp_path, github)


def test_the_nights_before_and_after_the_first_rollout_are_green(repository):
    """The report of a night with drift is green too: the issue has it, until the rollout has closed it."""
    repository.run("drift")
    assert [one["state"] for one in repository.github.issues] == ["open"]
    wave = repository.run("rollout").jobs["waves/wave-1/wave"]
    assert (wave.result, "succeeded" in wave.summary) == ("success", True), wave.log
    repository.run("drift")
    assert [one["state"] for one in repository.github.issues] == ["closed"]


def test_a_template_without_access_to_kubernetes_offers_no_key_that_would_fail_a_night(shell):
    text = (shell.work / "eksdns.yaml").read_text()
    assert "preStop:" not in text
    assert "terminationGracePeriod:" not in text
