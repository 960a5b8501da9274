"""Documents that must not fall behind the code."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from eksaddon.corefile.lint.findings import RULES
from eksaddon.domain.errors import ExitCode
from eksaddon.rules import registry
from tests.support.pages.shown import blocks
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES_PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EXIT_CODES = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
SAFETY_RULES = sorted(
    value
    for rule in registry.RULES
    for value in vars(import_module(rule.__module__)).values()
    if isinstance(value, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", value)
)
"""The ids of all rules, which stand as constants in their modules."""


@pytest.mark.parametrize("rule", list(RULES.values()), ids=lambda rule: rule.id)
def test_every_lint_rule_is_documented_in_its_own_words(rule):
    page = (ROOT / "docs" / "corefile-lint.md").read_text(encoding="utf-8")
    assert f"| `{rule.id}` | {rule.explanation} |" in page


def test_no_lint_rule_is_documented_that_does_not_exist():
    page = (ROOT / "docs" / "corefile-lint.md").read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(RULES)


@pytest.mark.parametrize("rule", SAFETY_RULES)
def test_every_safety_rule_is_on_its_page(rule):
    assert f"| `{rule}` |" in RULES_PAGE


def test_every_registered_rule_has_an_id():
    assert len(SAFETY_RULES) >= len(registry.RULES)


@pytest.mark.parametrize("code", [code for code in ExitCode if code not in {130, 143}])
def test_every_exit_code_is_on_its_page(code):
    assert f"| {code.value} |" in EXIT_CODES


def test_every_finding_of_an_adoption_is_documented_and_no_other():
    page = (ROOT / "docs" / "adopt.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "eksaddon" / "plan").rglob("*.py"))
    documented = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `adopt-")}
    assert documented == set(re.findall(r'"(adopt-[a-z-]+)"', code))


def test_links_of_the_readme_work_on_a_package_index() -> None:
    """There is no repository around it there."""
    targets = re.findall(r"\]\(([^)]+)\)|^\[[^\]]+\]: (\S+)$", README, re.MULTILINE)
    links = [inline or reference for inline, reference in targets]
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []


def test_links_of_the_readme_into_the_repository_lead_somewhere() -> None:
    found = re.findall(r"https://github\.com/eksdns/eksdns/(?:blob|tree|raw)/main/([^)\s#]+)", README)
    assert found
    assert [path for path in found if not (ROOT / path).exists()] == []


def test_every_reference_of_the_readme_is_defined() -> None:
    used = set(re.findall(r"\]\[([a-z]+)\]", README))
    assert used == set(re.findall(r"^\[([a-z]+)\]: ", README, re.MULTILINE))


MOST_COLUMNS = 84
"""Width of a block on the site in a window of 1,280 pixels; a longer line is cut until it is scrolled."""


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_comments_of_commands_fit_the_site(page: Path) -> None:
    shown = [line for block in blocks(page) for line in block.text.splitlines() if line.startswith("eksdns ")]
    assert [line for line in shown if " # " in line and len(line) > MOST_COLUMNS] == []
