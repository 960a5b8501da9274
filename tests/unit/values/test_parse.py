import json
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.json import JsonObject, canonical, digest
from eksaddon.values import Edit, Form, Unreadable, Values, equal, leaves, merge, parse_values, same_values
from eksaddon.values.nodes import DEEPEST
from eksaddon.values.parse import LARGEST


@pytest.mark.parametrize(
    "text", [None, "", " \r\n\t", "{}", "null", "~", "# a comment\n", "---\n", "--- {}\n...\n", "\ufeff"]
)
def test_nothing_set_has_many_spellings(text):
    found = parse_values(text)
    assert isinstance(found, Values)
    assert found.tree == {}
    assert found.text == (text or "")
    assert same_values(text, None)


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("[1]", "the top level is a list", 0, 0),
        ("just text", "the top level is a single value", 0, 0),
        ("a: 1\nb: 2\na: 3\n", "duplicate key 'a'", 3, 1),
        ('{"a": {"b": 1,\r\n "b": 2}}', "duplicate key 'b'", 2, 2),
        ('{"a": [1, {"b": 1, "b": 2}]}', "duplicate key 'b'", 1, 20),
        ("<<: {a: 1}\n<<: {b: 1}\n<<: {c: 1}\n", "duplicate key '<<'", 3, 1),
        ("a: [", "neither valid JSON nor valid YAML", 1, 5),
        ("a: b: c\n", "neither valid JSON nor valid YAML: mapping values are not allowed here", 1, 5),
        ("a:\n\tb: 1\n", "neither valid JSON nor valid YAML: found character '\\t'", 2, 1),
        ('{"a": 1,}}', "not valid JSON: trailing comma", 1, 8),
        ('  {"a": 1', "not valid JSON", 1, 10),
        ("a: 1\n---\nb: 2\n", "contains a second document", 2, 1),
        ("a: *b\n", "alias *b has no anchor above it", 1, 4),
        ("a: &b [*b]\n", "alias *b has no anchor above it", 1, 8),
        ("a: !foo 1\n", "tag !foo cannot be represented in JSON", 1, 4),
        ("a: !!binary aGk=\n", "tag binary cannot be represented in JSON", 1, 4),
        ("a: !!set {b}\n", "tag set cannot be represented in JSON", 1, 4),
        ("a: !!omap [b]\n", "tag omap cannot be represented in JSON", 1, 4),
        ("a: !!int x\n", "'x' is not a valid int", 1, 4),
        ("a: !!int true\n", "'true' is not a valid int", 1, 4),
        ("a: !!null 1\n", "'1' is not a valid null", 1, 4),
        ("? [a]\n: 1\n", "a key must be text", 1, 3),
        ("? a: 1\n: 1\n", "a key must be text", 1, 3),
        (": 1\n", "a key must be text", 1, 1),
        ("a: &b x\n*b : 1\n", "a key must be text", 2, 1),
        ("<<: 1\n", "`<<` needs a mapping", 1, 5),
        ("<<: [1]\n", "`<<` needs a mapping", 1, 5),
        ("a: .inf\n", ".inf cannot be represented in JSON", 1, 4),
        ("a: 1e999\n", "1e999 is too large", 1, 4),
        ('{"a": 1e999}', "1e999 is too large", 0, 0),
        ('{"a": NaN}', "NaN cannot be represented in JSON", 0, 0),
        ('{"a": ' + "1" * 100 + "}", "a number has 100 digits", 0, 0),
        ("a: " + "1" * 100, "a number has 100 digits", 1, 4),
        ('{"a": "\\ud800"}', "contains an unpaired surrogate (\\ud800)", 0, 0),
        ('a: "\\ud800"\n', "contains an unpaired surrogate (\\ud800)", 0, 0),
        ("a: \ud800\n", "contains an unpaired surrogate (\\ud800)", 0, 0),
        ("a: \x00\n", "character U+0000 is not allowed in YAML", 1, 4),
        ("a: 1\nb: \x07\n", "character U+0007 is not allowed in YAML", 2, 4),
        ('a: "\\U00110000"\n', "neither valid JSON nor valid YAML", 0, 0),
        ("\ufeffa: 1\na: 2\n", "duplicate key 'a'", 2, 1),
        ("x" * (LARGEST + 1), "the document has 1,048,577 characters", 0, 0),
    ],
)
def test_what_cannot_be_read_says_why_and_where(text, reason, line, column):
    found = parse_values(text)
    assert isinstance(found, Unreadable)
    assert reason in found.reason
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, "nests deeper than 64 levels"),
        ('{"a":' * 80 + "1" + "}" * 80, "nests deeper than 64 levels"),
        ("[" * 80 + "1" + "]" * 80, "nests deeper than 64 levels"),
        ("a: " + "[" * 80 + "1" + "]" * 80, "nests deeper than 64 levels"),
        ("".join(f"{' ' * level}a:\n" for level in range(80)), "nests deeper than 64 levels"),
        (
            "a: &a " + "[" * 40 + "1" + "]" * 40 + "\nb: " + "[" * 40 + "*a" + "]" * 40,
            "nests deeper than 64 levels",
        ),
        pytest.param("a:\n" + "- 1\n" * 11_000, "contains more than 10,000 values", marks=pytest.mark.slow),
        (
            "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
            "unfolds into more than 100,000 values",
        ),
    ],
)
def test_hostile_documents_are_refused_before_they_cost_much(text, reason):
    found = parse_values(text)
    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_a_document_of_too_many_values_is_refused(monkeypatch):
    monkeypatch.setattr("eksaddon.values.yaml_nodes.MOST_EVENTS", 1000)
    found = parse_values("a:\n" + "- 1\n" * 1000)
    assert isinstance(found, Unreadable)
    assert "contains more than 1,000 values" in found.reason
    assert isinstance(parse_values("a:\n" + "- 1\n" * 900), Values)


