"""Pages and pictures that are made by running the program are as it makes them."""

import pytest

from tests.support.pages import pictures, rules
from tests.support.pages.markers import part, with_part


@pytest.mark.slow
def test_the_page_of_rules_is_the_one_that_plans_write():
    text = rules.PAGE.read_text(encoding="utf-8")
    assert text == with_part(text, rules.NAME, rules.rules()), "python -m tests.support.pages.rules"


def test_every_rule_of_the_table_has_a_section():
    text = rules.PAGE.read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(example.rule for example in rules.EXAMPLES)
    assert part(text, rules.NAME).count("### `") == len(rules.EXAMPLES)


def test_the_pictures_are_those_that_the_program_draws():
    for path, text in pictures.pictures():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name}: python -m tests.support.pages.pictures"
        )
