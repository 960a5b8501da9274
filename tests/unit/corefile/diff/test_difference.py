"""What differs between two Corefiles in CoreDNS's eyes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import Surroundings
from eksaddon.corefile.diff.difference import (
    BlockAdded,
    BlockChanged,
    BlockRemoved,
    Difference,
    Incomparable,
    compare,
)
from tests.support.corefile.models import PLAIN, Model, Style, models, styles
from tests.support.examples import examples

BASE = """.:53 {
    errors
    health {
        lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa {
        pods insecure
        fallthrough in-addr.arpa
    }
    forward . /etc/resolv.conf
    cache 30
}
"""


def difference(before: str, after: str) -> Difference:
    found = compare(before, after)
    assert isinstance(found, Difference)
    return found


@pytest.mark.parametrize(
    "after",
    [
        BASE,
        BASE.replace("\n", "\r\n"),
        BASE.replace("    ", "\t"),
        "# a comment\n\n" + BASE.replace("errors\n", "errors # one\n"),
        BASE.replace(".:53", "."),
        BASE.replace(".:53", "dns://.:53"),
        BASE.replace("    errors\n", "").replace("    cache 30\n", "    cache 30\n    errors\n"),
        BASE.replace(
            "        pods insecure\n        fallthrough in-addr.arpa\n",
            "        fallthrough in-addr.arpa\n        pods insecure\n",
        ),
        BASE.replace("5s", '"5s"'),
        BASE.replace("5s", "5000ms"),
        "(s) {\n    errors\n    cache 30\n}\n"
        + BASE.replace("    errors\n", "    import s\n").replace("    cache 30\n", ""),
        BASE.replace("cache 30", "cache {$TTL}"),
        BASE + "(unused) {\n    nonsense\n}\n",
        BASE + "{\n    log\n}\n",
    ],
)
def test_parts_that_coredns_ignores_make_no_difference(after: str) -> None:
    surroundings = Surroundings(environment={"TTL": "30"})
    assert compare(BASE, after, surroundings) == Difference()
    assert compare(after, BASE, surroundings) == Difference()


def test_of_an_unknown_plugin_the_order_counts_too() -> None:
    one, other = ". {\n foo {\n  a\n  b\n }\n}\n", ". {\n foo {\n  b\n  a\n }\n}\n"
    assert not difference(one, other).is_empty


def test_a_directive_named_by_the_environment_is_the_same_directive() -> None:
    surroundings = Surroundings(environment={"D": "errors"})
    assert compare(". {\n {$D}\n}\n", ". {\n errors\n}\n", surroundings) == Difference()


def test_blocks_are_matched_by_their_keys_and_then_by_any_key() -> None:
    before = "a {\n errors\n}\nb c {\n log\n}\nd {\n loop\n}\n"
    after = "c e {\n log\n}\na {\n errors\n}\nf {\n loop\n}\n"
    changes = difference(before, after).changes
    assert [type(change) for change in changes] == [BlockChanged, BlockRemoved, BlockAdded]
    assert changes[0] == BlockChanged(("b.:53", "c.:53"), ("e.:53",), ("b.:53",), ())
    assert changes[1].keys == ("d.:53",)
    assert changes[2].keys == ("f.:53",)


def test_blocks_that_share_a_key_with_a_taken_one_find_another_partner() -> None:
    before = "a b {\n errors\n}\na c {\n errors\n}\n"
    after = "a d {\n errors\n}\n"
    assert [type(change) for change in difference(before, after).changes] == [BlockChanged, BlockRemoved]


def test_equal_keys_are_matched_in_order() -> None:
    before = ". {\n view a\n}\n. {\n view b\n}\n"
    assert difference(before, before) == Difference()
    swapped = ". {\n view b\n}\n. {\n view a\n}\n"
    assert len(difference(before, swapped).changes) == 2


def test_a_corefile_that_coredns_rejects_cannot_be_compared() -> None:
    found = compare("a {", BASE)
    assert isinstance(found, Incomparable)
    assert found.before is not None
    assert found.after is None


def test_where_a_statement_is_is_kept() -> None:
    change = difference(BASE, BASE.replace("cache 30", "cache 60")).changes[0]
    assert change.directives[0].before[0].line == 11
    assert change.directives[0].name == "cache"


@examples(60)
@given(models(), styles())
def test_a_corefile_never_differs_from_itself_however_it_is_written(model: Model, style: Style) -> None:
    plain, styled = model.write(PLAIN), model.write(style)
    assert compare(plain, plain) == Difference()
    assert compare(plain, styled) == Difference()


_LINES = st.lists(
    st.sampled_from(
        [
            "errors",
            "log",
            "cache 30",
            "cache 60",
            "rewrite name a b",
            "rewrite name c d",
            "ready :8181",
            "loop",
        ]
    ),
    max_size=6,
)


def written(lines: list[str]) -> str:
    return ".:53 {\n" + "".join(f" {line}\n" for line in lines) + "}\n"


@given(_LINES, st.randoms(use_true_random=False))
def test_directives_of_different_names_may_be_in_any_order(lines: list[str], dice: random.Random) -> None:
    by_name: dict[str, list[str]] = {}
    for line in lines:
        by_name.setdefault(line.split()[0], []).append(line)
    names = list(by_name)
    dice.shuffle(names)
    shuffled = [line for name in names for line in by_name[name]]
    assert compare(written(lines), written(shuffled)) == Difference()
