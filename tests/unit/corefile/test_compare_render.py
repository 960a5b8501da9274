"""A difference as people read it, and as lines for a report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import Surroundings
from eksaddon.corefile.compare import compare
from eksaddon.corefile.render import plain
from eksaddon.corefile.render_difference import render_comparison
from eksaddon.corefile.textdiff import DiffLine, Kind, line_diff, unified
from tests.support.memory_files import MemoryFiles

BASE = """.:53 {
    errors
    health {
        lameduck 5s
    }
    rewrite name a b
    rewrite name c d
    cache 30
}
"""


def shown(before: str, after: str) -> str:
    return plain(render_comparison(compare(before, after)))


def test_no_difference_is_said() -> None:
    assert shown(BASE, BASE) == "both Corefiles mean the same to CoreDNS\n"


def test_only_what_differs_is_shown() -> None:
    after = BASE.replace("5s", "30s").replace("cache 30", "cache 60").replace("    rewrite name c d\n", "")
    assert shown(BASE, after) == (
        "  .:53\n"
        "      health {\n"
        "-         lameduck 5s\n"
        "+         lameduck 30s\n"
        "      }\n"
        "-     rewrite name c d\n"
        "-     cache 30\n"
        "+     cache 60\n"
    )


def test_new_and_lost_blocks_and_keys_are_shown() -> None:
    after = (
        BASE.replace(".:53", ".:53 x.org")
        + 'b.org {\n    log "a b" ""\n    hosts {\n        10.0.0.1 a\n    }\n}\n'
    )
    assert shown(BASE, after) == (
        "  .:53\n"
        "+     zone x.org.:53\n"
        "\n"
        "+ b.org.:53  new server block\n"
        '+     log "a b" ""\n'
        "+     hosts {\n"
        "+         10.0.0.1 a\n"
        "+     }\n"
    )
    assert shown(after, BASE).startswith(
        "  .:53 x.org.:53\n-     zone x.org.:53\n\n- b.org.:53  server block gone\n"
    )


def test_another_order_is_shown_as_such() -> None:
    after = BASE.replace("a b", "x").replace("c d", "a b").replace("name x", "name c d")
    assert shown(BASE, after) == (
        "  .:53\n"
        "      rewrite: the same in another order\n"
        "-     rewrite name a b\n"
        "-     rewrite name c d\n"
        "+     rewrite name c d\n"
        "+     rewrite name a b\n"
    )


def test_another_order_of_properties_shows_them_all() -> None:
    one = ". {\n acl {\n  allow net 10.0.0.0/8\n  block\n }\n}\n"
    other = ". {\n acl {\n  block\n  allow net 10.0.0.0/8\n }\n}\n"
    assert shown(one, other) == (
        "  .:53\n"
        "      acl {\n"
        "-         allow net 10.0.0.0/8\n"
        "-         block\n"
        "+         block\n"
        "+         allow net 10.0.0.0/8\n"
        "      }\n"
    )


def test_what_cannot_be_read_is_named() -> None:
    words = "Corefile:1 - Error during parsing: Unexpected EOF"
    assert shown("a,", "b,").split("\n")[:2] == [
        f"error: CoreDNS does not read the first Corefile: {words}",
        f"error: CoreDNS does not read the second Corefile: {words}",
    ]

    assert shown(BASE, "b,").startswith("error: CoreDNS does not read the second Corefile")


def test_of_a_block_only_the_properties_that_differ_are_shown() -> None:
    one = ". {\n kubernetes a {\n  pods insecure\n  ttl 5\n }\n}\n"
    assert shown(one, one.replace("ttl 5", "ttl 6")) == (
        "  .:53\n      kubernetes a {\n-         ttl 5\n+         ttl 6\n      }\n"
    )


def test_nothing_of_a_corefile_acts_on_the_terminal() -> None:
    assert "\x1b" not in shown(". {\n log \x1b[31m\n}\n", ". {\n log x\n}\n")


def test_a_statement_of_an_imported_file_has_no_line() -> None:
    files = MemoryFiles({"/more": "cache 5\n"})
    found = compare(". {\n import /more\n}\n", ". {\n}\n", Surroundings(files=files))
    assert "cache 5" in plain(render_comparison(found))


def test_lines_are_numbered_on_both_sides_with_context() -> None:
    before = "".join(f"{letter}\n" for letter in "abcdefghij")
    rows = line_diff(before, before.replace("e\n", "E\nF\n"), context=1)
    assert rows == (
        DiffLine(Kind.SKIPPED, 0, 0, ""),
        DiffLine(Kind.SAME, 4, 4, "d"),
        DiffLine(Kind.REMOVED, 5, 0, "e"),
        DiffLine(Kind.ADDED, 0, 5, "E"),
        DiffLine(Kind.ADDED, 0, 6, "F"),
        DiffLine(Kind.SAME, 6, 7, "f"),
        DiffLine(Kind.SKIPPED, 0, 0, ""),
    )


def test_equal_texts_have_no_rows() -> None:
    assert line_diff(BASE, BASE) == ()
    assert unified(BASE, BASE, "a", "b") == ""


def test_the_unified_form_names_both_sides() -> None:
    assert unified("a\nb\n", "a\nc\n", "live", "planned") == "--- live\n+++ planned\n a\n-b\n+c\n"
    assert "@@" in unified(BASE, BASE.replace("cache 30", "cache 60"), "a", "b", context=0)


def test_a_missing_last_line_ending_is_a_difference() -> None:
    assert [row.kind for row in line_diff("a", "a\n")] == [Kind.SAME, Kind.ADDED]


@pytest.mark.parametrize("context", [0, 3])
@given(st.text(alphabet="ab\n", max_size=20), st.text(alphabet="ab\n", max_size=20))
def test_removed_and_added_rows_rebuild_both_texts(context: int, before: str, after: str) -> None:
    rows = line_diff(before, after, context=len(before) + len(after) if context else 0)
    if context and rows:
        one = "\n".join(row.text for row in rows if row.kind is not Kind.ADDED)
        assert before.removesuffix("\n") == one or before == one
    assert bool(rows) == (before != after)
