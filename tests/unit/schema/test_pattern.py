"""A pattern of a schema from outside cannot hang a plan."""

import re

import pytest

from eksaddon.schema import AddonSchema, SchemaSource, packaged_schema, validate
from eksaddon.schema.pattern import is_affordable

HANGING = (
    "(a+)+$",
    "(a*)*$",
    "(a|aa)+$",
    "(a|a)*b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)*x",
    "a?" * 40 + "a" * 40,
    ".*.*.*.*x",
    "(?=(a+)+$)b",
)
HARMLESS = (
    ".*%$",
    "^(100|[1-9]?[0-9])%$",
    "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    "^arn:aws:iam::[0-9]{12}:role/.+$",
)


def of(pattern: str) -> AddonSchema:
    document = {"type": "object", "properties": {"x": {"type": "string", "pattern": pattern}}}
    return AddonSchema("v1.11.4-eksbuild.51", document, SchemaSource.LIVE)


@pytest.mark.parametrize("pattern", HANGING)
def test_a_pattern_that_could_hang_is_reported_and_not_tried(pattern: str) -> None:
    (found,) = validate(of(pattern), {"x": "a" * 5000})
    assert "could take forever" in found.message
    assert not is_affordable(pattern, 5000)


@pytest.mark.parametrize("pattern", HARMLESS)
def test_patterns_as_schemas_have_them_are_matched(pattern: str) -> None:
    assert is_affordable(pattern, 63)
    found = validate(of(pattern), {"x": "50%"})
    assert bool(found) is (re.search(pattern, "50%") is None)


def test_names_of_keys_are_matched_as_carefully() -> None:
    document = {"type": "object", "patternProperties": {"(a+)+$": {"type": "string"}}}
    (found,) = validate(AddonSchema("v1", document, SchemaSource.LIVE), {"a" * 5000 + "b": "x"})
    assert "could take forever" in found.message


def test_the_packaged_schemas_still_say_what_is_wrong() -> None:
    schema = packaged_schema("v1.11.4-eksbuild.51")
    assert schema is not None
    assert validate(schema, {"podDisruptionBudget": {"maxUnavailable": "10"}})


def test_a_reference_to_a_group_may_take_any_part_of_the_text() -> None:
    assert is_affordable(r"(a)\1", 100)
    assert not is_affordable(r"(a*)\1*\1*\1*b", 5000)


def test_values_below_matching_names_are_checked() -> None:
    document = {"type": "object", "patternProperties": {"^a": {"type": "string"}}}
    schema = AddonSchema("v1", document, SchemaSource.LIVE)
    (found,) = validate(schema, {"ab": 1, "b": 2})
    assert found.path == "ab"
    assert validate(schema, {"ab": "x", "b": 2}) == ()


def test_names_are_only_checked_in_an_object() -> None:
    schema = AddonSchema("v1", {"properties": {"a": {"patternProperties": {"^a": False}}}}, SchemaSource.LIVE)
    assert validate(schema, {"a": ["ab"]}) == ()
