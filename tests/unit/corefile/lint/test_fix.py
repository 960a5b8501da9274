"""What lint mends by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import Edit, Surroundings, decode
from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.fix import fix, fix_all
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Diagnostic, Severity
from tests.support.corefile.memory_files import MemoryFiles
from tests.support.examples import examples

MENDED = [
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


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in MENDED], ids=[case[0] for case in MENDED])
def test_what_can_be_mended_is_mended_and_then_left_alone(before: str, after: str) -> None:
    assert fix_all(before) == after
    assert fix_all(after) == after


@pytest.mark.parametrize("text", [case[1] for case in LEFT], ids=[case[0] for case in LEFT])
def test_what_cannot_be_mended_safely_stays_byte_for_byte(text: str) -> None:
    assert fix_all(text) == text


def test_proxy_stays_where_forward_does_not_exist() -> None:
    text = ". {\n proxy . 1.1.1.1\n}\n"
    assert fix_all(text, version=(1, 0, 5)) == text


def test_a_fix_that_is_about_comments_only_changes_nothing_for_coredns() -> None:
    for text in (
        ". {\n errors#c\n}\n",
        ". {\n forward . tls://9.9.9.9#dns.example\n}\n",
        ". # main {\n log\n}\n",
    ):
        fixed = fix_all(text)
        assert fixed != text
        assert compare(text, fixed) == Difference()


def test_what_an_imported_file_holds_is_not_mended() -> None:
    for text, content in (
        (". {\n import more\n}\n", "errors }\n"),
        ("import more\n", "a.org {\n health {\n }\n"),
        ("import more\n", ". {\n}\n}\n"),
    ):
        surroundings = Surroundings(files=MemoryFiles({"/more": content}))
        assert fix_all(text, surroundings=surroundings) == text


def test_a_thousand_blocks_on_a_line_each_are_mended_in_few_rounds() -> None:
    text = "".join(f"z{number} {{ errors }}\n" for number in range(300))
    assert fix_all(text) == text.replace(" }", "\n}")


def test_mending_ends_after_so_many_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.corefile.lint.fix.MOST_ROUNDS", 1)
    assert fix_all(". { errors }\n") == ". { errors }\n"


def finding(*edits: Edit) -> Finding:
    return Finding(Diagnostic(Severity.WARNING, "lone-cr", "x"), 0, 0, Fix("do it", edits))


def test_without_a_fix_nothing_happens() -> None:
    assert fix("a b", []) == "a b"
    assert fix("a b", [Finding(Diagnostic(Severity.ERROR, "syntax", "x"), 0, 1)]) == "a b"


def test_of_fixes_that_touch_each_other_the_first_is_made() -> None:
    first, second = finding(Edit(0, 1, "x", ("x",))), finding(Edit(1, 2, "", ()))
    assert fix("a b", [second, first]) == "x b"


def test_a_fix_that_would_be_read_otherwise_is_not_made_but_others_are() -> None:
    wrong, right = finding(Edit(0, 1, "x y", ("x",))), finding(Edit(2, 3, "z", ("z",)))
    assert fix("a b", [wrong]) == "a b"
    assert fix("a b", [wrong, right]) == "a z"


def test_words_are_accounted_for_at_the_ends_of_the_text() -> None:
    assert fix("a", [finding(Edit(0, 0, "x ", ("x",)), Edit(1, 1, " y", ("y",)))]) == "x a y"


@pytest.mark.parametrize("version", [(1, 8, 0), (1, 14, 7)])
def test_no_fix_makes_an_error(version: Version) -> None:
    for _, before, _ in MENDED:
        worse = [each for each in lint(fix_all(before, version=version), version=version) if each.start]
        errors = sum(each.severity is Severity.ERROR for each in worse)
        assert errors <= sum(each.severity is Severity.ERROR for each in lint(before, version=version))


def test_where_all_fixes_together_do_harm_those_that_help_are_made() -> None:
    text = ". {\n cache 30s\n}\na.org{\n bad\n}\n}\n"
    fixed = fix_all(text)
    assert " cache 30\n" in fixed
    assert fix_all(fixed) == fixed


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
def test_mending_twice_is_mending_once(parts: list[str]) -> None:
    once = fix_all("".join(parts))
    assert fix_all(once) == once


@examples(50)
@given(st.binary(max_size=40))
def test_mending_arbitrary_bytes_never_crashes(data: bytes) -> None:
    text = decode(data)
    assert fix_all(fix_all(text)) == fix_all(text)
