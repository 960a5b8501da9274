import pytest

from eksaddon.schema import (
    DEFAULT_VERSIONS,
    KNOWN_VERSIONS,
    SCHEMA_GROUPS,
    AddonVersion,
    SchemaSource,
    has_key,
    membership,
    packaged_schema,
    parse_version,
)


def version(text: str) -> AddonVersion:
    parsed = parse_version(text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize("known", KNOWN_VERSIONS, ids=str)
def test_a_known_version_prints_as_it_was_parsed_and_has_a_packaged_schema(known):
    assert parse_version(str(known)) == known
    schema = packaged_schema(str(known))
    assert schema is not None
    assert schema.source is SchemaSource.PACKAGED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.11.4",
        "v1.11.4",
        "1.11.4-eksbuild.1",
        "v1.11.4-eksbuild.01",
        "v01.11.4-eksbuild.1",
        "v1.11.4-eksbuild.1 ",
        "v1.11.4-eksbuild.१",
    ],
)
def test_another_form_is_not_a_version_and_has_no_schema(text):
    assert parse_version(text) is None
    assert packaged_schema(text) is None


def test_versions_compare_by_number_not_by_letter():
    assert version("v1.9.3-eksbuild.40") < version("v1.10.1-eksbuild.1") < version("v1.10.1-eksbuild.11")
    assert version("v1.10.1-eksbuild.4") < version("v1.10.1-eksbuild.11")


def test_the_known_versions_share_fifteen_schemas():
    assert len(KNOWN_VERSIONS) == 101
    assert len(SCHEMA_GROUPS) == 15
    assert list(KNOWN_VERSIONS) == sorted(KNOWN_VERSIONS)
    assert {group.name for group in SCHEMA_GROUPS} <= {str(known) for known in KNOWN_VERSIONS}
    for group in SCHEMA_GROUPS:
        found = membership(version(group.name))
        assert found is not None
        assert found.group is group


@pytest.mark.parametrize(
    ("unknown", "like"),
    [
        (
            "v1.11.4-eksbuild.99",
            "v1.11.4-eksbuild.51",
        ),  # a later build of the newest patch of a minor version
        ("v1.11.1-eksbuild.99", "v1.11.1-eksbuild.13"),  # a later build of an older patch
        ("v1.12.9-eksbuild.1", "v1.12.4-eksbuild.29"),  # a later patch of an older minor version
        ("v1.14.9-eksbuild.1", "v1.14.7-eksbuild.10"),  # newer than everything
        ("v1.99.0-eksbuild.1", "v1.14.7-eksbuild.10"),
        ("v1.10.1-eksbuild.8", "v1.10.1-eksbuild.7"),  # between two of the same group
        ("v1.8.6-eksbuild.3", "v1.8.4-eksbuild.2"),
    ],
)
def test_what_ends_a_line_or_is_between_equals_is_assumed(unknown, like):
    found, model = membership(version(unknown)), membership(version(like))
    assert found is not None
    assert model is not None
    assert found.assumed
    assert not model.assumed
    assert found.group is model.group
    schema = packaged_schema(unknown)
    assert schema is not None
    assert (schema.version, schema.source) == (unknown, SchemaSource.ASSUMED)


@pytest.mark.parametrize(
    "unknown",
    [
        "v1.7.0-eksbuild.1",  # before everything
        "v0.9.0-eksbuild.1",
        "v2.0.0-eksbuild.1",  # another major version
        "v1.9.3-eksbuild.12",  # between two that differ
        "v1.13.0-eksbuild.1",
        "v1.14.6-eksbuild.4",  # before the first build known to have the newest schema
    ],
)
def test_of_any_other_version_nothing_is_reported(unknown):
    assert membership(version(unknown)) is None
    assert packaged_schema(unknown) is None
    assert has_key(version(unknown), "corefile") is None


@pytest.mark.parametrize(
    ("key", "first_with", "last_without"),
    [
        ("podDisruptionBudget", "v1.9.3-eksbuild.7", "v1.9.3-eksbuild.6"),
        ("podDisruptionBudget", "v1.10.1-eksbuild.4", "v1.10.1-eksbuild.3"),
        ("autoScaling", "v1.9.3-eksbuild.15", "v1.9.3-eksbuild.11"),
        ("autoScaling", "v1.10.1-eksbuild.11", "v1.10.1-eksbuild.10"),
        ("autoScaling", "v1.11.1-eksbuild.9", "v1.11.1-eksbuild.8"),
        ("annotationTopologyMode", "v1.8.7-eksbuild.20", "v1.8.7-eksbuild.18"),
        ("trafficDistribution", "v1.13.1-eksbuild.1", "v1.12.4-eksbuild.29"),
    ],
)
def test_keys_come_with_the_build_that_brought_them(key, first_with, last_without):
    assert has_key(version(first_with), key) is True
    assert has_key(version(last_without), key) is False


def test_no_version_takes_the_grace_or_the_pre_stop_hook():
    keys = set().union(*(group.keys for group in SCHEMA_GROUPS))
    assert not keys & {"terminationGracePeriodSeconds", "lifecycle", "preStop"}


def test_every_kubernetes_version_has_a_known_default():
    assert set(DEFAULT_VERSIONS) == {f"1.{minor}" for minor in range(20, 37)}
    assert {version(text) for text in DEFAULT_VERSIONS.values()} <= set(KNOWN_VERSIONS)
