"""Pages that are written from the code are as the code would write them."""

import pytest

from eksaddon.corefile.lint.findings import RULES
from tests.support.pages import commands, fleet_file, lint_examples, scenarios
from tests.support.pages.markers import with_part


@pytest.mark.parametrize(
    ("module", "content"),
    [
        (fleet_file, fleet_file.reference),
        (commands, commands.reference),
        (lint_examples, lint_examples.examples),
        (scenarios, scenarios.reference),
    ],
    ids=["fleet-file", "commands", "lint-examples", "scenarios"],
)
def test_the_page_is_the_one_that_the_code_writes(module, content):
    text = module.PAGE.read_text(encoding="utf-8")
    assert text == with_part(text, module.NAME, content()), f"python -m {module.__name__}"


def test_every_built_in_scenario_is_on_the_page():
    text = scenarios.PAGE.read_text(encoding="utf-8")
    assert text == with_part(text, scenarios.LIST, scenarios.built_in())


def test_every_lint_rule_has_an_example():
    assert list(lint_examples.EXAMPLES) == list(RULES)
