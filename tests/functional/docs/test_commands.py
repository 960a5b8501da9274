"""Every command that a page shows is run on the simulator, and every configuration is read by the loader.

The start page, the example of three waves, the troubleshooting page and the page of GitHub Actions have
tests of their own, which also compare the output.
"""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon.cli.root import program
from eksaddon.config.load import parse_fleet
from eksaddon.domain.errors import ExitCode
from eksaddon.sim.scenario.file import parse_scenario
from tests.support.pages.shown import blocks, commands
from tests.support.paths import ROOT
from tests.support.walkthrough import ANY_RUN_ID, Shell, shell

ELSEWHERE = {"start.md", "start.ko.md", "troubleshooting.md", "github-actions.md", "changelog.md"}
PAGES = [
    path
    for path in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "README.ko.md")
    if path.name not in ELSEWHERE
]
WITH_COMMANDS = [path for path in PAGES if path.name != "commands.md" and next(commands(path), None)]
WITHOUT_FLEET_FILE = {"README.md", "README.ko.md", "audit.md"}
ON_PEERS = {("probe",), ("prove",), ("doctor", "--github"), ("github",), ("simulate",)}
"""Sent to DNS servers, pods or GitHub, or served until Ctrl-C; only their options are checked here."""

SCENARIO = """
version: 1
pace: {update: [1, 2]}
defaultAccount: shop
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1], roles: {eksdns-apply: {}}}]
clusters:
  - {name: prod, account: shop, region: eu-west-1, addon: v1.12.4-eksbuild.29}
  - {name: prod-2, account: shop, region: eu-west-1, addon: v1.12.4-eksbuild.29}
  - {name: dev-1, account: shop, region: eu-west-1, addon: v1.12.4-eksbuild.29}
  - {name: legacy, account: shop, region: eu-west-1, addon: none, kubernetes: "1.33"}
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, role: eksdns-apply, regions: [eu-west-1]}]
rollout:
  waves:
    - {name: canary, select: {cluster: dev-1}}
    - {name: prod, before: [{type: approval}]}
"""
PLACEHOLDERS = {"WAVE": "prod", "CLUSTER": "prod-2", "TEXT": "checked"}


@pytest.fixture
def here(request, tmp_path, monkeypatch) -> Iterator[Shell]:
    config, scenario = tmp_path / "fleet.yaml", tmp_path / "scenario.yaml"
    config.write_text(FLEET)
    scenario.write_text(SCENARIO)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with shell(config, scenario) as opened:
        if request.param in WITHOUT_FLEET_FILE:
            Path("eksdns.yaml").unlink()
        yield opened


def is_run(words: tuple[str, ...]) -> bool:
    return not any(words[: len(peer)] == peer for peer in ON_PEERS)


def prepare(here: Shell, page: str, words: list[str]) -> None:
    """Makes what a command of the page starts from and the page does not show."""
    if "plan.json" in words and not Path("plan.json").exists():
        here.type("plan", "--all", "--out", "plan.json")
    if page == "adopt.md":
        words[:] = ["legacy" if word == "prod" else word for word in words]
    if words[0] in {"apply", "adopt", "rollback"} and "--yes" not in words and "--dry-run" not in words:
        words.append("--yes")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("here", "page"),
    [(path.name, path) for path in WITH_COMMANDS],
    ids=lambda path: getattr(path, "name", path),
    indirect=["here"],
)
def test_every_command_of_a_page_does_something(here, page):
    run, failed = "", []
    for line, shown in commands(page):
        words = [
            run if word == "RUN" or ANY_RUN_ID.fullmatch(word) else PLACEHOLDERS.get(word, word)
            for word in shown
        ]
        if not is_run(shown):
            continue
        prepare(here, page.name, words)
        if "RUN" in shown and not run:
            _, text = here.type(
                "apply", "--all", "--yes", *(() if Path("eksdns.yaml").exists() else ("--replicas", "3"))
            )
            run = ANY_RUN_ID.findall(text)[0]
            words = [run if word == "" else word for word in words]
        code, text = here.type(*words)
        run = next(iter(ANY_RUN_ID.findall(text)), run)
        if code in {ExitCode.USAGE, ExitCode.BUG}:
            failed.append(f"{page.name}:{line}: {' '.join(words)}: {code}: {text}")
    assert failed == []


def options(words: tuple[str, ...]) -> tuple[set[str], list[str]]:
    """What the command takes, and the options that are given to it."""
    command: Any = program()
    taken = {name for one in command.params for name in one.opts}
    rest = [word for word in words if word not in taken]
    while rest and hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    taken |= {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    return taken, [word.partition("=")[0] for word in rest if word.startswith("--")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_option_in_the_text_of_a_page_exists(path):
    spans = re.findall(r"`eksdns ([a-z][^`]*)`", path.read_text(encoding="utf-8"))
    for words in (*(tuple(span.split()) for span in spans), *(words for _, words in commands(path))):
        taken, given = options(words)
        assert [one for one in given if one not in taken] == [], words


def fleet_files() -> Iterator[tuple[str, str]]:
    """Every block of YAML that is a fleet file or a part of one, completed to a whole file."""
    for path in PAGES:
        for block in blocks(path):
            text = textwrap.dedent(block.text)
            if block.kind not in {"yaml", ""} or not re.match(
                r"(version: 1|coredns:|rollout:|- name:)", text
            ):
                continue
            if text.startswith("- name:"):
                text = "rollout:\n  waves:\n" + textwrap.indent(text, "    ")
            yield f"{path.name}:{block.line}", text if text.startswith("version") else f"version: 1\n{text}"


@pytest.mark.parametrize(("place", "text"), list(fleet_files()), ids=lambda value: value.partition("\n")[0])
def test_every_fleet_file_and_scenario_of_a_page_is_valid(place, text):
    read = parse_scenario if place.startswith("scenarios.md") else parse_fleet
    assert read(text, place) is not None


def test_the_pipeline_of_gitlab_is_yaml_whose_commands_exist():
    page = ROOT / "docs" / "gitlab.md"
    text = next(block.text for block in blocks(page) if block.kind == "yaml")
    jobs: Any = YAML(typ="safe").load(text)
    assert {"plan", "apply", "drift"} <= set(jobs)
    assert [job["stage"] for name, job in jobs.items() if name in {"plan", "apply", "drift"}] == jobs[
        "stages"
    ]
    assert sum(len(job.get("script", ())) for job in jobs.values() if isinstance(job, dict)) == 4
