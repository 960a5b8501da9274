"""What is recognised as conforming is what jsonschema accepts, of schema and document."""

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft6Validator

from eksaddon.schema import SCHEMA_GROUPS, AddonSchema, SchemaSource, packaged_schema
from eksaddon.schema.conforming import DRAFT, surely_conforms
from eksaddon.schema.pod_fields import POD_FIELDS
from tests.unit.values.generated import documents


def conforms(document: Any, values: Any) -> bool:
    return surely_conforms(AddonSchema("v9.9.9-eksbuild.9", document, SchemaSource.LIVE), values)


def accepts(document: Any, values: Any) -> bool:
    try:
        Draft6Validator.check_schema(document)
        return Draft6Validator(document).is_valid(values)
    except Exception:  # noqa: BLE001  # as `validate` has it: a schema can make jsonschema raise anything
        return False


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats()
    | st.sampled_from(["", "a", "ab", "5%", "object", "#/definitions/A", "(", DRAFT])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
kinds = st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "null"])


def _nodes(inner: Any) -> Any:
    named = st.dictionaries(st.sampled_from(["a", "b", "A"]), inner, max_size=2)
    sound = {
        "type": kinds | st.lists(kinds, max_size=3),
        "properties": named,
        "additionalProperties": st.booleans() | inner,
        "required": st.lists(st.sampled_from("abc"), max_size=2),
        "enum": st.lists(scalars, max_size=3),
        "minimum": st.integers(-2, 2),
        "maximum": st.integers(-2, 2),
        "maxLength": st.integers(-1, 2),
        "pattern": st.sampled_from(["a", "^5%$", "(", "(a+)+$"]),
        "anyOf": st.lists(inner, max_size=2),
        "items": inner,
        "title": st.just("t"),
        "default": values,
        "$ref": st.sampled_from(["#/definitions/A", "#/definitions/B", "#/definitions/A/b", "#", "A"]),
        "minLength": st.integers(-1, 2),
        "minItems": st.integers(-1, 2),
        "maxItems": st.just(1),
    }
    return st.fixed_dictionaries({}, optional={key: rule | values for key, rule in sound.items()})


nodes = st.recursive(st.fixed_dictionaries({}, optional={"type": kinds}), _nodes, max_leaves=4)
schemas = st.builds(
    lambda root, defined, draft: {**root, **draft, **({"definitions": defined} if defined else {})},
    nodes,
    st.dictionaries(st.sampled_from(["A", "B"]), nodes, max_size=2),
    st.sampled_from([{}, {"$schema": DRAFT}, {"$schema": "http://json-schema.org/draft-04/schema#"}]),
)


@given(schemas, values)
def test_what_is_recognised_is_accepted_by_jsonschema(document, value):
    if conforms(document, value):
        assert accepts(document, value)


@pytest.mark.parametrize("group", SCHEMA_GROUPS, ids=lambda group: group.name)
def test_every_document_that_conforms_to_a_schema_of_eks_is_recognised(group):
    schema = packaged_schema(group.name)
    assert schema is not None
    validator = Draft6Validator(dict(schema.document))
    verdicts = set()
    for _, document in documents(SCHEMA_GROUPS.index(group), group.keys, 40):
        verdicts.add(expected := validator.is_valid(document))
        assert conforms(schema.document, document) is expected, document
    assert verdicts == {True, False}


def test_the_schema_of_the_pod_template_is_read():
    assert conforms(POD_FIELDS.document, {"tolerations": [{"key": "a", "operator": "Exists"}]})
    assert not conforms(POD_FIELDS.document, {"tolerations": [{"key": "a", "operator": "exists"}]})


@pytest.mark.parametrize(
    ("schema", "conforming", "others"),
    [
        ({"type": ["object", "null"]}, [None, {}], [1, [], True]),
        ({"type": "integer"}, [1, 2.0], [True, "1", 1.5, float("nan"), float("inf")]),
        ({"type": "number"}, [1, 1.5], [True, "1"]),
        ({"type": "array", "items": {"type": "string"}}, [[], ["a"], ("a",)], ["a", [1]]),
        ({"items": {"type": "string"}}, [5, ["a"]], [[1]]),
        ({"properties": {"a": {"type": "null"}}}, [5, {"a": None}, {"b": 1}], [{"a": 1}]),
        ({"additionalProperties": False, "properties": {"a": {}}}, [5, {"a": None}], [{"b": 1}]),
        ({"additionalProperties": {"type": "string"}}, [{"a": "b"}, MappingProxyType({})], [{"b": 1}]),
        ({"required": ["a"]}, [5, {"a": 1}], [{}]),
        ({"enum": ["a"]}, ["a"], ["b", 1]),
        ({"minimum": 2, "maximum": 3}, [2, 3, "x", True], [1, 4, float("nan")]),
        ({"maxLength": 1, "pattern": "a"}, ["a", 5], ["aa", "b"]),
        ({"minLength": 1}, ["a", 5], [""]),
        ({"minItems": 1}, [["a"], 5], [[]]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["a", None], [1]),
        ({"$ref": "#/definitions/A", "definitions": {"A": {"type": "null"}}}, [None], [1]),
        ({"title": "t", "description": "d", "default": [], "$schema": DRAFT}, [None, 1], []),
    ],
)
def test_the_keywords_of_eks(schema, conforming, others):
    assert all(conforms(schema, each) for each in conforming)
    assert not any(conforms(schema, each) for each in others)


@pytest.mark.parametrize(
    "schema",
    [
        {"maxItems": 1},
        {"minLength": -1},
        {"title": 5},
        {"type": 5},
        {"type": []},
        {"type": "text"},
        {"type": ["null", "null"]},
        {"properties": []},
        {"properties": {"a": True}},
        {"definitions": []},
        {"definitions": {"A": {"type": "text"}}},
        {"enum": [1]},
        {"minimum": True},
        {"minimum": 1.5},
        {"maxLength": -1},
        {"pattern": "("},
        {"pattern": "(a+)+$"},
        {"$ref": "#"},
        {"$ref": "#/definitions/A"},
        {"$ref": "#/definitions/A", "definitions": {"A": {"$ref": "#/definitions/A"}}},
        {"$ref": "#/definitions/A", "type": "null", "definitions": {"A": {}}},
        {"$schema": "http://json-schema.org/draft-04/schema#"},
        {"$schema": 5},
    ],
)
def test_what_is_not_certain_is_left_to_jsonschema(schema):
    assert not conforms(schema, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
