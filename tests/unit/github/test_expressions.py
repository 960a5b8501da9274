"""The reader of expressions that replays of workflows rest on."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.github.expressions import evaluate, filled

CONTEXT = {"inputs": {"a": "x", "n": 3, "yes": True}, "needs": {"w": {"outputs": {"list": '[{"k":1},null]'}}}}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "fromJSON": json.loads,
    "format": lambda text, *values: text.format(*values),
    "no": lambda: False,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("inputs.a == 'x'", True),
        ("inputs.a != 'x' || inputs.yes", True),
        ("inputs.missing.deeper", None),
        ("inputs.missing == null", True),
        ("inputs.yes && 'p' || 'q'", "p"),
        ("no() && 'p' || 'q'", "q"),
        ("!no() && (inputs.a == 'y' || inputs.n == 3)", True),
        ("fromJSON(needs.w.outputs.list)[0].k", 1),
        ("fromJSON(needs.w.outputs.list)[1] != null", False),
        ("fromJSON(needs.w.outputs.list)[9] == null", True),
        ("format('{0}-{1}', inputs.a, 'it''s')", "x-it's"),
    ],
)
def test_expressions_are_what_github_documents(text, value):
    assert evaluate(text, CONTEXT, FUNCTIONS) == value


def test_a_text_is_filled_and_a_bare_expression_keeps_its_type():
    assert filled("${{ inputs.n }}", CONTEXT, FUNCTIONS) == 3
    assert filled("a-${{ inputs.n }}-${{ inputs.yes }}-${{ inputs.no }}", CONTEXT, FUNCTIONS) == "a-3-true-"


@pytest.mark.parametrize("text", ["inputs.a ===", "'open", "inputs.a inputs.a", "(inputs.a"])
def test_an_unsupported_expression_is_rejected(text):
    with pytest.raises((AssertionError, IndexError, KeyError)):
        evaluate(text, CONTEXT, FUNCTIONS)
