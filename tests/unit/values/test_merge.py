import json

import pytest
from hypothesis import given

from eksaddon.values import Form, Merged, Values, equal, merge, parse_values
from tests.support.examples import examples
from tests.unit.values.written import Tree, Written, json_documents, merged, overlays, yaml_documents


def read(text: str | None) -> Values:
    found = parse_values(text)
    assert isinstance(found, Values), found
    return found


def lay(text: str | None, overlay: Tree) -> Merged:
    return merge(read(text), overlay)


def check_meaning(document: Written, overlay: Tree) -> Merged:
    result = lay(document.text, overlay)
    expected = merged(document.tree, overlay)
    assert equal(result.tree, expected)
    assert equal(read(result.text).tree, expected)
    assert bool(result.changes) is not equal(document.tree, expected)
    again = lay(result.text, overlay)
    assert again.changes == ()
    assert again.text == result.text
    return result


@given(json_documents(), overlays())
@examples(100)
def test_json_is_merged_in_place_and_stays_json(document, overlay):
    result = check_meaning(document, overlay)
    assert not result.reformatted
    assert read(result.text).form is Form.JSON
    assert equal(json.loads(result.text.removeprefix("\ufeff")), result.tree)


@given(yaml_documents(), overlays())
@examples(120)
def test_yaml_is_merged_in_place_and_keeps_comments_and_other_keys(document, overlay):
    result = check_meaning(document, overlay)
    assert not result.reformatted
    for key, part in document.parts.items():
        if not any(edit.keys[0] == key for edit in result.changes):
            assert part in result.text
    if not document.tree.keys() <= {edit.keys[0] for edit in result.changes if edit.is_removal}:
        for comment in document.comments:
            assert comment in result.text


@given(yaml_documents() | json_documents())
def test_a_document_with_the_desired_values_keeps_its_text(document):
    found = read(document.text)
    assert equal(found.tree, document.tree)
    said = merged({}, document.tree)
    assert isinstance(said, dict)
    result = merge(found, said)
    assert result.text is document.text
    assert result.changes == ()


YAML = """\
# top
replicaCount: 2  # two
corefile: |  # ours
  .:53 {
      errors
  }

podDisruptionBudget:
    enabled: true   # on
    maxUnavailable: 1
# below
tolerations:
  # first
- key: a
  operator: Exists   # x
nodeSelector: {a: b}
# end
"""


