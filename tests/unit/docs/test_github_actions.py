"""The page about GitHub Actions names only what there is."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon import __version__
from eksaddon.cli.root import program
from eksaddon.report.formats.github_outputs import NAMES
from tests.support.aws.cloudformation import read_template
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "github-actions.md").read_text(encoding="utf-8")
BLOCKS = "\n".join(line[4:] for line in PAGE.splitlines() if line.startswith("    ")).replace("\\\n", " ")


def commands(program: str) -> list[list[str]]:
    """Words of each command line of a program, wherever it stands in its line."""
    found = re.findall(rf"(?:^|[ ;|(]){program} ((?:[^\n\"']|\"[^\"]*\"|'[^']*')*)", BLOCKS, re.MULTILINE)
    return [shlex.split(each) for each in found]


@pytest.mark.parametrize("words", commands("eksdns"), ids=" ".join)
def test_every_command_has_the_options_that_it_is_given(words):
    command: Any = program()
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize(
    "words", [words for words in commands("aws") if "deploy" in words], ids=lambda words: words[3]
)
def test_every_parameter_of_a_template_exists_and_none_that_is_needed_is_excluded(words):
    path = Path(words[words.index("--template-file") + 1])
    template = read_template(ROOT / "configs" / "access" / path.name.removeprefix("eksdns-"))
    given = {word.split("=")[0] for word in words[words.index("--parameter-overrides") + 1 :]}
    needed = {name for name, one in template["Parameters"].items() if "Default" not in one}
    assert needed <= given <= set(template["Parameters"])


def test_every_input_is_named():
    section = PAGE[PAGE.index("## Inputs") : PAGE.index("## The action")]
    named = set(re.findall(r"`([a-z-]+)`", section))
    for name in ("plan", "rollout", "resume", "operate", "drift"):
        document = YAML(typ="safe", pure=True).load(
            (ROOT / ".github" / "workflows" / f"eksdns-{name}.yml").read_text(encoding="utf-8")
        )
        called = document["on"]["workflow_call"]
        assert {*called["inputs"], *called.get("secrets", ())} <= named, name


def test_outputs_and_release_are_these():
    assert all(f"`{name}`" in PAGE for name in NAMES)
    assert f"@COMMIT # v{__version__}" in PAGE


def test_roles_are_those_of_the_templates():
    resources = [
        one
        for name in ("hub.yaml", "members.yaml")
        for one in read_template(ROOT / "configs" / "access" / name)["Resources"].values()
    ]
    roles = {one["Properties"]["RoleName"] for one in resources if one["Type"] == "AWS::IAM::Role"}
    assert all(f"| `{role}` |" in PAGE for role in roles)