def test_as_deep_as_allowed_is_still_read_in_both_formats():
    inner = DEEPEST - 1
    text = '{"a": ' + "[" * inner + "1" + "]" * inner + "}"
    assert isinstance(parse_values(text), Values)
    assert isinstance(parse_values(text.replace('"', "")), Values)
    braces_in_a_text = json.dumps({"corefile": "{" * 200})
    assert isinstance(parse_values(braces_in_a_text), Values)


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("3", 3),
        ("-7", -7),
        ("3.0", 3),
        ("3.5", 3.5),
        ("1.0e+3", 1000),
        ("0x1F", 31),
        ("true", True),
        ("FALSE", False),
        ("Null", None),
        ("", None),
        ("33%", "33%"),
        ("1.2.3", "1.2.3"),
        ("'3'", "3"),
        ("!!str 3", "3"),
        ("! 3", "3"),
        ("!!int '3'", 3),
        ("!!float 3", 3),
        ("!!bool true", True),
        ("!!null ~", None),
        ("!!map {}", {}),
        ("!!seq []", []),
    ],
)
def test_scalars_mean_what_yaml_1_2_says_and_are_not_doubted(scalar, value):
    found = parse_values(f"a: {scalar}\n")
    assert isinstance(found, Values)
    assert found.tree == {"a": value}
    assert type(found.tree["a"]) is type(value)
    assert found.ambiguities == ()


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("yes", "yes"),
        ("Off", "Off"),
        ("n", "n"),
        ("012", 12),
        ("0o17", 15),
        ("0b11", "0b11"),
        ("+0x1F", "+0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1e3", 1000),
        ("1.5e3", 1500),
        ("2001-01-01", "2001-01-01"),
    ],
)
def test_ambiguous_yaml_is_read_as_yaml_1_2_and_reported(scalar, value):
    found = parse_values(f"# c\na: {scalar}\n")
    assert isinstance(found, Values)
    assert found.tree == {"a": value}
    (ambiguity,) = found.ambiguities
    assert f"`{scalar}`" in ambiguity.message
    assert (ambiguity.line, ambiguity.column) == (2, 4)
    quoted = parse_values(f"a: '{scalar}'\n")
    assert isinstance(quoted, Values)
    assert (quoted.tree, quoted.ambiguities) == ({"a": scalar}, ())


def test_keys_that_are_not_texts_everywhere_are_pointed_out_once():
    found = parse_values("on: 1\n2: b\n~: c\nx: {<<: {d: 1, e: 2}, e: 3}\n'3': d\n")
    assert isinstance(found, Values)
    assert found.tree == {"on": 1, "2": "b", "~": "c", "x": {"d": 1, "e": 3}, "3": "d"}
    assert [(one.line, one.column) for one in found.ambiguities] == [(1, 1), (2, 1), (3, 1), (4, 5)]


