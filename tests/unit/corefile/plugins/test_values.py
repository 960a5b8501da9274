"""What Go's own parsing functions accept; the tables were compared with Go itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile.plugins.go_regexp import Compiles, Refused, read_regexp
from eksaddon.corefile.plugins.label_selector import selector_problem
from eksaddon.corefile.plugins.values import (
    Anything,
    Cidr,
    Duration,
    Expression,
    Integer,
    IpAddress,
    IpAndPort,
    IpOrInterface,
    LabelSelector,
    ListenAddress,
    NetworkOrAddress,
    Number,
    OneOf,
    Percentage,
    Regexp,
    Template,
    TransferTarget,
    TranslationPrefix,
    Unsigned,
    Value,
    Zone,
    read_cidr,
    read_integer,
)
from eksaddon.corefile.syntax.wording import LONGEST, brief

VALUES: list[tuple[Value, list[str], list[str]]] = [
    (Anything(), ["", "x y"], []),
    (OneOf(("a", "b")), ["a"], ["A", "c", ""]),
    (OneOf(("a",), folded=True), ["a", "A"], ["b"]),
    (
        Integer(),
        ["0", "+5", "-5", "007", "9223372036854775807"],
        ["", "5s", "1_0", "0x5", "9" * 25, "9" * 500, "٣"],
    ),
    (Integer(1, 5), ["1", "5"], ["0", "6"]),
    (Integer(zero=False), ["1", "-1"], ["0"]),
    (Unsigned(10), ["0", "10"], ["11", "-1", "+1", "", "9" * 500]),
    (Number(0.0, 1.0), ["0", ".5", "1.", "1e-3", "inf", "NaN", "0x1p-2"], ["x", "-1", "", "1e", "2"]),
    (Percentage(10, 90), ["10%", "90%"], ["9%", "91%", "50", "%", "x%"]),
    (Duration(), ["0", "-5s", "1h1h", ".5s"], ["5", "1d", ""]),
    (Duration(low=1, high=5), ["5ns"], ["0", "6ns"]),
    (Duration(low=2, zero=True), ["0", "2ns"], ["1ns"]),
    (Duration(bare=True), ["5", "5s"], ["x"]),
    (Duration(whole=True), ["5s", "1000ms"], ["1ms"]),
    (ListenAddress(), [":8080", "[::1]:http", "localhost:"], ["8080", "::1", "[::1]", ""]),
    (IpAddress(), ["1.2.3.4", "::1"], ["01.2.3.4", "fe80::1%eth0", "x", "1.2.3.4/8"]),
    (IpOrInterface(), ["1.2.3.4", "eth0", "lo"], ["a/b", "a:b", "x" * 16, ""]),
    (IpAndPort(), ["1.2.3.4", "1.2.3.4:53", "[::1]:53"], ["x:53", "[::1]"]),
    (
        Cidr(),
        ["10.1.2.3/8", "::/0", "1.2.3.4/008"],
        ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "x/8", "::/129"],
    ),
    (NetworkOrAddress(), ["*", "10.0.0.0/8", "::1"], ["x", "10.0.0.0/99"]),
    (
        TranslationPrefix(),
        ["64:ff9b::/96", "2001:db8::/32"],
        ["64:ff9b::/52", "64:ff9b::/24", "10.0.0.0/8", "x"],
    ),
    (Regexp(), ["", "a(b)c", "(" * 20_000], ["(", "a**"]),
    (Regexp(1), ["(a)"], ["a"]),
    (
        Template(),
        ["", "a {{ b }} c", '{{ "}}" }}', "{{/* }} */}}", "{{- /* x */ -}}"],
        ["{{", "{{ ' }}", "{{/* x }}"],
    ),
    (LabelSelector(), ["a=b"], ["a in ("]),
    (TransferTarget(), ["*", "1.2.3.4", "1.2.3.4:53", "fe80::1%eth0"], ["x"]),
    (Expression(), ["name() == 'a b'", "a and b", "not a", "x in [1]"], ["a b"]),
    (Zone(), [".", "a.org", "10.0.0.0/8"], ["a..b", "x:"]),
]


@pytest.mark.parametrize(
    ("value", "good", "bad"), VALUES, ids=[type(value).__name__ for value, _, _ in VALUES]
)
def test_a_value_accepts_the_same_as_go(value: Value, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if value.problem(text)] == []
    assert [text for text in bad if not value.problem(text)] == []


@given(st.text(max_size=20))
def test_no_value_crashes_on_any_word(text: str) -> None:
    for value, _, _ in VALUES:
        value.problem(text)


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_integers_of_64_bits_are_read(number: int) -> None:
    assert read_integer(str(number)) == number


def test_host_bits_of_a_network_are_dropped() -> None:
    assert str(read_cidr("10.1.2.3/8")) == "10.0.0.0/8"


def test_long_words_are_cut_in_messages() -> None:
    assert brief("a" * LONGEST) == "a" * LONGEST
    assert brief("a" * (LONGEST + 1)) == "a" * (LONGEST - 1) + "…"
    assert brief("\udc80") == "\ufffd"


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        ("", 0), ("a|b", 0), ("(a)(?:b)(?P<n>c)(?<m>d)(?P<n>e)", 4), ("[]a]", 0), ("[^]a]", 0), ("[a-]", 0),
        ("[a-b-c]", 0), ("[[:alpha:]x]", 0), ("[[:x]", 0), (r"\Q(*\E", 0), (r"\Q(", 0), (r"\Q\E", 0),
        (r"a\Q\Eb", 0),
        (r"\A\b\B\z", 0), (r"\d\pL\p{Greek}\PL", 0), (r"\x41\x{10FFFF}\07\123\n\.", 0), ("a{2}", 0),
        ("a{2,}?", 0), ("a{,2}", 0), ("a{x", 0), ("(?i)a", 0), ("(?i-s:a)", 0), ("(?)a", 0),
        ("(a{500}){2}", 1),
        ("^*", 0), ("x*?", 0), (r"[\d-z]", 0), (r"[\x41-\x42]", 0), ("(a|b)*c", 1), ("a{0}", 0), ("[a-", -1),
    ],
)  # fmt: skip
def test_patterns_that_go_compiles_are_accepted_with_their_groups(pattern: str, groups: int) -> None:
    if groups >= 0:
        assert read_regexp(pattern) == Compiles(groups)
    else:
        assert isinstance(read_regexp(pattern), Refused)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "missing closing )"), (")", "unexpected )"), ("*", "missing argument to repetition operator"),
        ("a|*", "missing argument"), ("(*", "missing argument"),
        ("a**", "invalid nested repetition operator"),
        ("a*+", "invalid nested"), ("a{1001}", "invalid repeat count"), ("a{3,2}", "invalid repeat count"),
        ("(a{500}){3}", "invalid repeat count"), ("[a", "missing closing ]"), ("[", "missing closing ]"),
        ("[z-a]", "invalid character class range"), ("[a-\\", "trailing backslash"),
        ("[a-", "missing closing ]"),
        ("[[:foo:]]", "invalid character class range"), (r"[a-\d]", "invalid character class range"),
        ("\\", "trailing backslash"), (r"\1", "invalid escape"), (r"\C", "invalid escape"),
        (r"\Z", "invalid escape"),
        (r"\8", "invalid escape"), (r"\x4", "invalid escape"), (r"\x{110000}", "invalid escape"),
        ("\\é", "invalid escape"),
        ("(?=a)", "invalid or unsupported Perl syntax"), ("(?P<a-b>x)", "invalid named capture"),
        ("(?<>x)", "invalid named capture"), ("(" * 1000 + ")" * 1000, "nests too deeply"),
        (r"[\b]", "invalid escape"),
    ],
)  # fmt: skip
def test_patterns_that_go_refuses_are_refused_for_the_same_reason(pattern: str, reason: str) -> None:
    found = read_regexp(pattern)
    assert isinstance(found, Refused)
    assert reason in found.reason


@given(st.text(alphabet=r"ab(){}[]|*+?^$\.-:<>P1,dQEx", max_size=12))
def test_reading_a_pattern_never_crashes(pattern: str) -> None:
    assert isinstance(read_regexp(pattern), Compiles | Refused)


@pytest.mark.parametrize(
    "text",
    ["", "a", "!a", "a,b", "a=b", "a==b", "a=", "a=,b", "a in (b, c)", "a notin (b)", "a in ()", "a in (,b)",
     "a in (b,)", "x.org/a=b", "in in (in)"],
)  # fmt: skip
def test_selectors_that_kubernetes_reads_are_accepted(text: str) -> None:
    assert selector_problem(text) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a b", "found `b`, expected `=`, `==`, `in` or `notin`"),
        ("a=b c", "found `c`, expected `,` or the end"),
        ("a,", "expected a label after `,`"),
        ("a,=", "expected a label after `,`"),
        ("!a=b", "found `=`, expected `,` or the end"),
        ("a!=b", "`!=` is not a label selector operator"),
        ("a in b", "found `b`, expected `(`"),
        ("a in (b", "found ``, expected `,` or `)`"),
        ("a in (b c)", "found `c`, expected `,` or `)`"),
        ("a in (", "`` is not a label value"),
        ("-a", "`-a` is not a label name"),
        ("X_Y/a", "`X_Y` is not a valid label prefix"),
        ("a=-", "`-` is not a label value"),
        ("(", "`(` is not a label name"),
    ],
)
def test_selectors_that_kubernetes_refuses_are_refused(text: str, problem: str) -> None:
    assert selector_problem(text) == problem
