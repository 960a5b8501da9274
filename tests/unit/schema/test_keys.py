"""The keys of schemas, by version."""

import pytest

from eksaddon.schema import packaged_schema
from eksaddon.schema.keys import key_paths, supported_since


def test_nested_keys_and_local_references_are_followed() -> None:
    schema = packaged_schema("v1.14.7-eksbuild.10")
    assert schema is not None
    found = key_paths(schema.document)
    assert {"replicaCount", "podDisruptionBudget.maxUnavailable", "resources.limits.cpu"} <= found
    assert "autoScaling.cpuCoresPerReplica" in found


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"properties": "odd"},
        {"$ref": "#/definitions/Missing"},
        {"$ref": "#/definitions/A", "definitions": {"A": "odd"}},
        {"$ref": "#/definitions/A", "definitions": []},
    ],
)
def test_a_schema_without_keys_has_none(document: dict[str, object]) -> None:
    assert key_paths(document) == frozenset()


def test_a_schema_that_names_itself_ends() -> None:
    loop = {
        "$ref": "#/definitions/A",
        "definitions": {"A": {"properties": {"a": {"$ref": "#/definitions/A"}}}},
    }
    assert key_paths(loop) == {"a", "a.a", "a.a.a", "a.a.a.a"}
    assert key_paths({"properties": {"a": True}}) == {"a"}


@pytest.mark.parametrize(
    ("key", "since"),
    [
        ("replicaCount", ("v1.8.0-eksbuild.1",)),
        ("autoScaling.cpuCoresPerReplica", ("v1.14.7-eksbuild.10",)),
        ("trafficDistribution", ("v1.13.1-eksbuild.1",)),
        ("podDisruptionBudget", ("v1.9.3-eksbuild.7", "v1.10.1-eksbuild.4")),
        ("notAKey", ()),
    ],
)
def test_a_key_is_known_since_the_first_version_of_each_run(key: str, since: tuple[str, ...]) -> None:
    assert supported_since(key) == since
