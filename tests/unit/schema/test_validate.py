import sys
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.schema import (
    AddonSchema,
    SchemaError,
    SchemaSource,
    UnreadPattern,
    packaged_schema,
    unread_patterns,
    validate,
)

NEWEST = "v1.14.3-eksbuild.14"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def found(values, version: str = NEWEST) -> dict[str, str]:
    schema = packaged_schema(version)
    assert schema is not None
    return {error.path: error.message for error in validate(schema, values)}


def live(document) -> AddonSchema:
    return AddonSchema("v9.9.9-eksbuild.9", document, SchemaSource.LIVE)


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"replicaCount": "3"}, "replicaCount", 'is "3", must be a whole number'),
        ({"replicaCount": [3]}, "replicaCount", "is a list, must be a whole number"),
        ({"corefile": 5}, "corefile", "is 5, must be text, so quote it"),
        ({"corefile": {}}, "corefile", "is a mapping, must be text"),
        ({"affinity": 1}, "affinity", "is 1, must be a mapping or null"),
        (
            {"podDisruptionBudget": {"maxUnavailable": "33"}},
            "podDisruptionBudget.maxUnavailable",
            "is \"33\", must be a whole number, or a percentage such as '33%'",
        ),
        (
            {"autoScaling": {"enabled": True, "minReplicas": 1}},
            "autoScaling.minReplicas",
            "is 1, must be at least 2",
        ),
        (
            {"autoScaling": {"enabled": True, "maxReplicas": 1001}},
            "autoScaling.maxReplicas",
            "is 1001, must be at most 1000",
        ),
        ({"autoScaling": {}}, "autoScaling", "is missing enabled"),
        ({"replicacount": 3}, "replicacount", "is not a key of this version; did you mean replicaCount?"),
        (
            {"resources": {"limits": {"disk": "1"}}},
            "resources.limits.disk",
            "is not a key of this version; known keys: cpu, memory",
        ),
        (
            {"annotationTopologyMode": "auto"},
            "annotationTopologyMode",
            'is "auto", must be one of "Disabled", "Auto"; did you mean "Auto"?',
        ),
        ({"tolerations": [{}, "x"]}, "tolerations[1]", 'is "x", must be a mapping'),
        ({"nodeSelector": {"a/b": True}}, 'nodeSelector["a/b"]', "is true, must be text, so quote it"),
        ({"corefile": ["x"] * 3}, "corefile", "is a list, must be text"),
        ({"replicaCount": "x" * 500}, "replicaCount", f'is "{"x" * 58}…, must be a whole number'),
    ],
)
def test_a_message_says_what_is_wrong_and_what_would_be_right(values, path, message):
    assert found(values)[path] == message


def test_all_errors_are_found_and_sorted_by_path():
    values = {"replicaCount": "x", "autoScaling": {}, "zone": 1}
    assert list(found(values)) == ["autoScaling", "replicaCount", "zone"]


def test_mappings_and_sequences_of_other_types_are_checked_too():
    values = MappingProxyType(
        {"tolerations": ({"key": "a"},), "podDisruptionBudget": MappingProxyType({"enabled": 1})}
    )
    assert list(found(values)) == ["podDisruptionBudget.enabled"]


@pytest.mark.parametrize(
    "document",
    [
        {"type": "no such type"},
        {"type": 5},
        {"properties": []},
        {"$ref": "#/definitions/Missing"},
        {"$ref": "http://localhost:1/schema.json"},
        {"$ref": "#"},
        {"$schema": 5},
        {"allOf": [{"$ref": "#/allOf/0"}]},
    ],
)
def test_a_broken_live_schema_is_one_error_that_says_so(document):
    (error,) = validate(live(document), {"replicaCount": 3, "corefile": "x"})
    assert error.path == ""
    assert error.message.startswith("cannot be checked: the live schema of v9.9.9-eksbuild.9 is broken (")


