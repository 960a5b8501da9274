"""What lint fixes by itself, and what only with consent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import Edit, Surroundings, decode
from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.fix import fix, fix_all
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.lint.start import start_errors
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.domain.diagnostic import Diagnostic, Severity
from tests.support.corefile.memory_files import MemoryFiles
from tests.support.examples import examples

FIXED = [
    (
        "a block on one line is spread over three",
        ".:53 {\n  health { lameduck 5s }\n}\n",
        ".:53 {\n  health {\n    lameduck 5s\n  }\n}\n",
    ),
    (
        "the neighbours' indentation and line endings are kept",
        ". {\r\n\tcache {\r\n\t\tsuccess 5\r\n\t}\r\n\tready { monitor until-ready }\r\n}\r\n",
        ". {\r\n\tcache {\r\n\t\tsuccess 5\r\n\t}\r\n\tready {\r\n\t\tmonitor until-ready\r\n\t}\r\n}\r\n",
    ),
    (
        "a server block on one line gets a line for its brace",
        ". { errors }\n",
        ". { errors\n}\n",
    ),
    (
        "so do all that follow",
        "a.org { errors }\nb.org {\n  health {\n  } }\n",
        "a.org { errors\n}\nb.org {\n  health {\n  }\n  }\n",
    ),
    (
        "a directive behind a brace gets a line of its own",
        ". {\n  health {\n  } errors\n}\n",
        ". {\n  health {\n  }\n  errors\n}\n",
    ),
    ("a duration becomes the seconds that were meant", ". {\n cache 30s # c\n}\n", ". {\n cache 30 # c\n}\n"),
    ("minutes as well", ". {\n cache 5m\n}\n", ". {\n cache 300\n}\n"),
    (
        "a comment that touches a word hides the rest of the line",
        ". {\n health {\n  lameduck 5s#five seconds\n }\n}\n",
        ". {\n health {\n  lameduck 5s #five seconds\n }\n}\n",
    ),
    ("a brace too many goes", ". {\n errors\n}\n}\n", ". {\n errors\n}\n\n"),
    (
        "a brace too many between two blocks goes",
        "a.org {\n errors\n}\n} b.org {\n log\n}\n",
        "a.org {\n errors\n}\n b.org {\n log\n}\n",
    ),
    (
        "a missing brace is added",
        "  . {\n   health {\n   }\n",
        "  . {\n   health {\n   }\n  }\n",
    ),
    ("also without a last line ending", ". {\n health {\n }", ". {\n health {\n }\n}"),
    ("a brace is parted from its zone", "a.org:53{\n errors\n}\n", "a.org:53 {\n errors\n}\n"),
    ("a brace is parted from its plugin", ". {\n health{\n }\n}\n", ". {\n health {\n }\n}\n"),
    ("a comma that stands alone goes", "a , b {\n}\n", "a  b {\n}\n"),
    (
        "a brace in a comment comes before it",
        ". # main {\n errors\n}\n",
        ". {  # main {\n errors\n}\n",
    ),
    (
        "what does nothing is removed with its line",
        ". {\n template IN A {\n  upstream\n  rcode NXDOMAIN\n }\n}\n",
        ". {\n template IN A {\n  rcode NXDOMAIN\n }\n}\n",
    ),
    (
        "what did nothing before it was taken away goes too",
        ". {\n kubernetes cluster.local {\n  upstream 1.1.1.1\n  pods insecure\n }\n}\n",
        ". {\n kubernetes cluster.local {\n  pods insecure\n }\n}\n",
    ),
    ("proxy becomes forward", ". {\n proxy . /etc/resolv.conf\n}\n", ". {\n forward . /etc/resolv.conf\n}\n"),
    ("carriage returns become line feeds", ". {\r errors\r}\r", ". {\n errors\n}\n"),
]

LEFT = [
    ("several properties on one line", ". {\n cache { success 5 denial 5 }\n}\n"),
    ("a line that holds no known property", ". {\n health { foo 5s }\n}\n"),
    ("a snippet's block", "(s) {\n health { lameduck 5s }\n}\n. {\n import s\n}\n"),
    ("a fraction of a second", ". {\n cache 1500ms\n}\n"),
    ("a TTL from the environment", ". {\n cache {$T}\n}\n"),
    ("a property that means something else now", ". {\n kubernetes a {\n  transfer to *\n }\n}\n"),
    ("proxy with properties", ". {\n proxy . 1.1.1.1 {\n  policy random\n }\n}\n"),
    ("proxy beside forward", ". {\n proxy . 1.1.1.1\n forward a 1.1.1.1\n}\n"),
    ("a brace in the middle of a zone", "a{b {\n errors\n}\n"),
    ("a mixture of line endings", ". {\n err\rors\n}\n"),
    ("a brace glued to no plugin", ". {\n nonsense{\n}\n"),
    ("a brace behind a glued comment", ". {\n forward . 10.0.0.1#a 10.0.0.2 {\n  max_fails 1\n }\n}\n"),
    ("a quoted name with a brace", '. {\n "health{"\n}\n'),
    ("a zone in quotes", '"a.org{"\n'),
    ("a word behind a brace that is no plugin", ". {\n health {\n } foo\n}\n"),
    ("an ignored property that swallows the brace", ". {\n template IN A { upstream }\n}\n"),
    ("a stray brace that opens a block of its own", ". {\n}\n}\nerrors\n"),
    (
        "a property behind the argument of another",
        ". {\n template IN A {\n  rcode NXDOMAIN upstream\n }\n}\n",
    ),
    ("a hosts line with a brace", ". {\n hosts { 10.0.0.1 a }\n}\n"),
]


def fixed(text: str, *, unsafe: bool = False, **options: Any) -> str:
    return fix_all(text, unsafe=unsafe, **options).text


UNSAFE = [
    ". {\n forward . 10.0.0.2#primary 10.0.0.3\n}\n",
    ". {\n cache 30s\n}\n",
    ". {\n errors\n}\n}\n",
    "a.org:53{\n errors\n}\n",
]


@pytest.mark.parametrize("text", UNSAFE)
def test_a_fix_that_changes_what_coredns_does_needs_consent(text: str) -> None:
    left = fix_all(text)
    assert left.text == text
    assert left.applied == ()
    assert len(left.unsafe) == 1
    done = fix_all(text, unsafe=True)
    assert done.text != text
    assert [each.rule for each in done.applied] == [each.rule for each in left.unsafe]


def test_every_fix_made_is_reported_with_its_place_and_rule() -> None:
    done = fix_all(". {\n health{\n }\n errors#c\n}\n")
    assert {(each.rule, str(each.diagnostic.location)) for each in done.applied} >= {
        ("unknown-directive", "Corefile:2:2")
    }


def stays_the_same(text: str) -> None:
    """A safe fix of a Corefile that CoreDNS accepts changes nothing that CoreDNS looks at."""
    if any(each.severity is Severity.ERROR for each in lint(text)):
        return
    done = fix_all(text)
    expected = [each for each in done.applied if each.rule != "ignored-property"]
    if len(expected) == len(done.applied):
        assert compare(text, done.text) in (Difference(), compare(text, text))


@examples(300)
@given(st.lists(st.sampled_from([
    ". ", "a.org ", "{\n", "}\n", "errors", "#c", " # c {", "\n", "health {\n", "lameduck 5s", "}", "\r",
    "forward . 1.1.1.1#x 1.0.0.1\n", "cache 30s\n", "log", ", ", "template IN A {\n", "rcode NXDOMAIN\n",
]), max_size=20))  # fmt: skip
def test_a_safe_fix_changes_nothing_for_coredns(parts: list[str]) -> None:
    stays_the_same("".join(parts))


@pytest.mark.parametrize("text", [case[1] for case in FIXED])
def test_a_safe_fix_of_the_examples_changes_nothing_for_coredns(text: str) -> None:
    stays_the_same(text)


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in FIXED], ids=[case[0] for case in FIXED])
def test_a_fix_is_applied_once(before: str, after: str) -> None:
    assert fixed(before, unsafe=True) == after
    assert fixed(after, unsafe=True) == after


@pytest.mark.parametrize("text", [case[1] for case in LEFT], ids=[case[0] for case in LEFT])
def test_text_without_a_fix_stays_byte_for_byte(text: str) -> None:
    assert fixed(text, unsafe=True) == text


def test_proxy_stays_where_forward_does_not_exist() -> None:
    text = ". {\n proxy . 1.1.1.1\n}\n"
    assert fixed(text, version=(1, 0, 5)) == text


def test_a_fix_that_is_about_comments_only_changes_nothing_for_coredns() -> None:
    for text in (
        ". {\n errors#c\n}\n",
        ". {\n forward . tls://9.9.9.9#dns.example\n}\n",
        ". # main {\n log\n}\n",
    ):
        after = fixed(text)
        assert after != text
        assert compare(text, after) == Difference()


def test_contents_of_an_imported_file_are_not_fixed() -> None:
    for text, content in (
        (". {\n import more\n}\n", "errors }\n"),
        ("import more\n", "a.org {\n health {\n }\n"),
        ("import more\n", ". {\n}\n}\n"),
    ):
        surroundings = Surroundings(files=MemoryFiles({"/more": content}))
        assert fixed(text, surroundings=surroundings) == text


def test_a_thousand_blocks_on_a_line_each_are_fixed_in_few_rounds() -> None:
    text = "".join(f"z{number} {{ errors }}\n" for number in range(300))
    assert fixed(text) == text.replace(" }", "\n}")


def test_fixing_ends_after_so_many_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.corefile.lint.fix.MOST_ROUNDS", 0)
    assert fixed(". { errors }\n") == ". { errors }\n"


def finding(*edits: Edit) -> Finding:
    return Finding(Diagnostic(Severity.WARNING, "lone-cr", "x"), 0, 0, Fix("do it", edits, safe=True))


def test_without_a_fix_nothing_happens() -> None:
    assert fix("a b", []).text == "a b"
    assert fix("a b", [Finding(Diagnostic(Severity.ERROR, "syntax", "x"), 0, 1)]).text == "a b"


def test_of_fixes_that_touch_each_other_the_first_is_made() -> None:
    first, second = finding(Edit(0, 1, "x", ("x",))), finding(Edit(1, 2, "", ()))
    assert fix("a b", [second, first]).text == "x b"


def test_a_fix_that_would_be_read_otherwise_is_not_made_but_others_are() -> None:
    wrong, right = finding(Edit(0, 1, "x y", ("x",))), finding(Edit(2, 3, "z", ("z",)))
    assert fix("a b", [wrong]).text == "a b"
    assert fix("a b", [wrong, right]).text == "a z"


def test_words_are_accounted_for_at_the_ends_of_the_text() -> None:
    assert fix("a", [finding(Edit(0, 0, "x ", ("x",)), Edit(1, 1, " y", ("y",)))]).text == "x a y"


@pytest.mark.parametrize("version", [(1, 8, 0), (1, 14, 7)])
def test_no_fix_makes_an_error(version: Version) -> None:
    for _, before, _ in FIXED:
        worse = [each for each in lint(fixed(before, version=version), version=version) if each.start]
        errors = sum(each.severity is Severity.ERROR for each in worse)
        assert errors <= sum(each.severity is Severity.ERROR for each in lint(before, version=version))


def test_where_all_fixes_together_do_harm_those_that_help_are_made() -> None:
    text = ". {\n cache 30s\n}\na.org{\n bad\n}\n}\n"
    after = fixed(text, unsafe=True)
    assert " cache 30\n" in after
    assert fixed(after, unsafe=True) == after


_PIECES = st.sampled_from(
    [
        ". ", "a.org{", "{ ", "} ", "{", "}", "\n", "\n", "health ", "lameduck ", "5s", "errors", "#x",
        "#x y",
        "cache ", "30s ", "proxy . 1.1.1.1\n", "kubernetes a {\n", "upstream\n", ", ", "\r", '"', "health{",
        "template IN A {\n", "# {", "import s\n", "(s) {",
    ]
)  # fmt: skip


@examples(150)
@given(st.lists(_PIECES, max_size=25))
def test_fixing_twice_is_fixing_once(parts: list[str]) -> None:
    once = fixed("".join(parts))
    assert fixed(once) == once


@examples(50)
@given(st.binary(max_size=40))
def test_fixing_arbitrary_bytes_never_crashes(data: bytes) -> None:
    text = decode(data)
    assert fixed(fixed(text)) == fixed(text)


@pytest.mark.parametrize(
    "text",
    [
        ".:1053 {\n cache example.org {\n  success# 10\n }\n}\n",
        ".:1053 {\n rewrite type# MX a\n}\n",
        "}\n}\n.:1053 {\n errors\n}\n",
    ],
)
def test_no_fix_stops_coredns_from_starting_although_queries_fail_before(text: str) -> None:
    assert start_errors(text, NEWEST_KNOWN) == ()
    assert start_errors(fixed(text, unsafe=True), NEWEST_KNOWN) == ()
