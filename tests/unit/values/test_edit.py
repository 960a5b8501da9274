"""The proofs that stand behind an edit in place: what they would catch."""

import pytest

from eksaddon.values import Edit, Form
from eksaddon.values.edit import keeps_others
from eksaddon.values.splice import Splice, UneditableError, spliced

CHANGES = (Edit(("a",), 1, 2), Edit(("b", "c"), 1, 2))


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ("a: 2\nb: {c: 2, d: 1}\ne: 3 # x\n", True),
        ("b: {c: 2, d: 1}\ne: 3\nnew: 1\na: 2\n", True),
        ("a: 2\nb: {c: 2, d: 1}\ne: 0x3\n", False),
        ("a: 2\nb: {c: 2, d: 1}\n", False),
        ("a: 2\nb: {c: 2, d: 0x1}\ne: 3\n", False),
        ("a: 2\nb: {c: 2}\ne: 3\n", False),
        ("a: 2\nb: [c]\ne: 3\n", False),
        ("[a]", False),
    ],
)
def test_a_key_that_no_change_is_about_must_have_the_same_bytes(after, kept):
    before = "a: 1\nb: {c: 1, d: 1}\ne: 3\n"
    assert keeps_others(before, Form.YAML, after, Form.YAML, CHANGES) is kept


def test_there_is_nothing_to_keep_where_nothing_was():
    assert keeps_others("", Form.JSON, '{"a": 1}', Form.JSON, CHANGES)


def test_spans_are_replaced_in_one_go_and_must_not_overlap():
    assert spliced("abcdef", [Splice(4, 5, "E"), Splice(1, 3, ""), Splice(3, 3, "-")]) == "a-dEf"
    with pytest.raises(UneditableError):
        spliced("abcdef", [Splice(1, 3, ""), Splice(2, 4, "")])