@pytest.mark.parametrize("pattern", ["[", "(?<x>y)", "\\p{Alpha}"])
def test_a_pattern_that_cannot_be_read_is_reported_and_the_rest_is_checked(pattern):
    schema = live({"properties": {"corefile": {"pattern": pattern}, "other": {"pattern": pattern}}})
    assert validate(schema, {"corefile": "x"}) == ()
    assert unread_patterns(schema, {"corefile": "x"}) == (UnreadPattern("corefile", pattern),)
    assert unread_patterns(schema, {"list": [{"corefile": "x"}, 1]}) == (UnreadPattern("corefile", pattern),)
    assert unread_patterns(schema, {"list": ["corefile"]}) == ()
    strict = live({"properties": {"corefile": {"pattern": pattern, "type": "string"}}})
    assert [error.path for error in validate(strict, {"corefile": 5})] == ["corefile"]


@pytest.mark.parametrize(
    "draft",
    [
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2020-12/schema",
        "https://example.com/unheard-of",
    ],
)
def test_a_live_schema_of_another_draft_is_used_as_it_is(draft):
    document = {"$schema": draft, "type": "object", "properties": {"replicaCount": {"type": "integer"}}}
    assert validate(live(document), {"replicaCount": 2}) == ()
    assert validate(live(document), {"replicaCount": "2"}) == (
        SchemaError("replicaCount", 'is "2", must be a whole number'),
    )


@pytest.mark.parametrize(
    ("document", "values", "path", "message"),
    [
        ({"minProperties": 1}, {}, "", "is a mapping, violates minProperties: 1"),
        ({"additionalProperties": {"type": "string"}}, {"a": 1}, "a", "is 1, must be text, so quote it"),
        ({"additionalProperties": False}, {"a": 1}, "a", "is not a key of this version; known keys: none"),
        ({"properties": {"a": {"const": 1}}}, {"a": 2}, "a", "is 2, violates const: 1"),
        ({"properties": {"a": {"anyOf": [{"const": 1}]}}}, {"a": 2}, "a", "is 2, violates anyOf: a list"),
        ({"properties": {"a": {"anyOf": [False]}}}, {"a": 2}, "a", "is 2, violates anyOf: a list"),
        ({"properties": {"a": False}}, {"a": 2}, "", "is 2, but no value is allowed there"),
        ({"properties": {"a": {"enum": [1, None]}}}, {"a": 2}, "a", "is 2, must be one of 1, null"),
        ({"properties": {"a": {"type": ["x-unknown"]}}}, {"b": 2}, "", None),
        (
            {"$schema": "http://json-schema.org/draft-03/schema#", "properties": {"a": {"required": True}}},
            {},
            "a",
            "is a mapping, violates required: true",
        ),
    ],
)
def test_what_eks_never_used_so_far_is_explained_as_well_as_can_be(document, values, path, message):
    errors = validate(live(document), values)
    assert [error.path for error in errors] == [path]
    assert message is None or errors[0].message == message


def test_a_schema_is_compiled_once():
    from eksaddon.schema.validate import _validator

    document = {"type": "object", "title": "compiled once", "minProperties": 1}
    before = _validator.cache_info().misses
    for _ in range(3):
        validate(live(document), {})
    assert _validator.cache_info().misses == before + 1


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_any_document_gets_a_verdict_with_printable_paths(values):
    for path, message in found(values).items():
        assert path or message
        assert len(message) < 400


@given(
    json_values.filter(lambda value: isinstance(value, dict))
    | st.dictionaries(
        st.sampled_from(
            [
                "type",
                "$ref",
                "$schema",
                "properties",
                "required",
                "enum",
                "pattern",
                "items",
                "anyOf",
                "minimum",
                "$id",
                "dependencies",
            ]
        ),
        json_values,
        max_size=3,
    )
)
def test_no_schema_makes_validation_crash(document):
    errors = validate(live(document), {"replicaCount": 3, "tolerations": [{}]})
    assert all(isinstance(error, SchemaError) for error in errors)


def test_importing_the_package_imports_neither_parser_nor_validator():
    import subprocess

    code = "import sys, eksaddon.schema; print(sorted({name.split('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "eksaddon" in run.stdout
    assert not [name for name in ("ruamel", "jsonschema", "referencing", "yaml") if f"'{name}'" in run.stdout]