def test_aliases_and_merge_keys_unfold():
    found = parse_values("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: *a\nd:\n  <<: [*a, *b]\n  z: 3\n'<<': 4\n")
    assert isinstance(found, Values)
    assert found.tree["c"] == {"x": 1}
    assert found.tree["d"] == {"x": 1, "y": 2, "z": 3}
    assert found.tree["<<"] == 4


def test_json_and_yaml_that_mean_the_same_are_the_same():
    one = '{"replicaCount": 3, "corefile": "a\\nb\\n"}'
    other = "corefile: |\n  a\n  b\nreplicaCount: 3.0\n"
    assert same_values(one, other)
    first, second = parse_values(one), parse_values(other)
    assert isinstance(first, Values)
    assert isinstance(second, Values)
    assert (first.form, second.form) == (Form.JSON, Form.YAML)
    assert canonical(first.tree) == canonical(second.tree)
    assert digest(first.tree) == digest(second.tree)
    assert not same_values(one, other.replace("3.0", "4"))


def test_unreadable_texts_are_the_same_only_letter_by_letter():
    assert same_values("a: [", "a: [")
    assert not same_values("a: [", "a:  [")
    assert not same_values("a: [", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (False, 0),
        ("1", 1),
        (None, False),
        (None, ""),
        ({}, []),
        ("", []),
        ([1], [1, 2]),
        ({"a": 1}, {"b": 1}),
    ],
)
def test_unlike_values_are_not_equal(one, other):
    assert not equal(one, other)
    assert not equal(other, one)


def test_equality_does_not_mind_order_of_keys_or_kind_of_container():
    assert equal({"a": 1, "b": [1.0, {}]}, MappingProxyType({"b": (1, {}), "a": 1}))
    assert not equal([1, 2], [2, 1])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(json_values, json_values)
def test_equal_values_are_those_with_one_canonical_text(one, other):
    assert equal(one, other) is (canonical(one) == canonical(other))
    assert equal(one, one)


@given(st.text(alphabet=st.sampled_from("ab:-?#&*!|>'\"%@`{}[], \n\t\r~<=.01\\\u2028é\x85\x00"), max_size=40))
def test_no_text_makes_reading_or_merging_crash(text):
    found = parse_values(text)
    if isinstance(found, Values):
        result = merge(found, {"replicaCount": 3})
        again = parse_values(result.text)
        assert isinstance(again, Values)
        assert equal(again.tree, {**found.tree, "replicaCount": 3})
    else:
        assert found.reason


def test_overlays_may_be_of_any_mappings_and_sequences():
    found = parse_values('{"a": 1}')
    assert isinstance(found, Values)
    inner: JsonObject = MappingProxyType({"d": 1})
    overlay: JsonObject = {"b": ({"c": None}, inner), "e": MappingProxyType({"f": None, "g": 2})}
    result = merge(found, MappingProxyType(overlay))
    assert result.tree == {"a": 1, "b": [{"c": None}, {"d": 1}], "e": {"g": 2}}
    assert result.text == '{"a": 1, "b": [{"c": null}, {"d": 1}], "e": {"g": 2}}'


def test_what_only_removes_sets_nothing_and_an_empty_mapping_is_something():
    found = parse_values('{"a": 1}')
    assert isinstance(found, Values)
    assert merge(found, {"b": {"c": None, "d": {"e": None}}}).changes == ()
    assert merge(found, {"b": {"c": {"d": None}, "e": 1}}).tree == {"a": 1, "b": {"e": 1}}
    assert merge(found, {"b": {}}).tree == {"a": 1, "b": {}}
    assert merge(found, {"a": {"c": None}}).tree == {"a": {}}


def test_a_mapping_that_is_set_whole_is_told_leaf_by_leaf():
    edit = Edit(("a",), None, {"b": {"c": 1, "d": {}}, "e": None})
    assert [(leaf.path, leaf.after) for leaf in leaves(edit)] == [("a.b.c", 1), ("a.b.d", {}), ("a.e", None)]
    whole = Edit(("a",), {"b": 1}, {"c": 1})
    assert leaves(whole) == (whole,)
