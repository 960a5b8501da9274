from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.config.errors import ConfigError
from eksaddon.config.load import load_fleet
from eksaddon.config.yaml.document import MAX_DEPTH, parse_document
from eksaddon.config.yaml.text import MAX_BYTES, decode, read_text


def refusal(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_document(text, "f.yaml")
    return caught.value


def test_every_value_knows_its_line_and_column() -> None:
    document = parse_document("a: 1\nb:\n  - x\n  - {c: d}\n", "f.yaml")
    assert document.value == {"a": 1, "b": ["x", {"c": "d"}]}
    assert str(document.place(("a",)).key) == "f.yaml:1:1"
    assert str(document.place(("a",)).value) == "f.yaml:1:4"
    assert str(document.place(("b", 1, "c")).value) == "f.yaml:4:9"
    assert str(document.place(("b", 1, "unknown", "deeper")).value) == "f.yaml:4:5"


@pytest.mark.parametrize(
    ("text", "where", "words", "hint"),
    [
        ("a:\n\tb: 1", "f.yaml:2:1", "'\\t'", "indents with spaces"),
        ("a: b: c", "f.yaml:1:5", "mapping values", "quote text"),
        ("a: [1,", "f.yaml:1:7", "expected", ""),
        ("a: 1\n---\nb: 2", "f.yaml:2:1", "another document", "a single document"),
        ("a: @x", "f.yaml:1:4", "'@'", "quote text"),
        ("a: *x", "f.yaml:1:4", "undefined alias", ""),
        ("a: 'x", "f.yaml:1:6", "end of stream", ""),
        ("a: 1\nb: \x01", "f.yaml:2:4", "U+0001", "remove it"),
        ("a: \ud800", "f.yaml:1:4", "U+D800", "remove it"),
        ("", "f.yaml:1:1", "empty", "eksdns init"),
        ("# nothing\n", "f.yaml:1:1", "empty", "eksdns init"),
        ("---\n", "f.yaml:1:1", "empty", "eksdns init"),
        ("[" * 200, f"f.yaml:1:{MAX_DEPTH + 1}", "deeper", ""),
        pytest.param("[" * 5000, f"f.yaml:1:{MAX_DEPTH + 1}", "deeper", "", marks=pytest.mark.slow),
        ("a: &x [*x]", "f.yaml:1:4", "deeper", ""),
        ("a: &x {<<: *x}", "f.yaml:1:4", "deeper", ""),
        ("%YAML 3.0\n---\na: 1", "f.yaml:1:1", "version 1", ""),
    ],
)
def test_invalid_yaml_is_refused_with_its_position(text: str, where: str, words: str, hint: str) -> None:
    error = refusal(text)
    assert error.message.startswith(where + ": ")
    assert words in error.message
    assert hint in error.hint


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["[{}]", "{{<<: [{}]}}"])
def test_a_small_text_cannot_unfold_into_a_huge_document(shape: str) -> None:
    first = "a: &a [x, x, x, x, x, x, x, x, x]" if shape[0] == "[" else "a: &a {x: 1}"
    letters = "abcdefghijkl"
    lines = [
        f"{letter}: &{letter} {shape.format(', '.join([f'*{before}'] * 9))}"
        for before, letter in pairwise(letters)
    ]
    assert "unfolds into more than" in refusal("\n".join([first, *lines])).message


def test_everything_odd_in_a_file_is_told_at_once() -> None:
    document = parse_document(
        "a: 1\na: 2\n3: x\nb: !foo 1\nc: .inf\n[d]: 1\ne: 1_0\n<<: 3\nf: 0o\n", "f.yaml"
    )
    assert [(str(each.location), each.summary) for each in document.faults] == [
        ("f.yaml:2:1", "duplicate key 'a', first defined at line 1"),
        ("f.yaml:3:1", "key 3 is not text"),
        ("f.yaml:6:1", "a key is not text"),
        ("f.yaml:8:5", "`<<` can merge only mappings"),
        ("f.yaml:4:4", "`1` with tag !foo is not supported"),
        ("f.yaml:5:4", ".inf is not a number"),
        ("f.yaml:7:4", "1_0 is not a decimal number"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("0o17", 15),
        ("089", 89),
        ("012345670123", 12345670123),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("~", None),
        ("", None),
        ("2030-01-01", "2030-01-01"),
        ("20s", "20s"),
        ("33%", "33%"),
        ('"5"', "5"),
        ("!!str 5", "5"),
        ("=", "="),
    ],
)
def test_scalars_are_read_as_yaml_1_2_has_them(text: str, value: object) -> None:
    document = parse_document(f"a: {text}", "f.yaml")
    assert document.value == {"a": value}
    assert not document.faults


@pytest.mark.parametrize("text", ["012", "-007", "%YAML 1.1\n---\na: 012"])
def test_a_number_that_is_octal_in_old_yaml_is_a_fault(text: str) -> None:
    (fault,) = parse_document(text if "a:" in text else f"a: {text}", "f.yaml").faults
    assert "in YAML 1.1" in fault.summary


@pytest.mark.parametrize(
    "text", ["!!float x", "1.0e999", ".nan", "!!int x", "99999999999999999999", "!!binary aGk="]
)
def test_a_number_that_json_cannot_represent_is_a_fault(text: str) -> None:
    assert parse_document(f"a: {text}", "f.yaml").faults


def test_old_yaml_may_ask_for_its_own_words() -> None:
    assert parse_document("%YAML 1.1\n---\na: yes\nb: off", "f.yaml").value == {"a": True, "b": False}


def test_merged_keys_lose_against_own_ones_and_keep_their_place() -> None:
    document = parse_document("x: &x {a: 1, b: 2}\ny:\n  <<: [*x, {a: 5, c: 6}]\n  b: 3\n", "f.yaml")
    assert document.value == {"x": {"a": 1, "b": 2}, "y": {"a": 1, "c": 6, "b": 3}}
    assert str(document.place(("y", "a")).key) == "f.yaml:1:8"
    assert str(document.place(("y", "b")).key) == "f.yaml:4:3"


def test_an_anchor_may_be_given_twice() -> None:
    assert parse_document("a: &x 1\nb: &x 2\nc: *x", "f.yaml").value == {"a": 1, "b": 2, "c": 2}


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ConfigError):
        assert () in parse_document(text, "f.yaml").places


def test_a_byte_that_is_no_utf_8_is_reported_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"f\.yaml:2:5: byte 0xe9 is not UTF-8"):
        decode("a: ü\nb: ".encode() + b"x\xe9", "f.yaml")


def test_a_byte_order_mark_is_not_a_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1", "f.yaml") == "a: 1"


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file") as missing:
        read_text(tmp_path / "none.yaml")
    assert "eksdns init" in missing.value.hint
    with pytest.raises(ConfigError, match="is a directory"):
        read_text(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_text(tmp_path / ("x" * 300))
    with pytest.raises(ConfigError, match="cannot be read: embedded null byte"):
        read_text(Path("a\0b"))
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ConfigError, match="larger than 8 MiB"):
        load_fleet(big)