@pytest.mark.parametrize(
    ("overlay", "old", "new"),
    [
        ({"replicaCount": 3}, "replicaCount: 2", "replicaCount: 3"),
        ({"replicaCount": None}, "replicaCount: 2  # two\n", ""),
        (
            {"corefile": ".:53 {\n    health\n\n    ready\n}\n"},
            "      errors\n",
            "      health\n\n      ready\n",
        ),
        ({"corefile": ".:53 {\n}"}, "|  # ours\n  .:53 {\n      errors\n  }", "|-  # ours\n  .:53 {\n  }"),
        ({"corefile": "  x\n"}, "|  # ours\n  .:53 {\n      errors\n  }", "|2  # ours\n    x\n".rstrip("\n")),
        ({"corefile": "a\r\nb"}, "|  # ours\n  .:53 {\n      errors\n  }", '"a\\r\\nb"  # ours'),
        ({"corefile": None}, "corefile: |  # ours\n  .:53 {\n      errors\n  }\n", ""),
        ({"podDisruptionBudget": {"maxUnavailable": "33%"}}, "maxUnavailable: 1", 'maxUnavailable: "33%"'),
        (
            {"podDisruptionBudget": {"enabled": None, "minAvailable": 1}},
            "    enabled: true   # on\n    maxUnavailable: 1\n",
            "    maxUnavailable: 1\n    minAvailable: 1\n",
        ),
        (
            {"podDisruptionBudget": {"enabled": None, "maxUnavailable": None}},
            "podDisruptionBudget:\n    enabled: true   # on\n    maxUnavailable: 1\n",
            "podDisruptionBudget: {}\n",
        ),
        (
            {"tolerations": []},
            "tolerations:\n  # first\n- key: a\n  operator: Exists   # x\n",
            "tolerations: []\n  # first\n",
        ),
        (
            {"tolerations": [{"key": "b", "values": ["yes", 1]}, "x"]},
            "- key: a\n  operator: Exists   # x\n",
            '- key: b\n  values:\n      - "yes"\n      - 1\n- x\n',
        ),
        ({"nodeSelector": {"c/d": "on"}}, "{a: b}", '{a: b, c/d: "on"}'),
        ({"nodeSelector": "none"}, "{a: b}", "none"),
        (
            {"autoScaling": {"enabled": True}},
            "nodeSelector: {a: b}\n",
            "nodeSelector: {a: b}\nautoScaling:\n    enabled: true\n",
        ),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_yaml_edit_touches_these_bytes_and_no_other(overlay, old, new, line_break):
    assert YAML.count(old) == 1
    result = lay(YAML.replace("\n", line_break), overlay)
    assert not result.reformatted
    assert result.text == YAML.replace(old, new).replace("\n", line_break)


@pytest.mark.parametrize(
    ("text", "overlay", "expected"),
    [
        ('{"a":1}', {"b": {"c": 2}}, '{"a":1,"b":{"c":2}}'),
        ('{"a": 1}', {"b": [1, "x"]}, '{"a": 1, "b": [1, "x"]}'),
        ('{"a" : 1 , "b" : 2}', {"a": None}, '{"b" : 2}'),
        ('{"a" : 1 , "b" : 2}', {"b": None}, '{"a" : 1}'),
        ('{ "a": 1 }', {"a": None}, "{}"),
        ('{ "a": 1 }', {"a": None, "b": 2}, '{"b": 2}'),
        ("{ }\n", {"a": 1, "b": 2}, '{"a": 1, "b": 2}\n'),
        ('{"a":{},"b":1}', {"a": {"x": 1, "y": 2}}, '{"a":{"x":1,"y":2},"b":1}'),
        (
            '{\n  "a": "x",\n  "b": {\n    "c": 1\n  }\n}\n',
            {"b": {"c": None}, "d": {"e": [1]}},
            '{\n  "a": "x",\n  "b": {},\n  "d": {\n    "e": [\n      1\n    ]\n  }\n}\n',
        ),
        (
            '{\r\n\t"a": {\r\n\t\t"c": 1\r\n\t}\r\n}',
            {"a": {"d": 2}, "b": {"x": 1}},
            '{\r\n\t"a": {\r\n\t\t"c": 1,\r\n\t\t"d": 2\r\n\t},\r\n\t"b": {\r\n\t\t"x": 1\r\n\t}\r\n}',
        ),
        ('{"a": "\\u00e9"}', {"b": "é😀"}, '{"a": "\\u00e9", "b": "\\u00e9\\ud83d\\ude00"}'),
        ('{"a": "e"}', {"b": "é😀\u2028"}, '{"a": "e", "b": "é😀\\u2028"}'),
        ('{"corefile":"a\\n","x":[ 1,2 ]}', {"corefile": "b\n"}, '{"corefile":"b\\n","x":[ 1,2 ]}'),
        ('\ufeff{"a": 1}', {"a": 2}, '\ufeff{"a": 2}'),
        ("", {"a": "é"}, '{"a": "é"}'),
        (None, {"a": 1}, '{"a": 1}'),
        ("null", {"a": 1}, '{"a": 1}'),
        ("# nothing yet\n", {"a": "x\ny\n"}, "# nothing yet\na: |\n  x\n  y\n"),
        ("# nothing yet", {"a": 1}, "# nothing yet\na: 1\n"),
        ("{a: 1, b: [2], }", {"c": "x"}, '{a: 1, b: [2], c: "x", }'),
        ("{a: 1, # c\n}", {"b": 2}, "{a: 1, b: 2, # c\n}"),
        ("{ # c\n}", {"b": 2}, "{b: 2 # c\n}"),
        ("{'a': 1}", {"b": 2}, "{'a': 1, \"b\": 2}"),
        ("{a: 1, b}", {"a": None, "c": 1}, "{b, c: 1}"),
        ("a: {\n  b: 1\n}\n", {"a": {"c": 2}}, "a: {\n  b: 1,\n  c: 2\n}\n"),
        ("a: {}\n", {"a": {"c": 2}}, "a: {c: 2}\n"),
        ("a:\nb: 1\n", {"a": 2}, "a: 2\nb: 1\n"),
        ("a:  # none\nb: 1\n", {"a": 2}, "a: 2  # none\nb: 1\n"),
        ("a:  # none\n", {"a": {"b": 1}}, "a:  # none\n  b: 1\n"),
        ("a:  # none\n", {"b": 1}, "a:  # none\nb: 1\n"),
        ("a: 1", {"a": {"b": 1}}, "a:\n  b: 1"),
        ("a: 'x'\n", {"a": "it's"}, "a: 'it''s'\n"),
        ("a: 'x'\n", {"a": "b\nc"}, "a: |-\n  b\n  c\n"),
        ('a: "x"\n', {"a": "b\nc"}, 'a: "b\\nc"\n'),
        ("a: x\n", {"a": "yes"}, 'a: "yes"\n'),
        ("a: x\n", {"a": "b\nc\n\n"}, "a: |+\n  b\n  c\n\n"),
        ("a: x\n", {"a": "\n\n"}, 'a: "\\n\\n"\n'),
        ("a: >\n  x\n  y\nb: 1\n", {"a": "z\n"}, "a: |\n  z\nb: 1\n"),
        ("a: >\n  x\n\nb: 1\n", {"b": None, "c": 2}, "a: >\n  x\nc: 2\n\n"),
        ("a: |4\n      x\nb: 1\n", {"a": "y\n"}, "a: |\n    y\nb: 1\n"),
        ("a: |\nb: 1\n", {"a": "y\n"}, "a: |\n  y\nb: 1\n"),
        ("a: !!str |\n  x\nb: 1\n", {"a": "y\n"}, "a: |\n  y\nb: 1\n"),
        ("a: |+\n  x\n\nb: 1\n", {"b": 2, "c": 3}, "a: |+\n  x\n\nb: 2\nc: 3\n"),
        ("b: 1\na: |+\n  x\n\n", {"c": 3}, "b: 1\na: |+\n  x\n\nc: 3\n"),
        ("a: |\n  x", {"b": 1}, "b: 1\na: |\n  x"),
        ("a:\n  b: |\n    x", {"c": 1}, "c: 1\na:\n  b: |\n    x"),
        ("a:\n- |\n  x", {"c": 1}, "c: 1\na:\n- |\n  x"),
        ("a: |-\n  x", {"b": 1}, "a: |-\n  x\nb: 1"),
        ("a: 1", {"b": "x\ny\n"}, "a: 1\nb: |\n  x\n  y\n"),
        ("a: 1", {"b": ["x\ny\n"]}, "a: 1\nb:\n  - |\n    x\n    y\n"),
        ("a: {b: 1}", {"c": 1}, "a: {b: 1}\nc: 1"),
        ("a:\n            b: 1\n", {"c": {"d": 1}}, "a:\n            b: 1\nc:\n  d: 1\n"),
        ("a: 1", {"b": {"c": {}}}, "a: 1\nb:\n  c: {}"),
        ("a: 1\nb: 2\nc: 3\n", {"a": None, "b": None}, "c: 3\n"),
        ("a: 1\nb: 2\nc: 3\n", {"b": None, "c": None, "d": 4}, "a: 1\nd: 4\n"),
        ("a: 1\nb: 2", {"b": None}, "a: 1\n"),
        ("# c\na: 1\nb: 2\n", {"a": None, "b": None}, "# c\n{}\n"),
        ("# c\na: 1\nb: 2\n", {"a": None, "b": None, "d": {"e": 1}}, "# c\nd:\n  e: 1\n"),
        ("a:\n  b: 1\nc: 2\n", {"a": {"b": None, "d": 1}}, "a:\n  d: 1\nc: 2\n"),
        ("a:\n  b: 1\n", {"a": {"d": 1}, "e": 2}, "a:\n  b: 1\n  d: 1\ne: 2\n"),
        ("a: &x 1\nb: *x\n", {"b": 2}, "a: &x 1\nb: 2\n"),
        ("a: 1\n...\n", {"b": 2}, "a: 1\nb: 2\n...\n"),
        ("---\na: 1\n", {"b": [[1, [2]], {}, []]}, "---\na: 1\nb:\n  - - 1\n    - - 2\n  - {}\n  - []\n"),
    ],
)
def test_an_edit_goes_with_the_document_s_own_style(text, overlay, expected):
    result = lay(text, overlay)
    assert result.text == expected
    assert not result.reformatted


@pytest.mark.parametrize(
    ("text", "overlay", "expected"),
    [
        # what the alias stands for would change with it
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 2}}, "a:\n  b: 2\nc:\n  b: 1\n"),
        ("a: &x {b: 1}\nc: *x\n", {"c": {"b": 2}}, "a:\n  b: 1\nc:\n  b: 2\n"),
        ("a: &x\n  b: 1\nc: *x\n", {"a": [1]}, "a:\n  - 1\nc:\n  b: 1\n"),
        # the key has no place of its own
        ("<<: {a: 1, b: 2}\nc: 3\n", {"a": None}, "b: 2\nc: 3\n"),
        ("x: {<<: {a: 1, b: 2}}\n", {"x": {"a": None}}, "x:\n  b: 2\n"),
        ("? a\n: 1\n", {"a": 2}, "a: 2\n"),
        ("? a\n: 1\n", {"b": 2}, "a: 1\nb: 2\n"),
        ("{a, b: 1}", {"a": 2}, "a: 2\nb: 1\n"),
        ("a: &x  # c\n |\n  y\nb: 1\n", {"a": "z"}, "a: z\nb: 1\n"),
        # a comment would become part of the text above it
        ("a: |\n x\nb: 1\n  # c\n", {"b": None}, "a: |\n  x\n"),
        # where the last item ends cannot be told
        ("a:\n- 1\n-\n# c\n", {"b": 1}, "a:\n  - 1\n  - null\nb: 1\n"),
        ("~", {"b": 1}, "b: 1\n"),
    ],
)
def test_a_document_is_written_anew_where_no_edit_in_place_can_be_proven(text, overlay, expected):
    result = lay(text, overlay)
    assert result.reformatted
    assert result.text == expected
    assert equal(read(result.text).tree, result.tree)


def test_a_block_that_cannot_hold_the_text_is_left_for_quotes():
    text = "a:\n- |\n  x\nb: 2\n"
    result = lay("a:\n- 1\n-\nb:\n  - c\n", {"b": ["x"]})
    assert result.text == "a:\n- 1\n-\nb:\n  - x\n"
    assert lay(text, {"b": "x\n y\n"}).text == "a:\n- |\n  x\nb: |\n  x\n   y\n"


def test_changes_are_told_key_by_key_in_the_overlay_s_order():
    result = lay(
        '{"a": 1, "b": {"c": 1, "d/e": 2}}', {"b": {"d/e": 3, "c": None}, "a": 1, "x": None, "y": {"z": None}}
    )
    assert [(edit.path, edit.before, edit.after, edit.is_removal) for edit in result.changes] == [
        ('b["d/e"]', 2, 3, False),
        ("b.c", 1, None, True),
    ]
