"""Messages are read by people, whatever the length of the words that they repeat."""

import difflib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import Refused, edit, parse
from eksaddon.corefile.editing.edits import SetArguments
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.wording import LONGEST_MESSAGE, cut, similar
from eksaddon.plan.corefile_reading import Unparsable, read_corefile
from eksaddon.report.documents.corefile import corefile_lines

LONG = "x" * 100_000


def test_a_message_is_cut_where_it_gets_too_long() -> None:
    assert cut("x" * LONGEST_MESSAGE) == "x" * LONGEST_MESSAGE
    assert cut("x" * (LONGEST_MESSAGE + 1)) == "x" * (LONGEST_MESSAGE - 1) + "…"


@pytest.mark.parametrize(
    "text", [f".:53 {{\n {LONG}\n}}\n", f".:53 {{\n errors\n {LONG}", f"{LONG} {{\n errors\n}}\n"]
)
def test_no_message_repeats_a_word_of_any_length(text: str) -> None:
    assert max(len(one.diagnostic.summary) for one in lint(text)) <= LONGEST_MESSAGE
    refused = edit(text, SetArguments("cache", ("30",)))
    assert isinstance(refused, Refused)
    assert len(refused.message) <= LONGEST_MESSAGE
    found = read_corefile(text)
    assert isinstance(found, Unparsable)
    assert len(found.message) <= LONGEST_MESSAGE
    shown = [line for line in corefile_lines(parse(text), "Corefile") if "refused by CoreDNS" in line]
    assert all(len(line) < 2 * LONGEST_MESSAGE for line in shown)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("helth", "health"), ("erors", "errors"), ("zzz", None), ("", None), ("htlaeh", None)],
)
def test_a_misspelt_word_has_the_known_one_that_is_most_like_it(word: str, expected: str | None) -> None:
    assert similar(word, ("errors", "health", "hosts"), 0.7) == expected


WORDS = st.text("abcdeforwx-_é", max_size=9)
KNOWN = st.lists(WORDS | st.sampled_from(["forward", "cache", "reload"]), max_size=8)


@given(
    WORDS,
    st.lists(WORDS | st.sampled_from(["forward", "cache", "reload"]), max_size=8),
    st.sampled_from([0.6, 0.7]),
)
def test_a_similar_word_is_the_one_of_difflib(word: str, known: list[str], cutoff: float) -> None:
    """Words that cannot reach the cutoff are left out before difflib compares them."""
    sharing = sorted(each for each in known if set(pairwise(word)) & set(pairwise(each)))
    assert similar(word, known, cutoff) == next(
        iter(difflib.get_close_matches(word, sharing, 1, cutoff)), None
    )
