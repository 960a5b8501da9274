"""Foreign text cannot act on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.printable import on_one_line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain äöü 日本", "plain äöü 日本"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb", "a\\rb"),
        ("\u202egnp", "\\u202egnp"),
        ("\udcff", "\\udcff"),
        ("one\n\ttwo", "one\n\ttwo"),
    ],
)
def test_control_characters_are_spelt_out(text, shown):
    assert printable(text) == shown


@given(st.text(st.characters(codec=None)))
def test_one_line_stays_one_line(text):
    line = on_one_line(text)
    assert line.isprintable() or not set(line) & set("\x1b\r\n\t\x07\u202e")
    assert on_one_line(line) == line
