"""What the real schemas are known to accept and refuse, traps included."""

import pytest

from eksaddon.schema import (
    KNOWN_VERSIONS,
    SCHEMA_GROUPS,
    AddonSchema,
    SchemaSource,
    packaged_schema,
    validate,
)

CHECKED = (
    "v1.9.3-eksbuild.7",
    "v1.9.3-eksbuild.11",
    "v1.10.1-eksbuild.11",
    "v1.11.4-eksbuild.28",
    "v1.14.3-eksbuild.14",
)
UNCHECKED = ("v1.10.1-eksbuild.4", "v1.10.1-eksbuild.10", "v1.11.1-eksbuild.3", "v1.11.1-eksbuild.8")
NEWEST = "v1.14.7-eksbuild.10"


def accepts(version, values) -> bool:
    schema = packaged_schema(version)
    assert schema is not None
    return not validate(schema, values)


@pytest.mark.parametrize("version", [str(known) for known in KNOWN_VERSIONS])
def test_every_version_takes_nothing_at_all_and_the_first_keys(version):
    assert accepts(version, {})
    assert accepts(
        version, {"replicaCount": 3, "corefile": "", "computeType": "Fargate", "nodeSelector": {"a": "b"}}
    )
    assert not accepts(version, {"terminationGracePeriodSeconds": 45})


@pytest.mark.parametrize("budget", [{"maxUnavailable": "33"}, {"minAvailable": None}, {"enabled": "yes"}])
def test_a_budget_is_checked_only_where_its_schema_is_well_formed(budget):
    assert not any(accepts(version, {"podDisruptionBudget": budget}) for version in CHECKED)
    assert all(accepts(version, {"podDisruptionBudget": budget}) for version in UNCHECKED)


@pytest.mark.parametrize("version", CHECKED + UNCHECKED)
@pytest.mark.parametrize(
    "budget",
    [
        {},
        {"maxUnavailble": 1},
        {"minAvailable": 1, "maxUnavailable": 1},
        {"maxUnavailable": "abc%"},
        {"maxUnavailable": "33%"},
        {"maxUnavailable": -1},
    ],
)
def test_schemas_let_these_mistakes_in_a_budget_pass(version, budget):
    assert accepts(version, {"podDisruptionBudget": budget})


@pytest.mark.parametrize("amount", ["33.3%", "150%", "033%", "abc%", "%", "-1%"])
@pytest.mark.parametrize("key", ["minAvailable", "maxUnavailable"])
def test_the_newest_schema_refuses_percentages_that_those_before_it_take(key, amount):
    assert not accepts(NEWEST, {"podDisruptionBudget": {key: amount}})
    assert all(accepts(version, {"podDisruptionBudget": {key: amount}}) for version in CHECKED)


@pytest.mark.parametrize("key", ["cpuCoresPerReplica", "nodesPerReplica"])
def test_only_the_newest_schema_scales_by_the_size_of_the_cluster(key):
    values = {"autoScaling": {"enabled": True, key: 16}}
    assert accepts(NEWEST, values)
    assert not any(accepts(version, values) for version in CHECKED)
    assert not accepts(NEWEST, {"autoScaling": {"enabled": True, key: 0}})


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        ({"replicaCount": 0}, True),
        ({"replicaCount": -5}, True),
        ({"replicaCount": 3.0}, True),
        ({"replicaCount": 3.5}, False),
        ({"replicaCount": True}, False),
        ({"replicaCount": "3"}, False),
        ({"autoScaling": {"enabled": True}}, True),
        ({"autoScaling": {}}, False),
        ({"autoScaling": {"enabled": True, "minReplicas": 9, "maxReplicas": 2}}, True),
        ({"autoScaling": {"enabled": True, "minReplicas": 1}}, False),
        ({"autoScaling": {"enabled": True, "maxReplicas": 1001}}, False),
        ({"autoScaling": {"enabled": True, "replicas": 2}}, False),
        ({"affinity": None}, True),
        ({"affinity": []}, False),
        ({"tolerations": [{}]}, True),
        ({"tolerations": [None]}, False),
        ({"topologySpreadConstraints": [1, None]}, True),
        ({"podLabels": {"a": [1]}}, True),
        ({"nodeSelector": {"a": 1}}, False),
        ({"resources": {"limits": {"cpu": "1"}, "requests": {}}}, True),
        ({"resources": {"limits": {"cpu": 1}}}, False),
        ({"resources": {"limits": {"gpu": "1"}}}, False),
        ({"resources": {"claims": {}}}, False),
        ({"annotationTopologyMode": "Auto"}, True),
        ({"annotationTopologyMode": "auto"}, False),
        ({"trafficDistribution": "PreferClose"}, True),
        ({"trafficDistribution": "Prefer"}, False),
        ({"corefile": None}, False),
    ],
)
def test_the_newest_schema_gives_these_verdicts(values, accepted):
    assert accepts(NEWEST, values) is accepted


def test_every_generated_schema_is_a_schema_of_the_draft_it_names():
    from jsonschema import Draft6Validator

    for group in SCHEMA_GROUPS:
        schema = packaged_schema(group.name)
        assert schema is not None
        Draft6Validator.check_schema(dict(schema.document))
        assert schema.document["$schema"] == Draft6Validator.META_SCHEMA["$schema"]


def test_schemas_are_equal_by_what_they_say_and_can_be_keys():
    one, other = ({"type": "object"} for _ in range(2))
    schema = AddonSchema(NEWEST, one, SchemaSource.LIVE)
    assert {schema: 1}[AddonSchema(NEWEST, other, SchemaSource.LIVE)] == 1
    assert schema != AddonSchema(NEWEST, {}, SchemaSource.LIVE)
