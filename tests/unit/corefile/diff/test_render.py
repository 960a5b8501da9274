"""A difference as people read it, and as lines for a report."""

from eksaddon.corefile import Surroundings
from eksaddon.corefile.diff.difference import compare
from eksaddon.corefile.diff.render import render_comparison
from eksaddon.corefile.lint.render import plain
from tests.support.corefile.memory_files import MemoryFiles

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


def test_no_difference_is_reported() -> None:
    assert shown(BASE, BASE) == "both Corefiles are equivalent to CoreDNS\n"


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
        "+ b.org.:53  server block added\n"
        '+     log "a b" ""\n'
        "+     hosts {\n"
        "+         10.0.0.1 a\n"
        "+     }\n"
    )
    assert shown(after, BASE).startswith(
        "  .:53 x.org.:53\n-     zone x.org.:53\n\n- b.org.:53  server block removed\n"
    )


def test_another_order_is_shown_as_such() -> None:
    after = BASE.replace("a b", "x").replace("c d", "a b").replace("name x", "name c d")
    assert shown(BASE, after) == (
        "  .:53\n"
        "      rewrite: same values, different order\n"
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
        f"error: CoreDNS cannot parse the first Corefile: {words}",
        f"error: CoreDNS cannot parse the second Corefile: {words}",
    ]

    assert shown(BASE, "b,").startswith("error: CoreDNS cannot parse the second Corefile")


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
