from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import MAX_CHARACTERS, CorefileTooLargeError, decode, encode, lex, pieces

# text, the tokens that CoreDNS reads
WORDS = [
    ("", []),
    (" \t\r\n", []),
    ("errors stdout", ["errors", "stdout"]),
    ("\ufeffa \ufeffb", ["a", "\ufeffb"]),
    ("a\x1cb\u200bc", ["a\x1cb\u200bc"]),
    ("a\x85b\xa0c\u1680d\u2003e\u2028f\u202fg\u205fh\u3000i\vj\fk", list("abcdefghijk")),
    ("hea\rlth", ["health"]),
    ("errors\rhealth\r\nx\r", ["errorshealth", "x"]),
    ("a\r\r\rb", ["ab"]),
    ("\ra", ["a"]),
    ("x{ {} }} 5s} {", ["x{", "{}", "}}", "5s}", "{"]),
    ('a"b c"d', ['a"b', 'c"d']),
    ("a' `b \\\nc;=", ["a'", "`b", "\\", "c;="]),
    ('"a b" "{" ""', ["a b", "{", ""]),
    ('"a"b"c"', ["a", 'b"c"']),
    ('"a""b"', ["a", "b"]),
    ('"a\nb#c{"', ["a\nb#c{"]),
    ('"a\\"b"', ['a"b']),
    ('"a\\\\" b', ["a\\\\", "b"]),
    ('"a\\nb\\', ["a\\nb"]),
    ('"a\r\nb"', ["a\r\nb"]),
    ('x "', ["x"]),
    ('x "\\', ["x"]),
    ('x "y', ["x", "y"]),
    ('# all of it " {\na', ["a"]),
    ("errors#c stdout", ["errors", "stdout"]),
    ("errors# stdout", ["errors", "stdout"]),
    ("errors\r#c stdout", ["errors", "stdout"]),
    ("errors#c\rd stdout", ["errors", "stdout"]),
    ("5s#five seconds", ["5s", "seconds"]),
    ('"5s"#five seconds\nx', ["5s", "x"]),
    ("{#keep this", ["{", "this"]),
    ("tls://9.9.9.9#dns.quad9.net", ["tls://9.9.9.9"]),
    ("a\x00b", ["a\x00b"]),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words_are_those_of_coredns(text: str, words: list[str]) -> None:
    assert [token.text for token in lex(text)] == words


def test_only_line_feeds_count_lines_and_a_token_is_where_it_starts() -> None:
    tokens = lex('a\u2028b\x0bc\r"d\ne" f # g\n\nh')
    assert [(token.text, token.line, token.end_line) for token in tokens] == [
        ("a", 1, 1),
        ("b", 1, 1),
        ('c"d', 1, 1),
        ('e"', 2, 2),
        ("f", 2, 2),
        ("h", 4, 4),
    ]
    assert [(token.line, token.end_line) for token in lex('\n"a\nb"\nc')] == [(2, 3), (4, 4)]


def test_spans_and_quotes_are_those_of_the_source() -> None:
    text = ' he\ralth\r "5s"#c'
    assert [(text[t.start : t.end], t.quoted) for t in lex(text)] == [("he\ralth", False), ('"5s"', True)]


@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from([b'"', b"\\", b"#", b"\r", b"\n", b" ", b"a", b"\xff", b"{"])).map(b"".join)
)
def test_no_byte_is_ever_lost(data: bytes) -> None:
    text = decode(data)
    tokens = lex(text)
    assert "".join(pieces(text, tokens)) == text
    assert encode(text) == data


@given(st.text(max_size=40))
def test_tokens_are_in_order_and_hold_no_white_space_unless_quoted(text: str) -> None:
    tokens = lex(text)
    assert all(a.end <= b.start and a.line <= b.line for a, b in pairwise(tokens))
    assert all(token.quoted or not set(" \t\n#") & set(token.text) for token in tokens)


def test_bytes_that_are_no_text_are_one_sign_each_as_in_coredns() -> None:
    assert [token.text for token in lex(decode(b"a\xff\xed\xa0\x80"))] == ["a\ufffd\ufffd\ufffd\ufffd"]


def test_half_a_character_from_elsewhere_is_encoded_as_a_replacement() -> None:
    assert encode("a\ud800b\udcff") == b"a\xef\xbf\xbdb\xff"


def test_a_text_that_no_configmap_could_hold_is_refused_by_name() -> None:
    with pytest.raises(CorefileTooLargeError, match="4194305 characters"):
        lex("a" * (MAX_CHARACTERS + 1))
