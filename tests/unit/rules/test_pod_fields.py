"""Values that EKS accepts and Kubernetes rejects, with the field named."""

import pytest

from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.json import Json, JsonObject
from eksaddon.rules.facts import Facts
from eksaddon.rules.pod_fields import pod_fields

SPREAD: JsonObject = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
TERM: JsonObject = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "b"}}}
NOT_IN: JsonObject = {"key": "a", "operator": "NotIn"}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def found(values: JsonObject) -> list[str]:
    facts = Facts(
        version="v1.11.4-eksbuild.51",
        coredns=(1, 11, 4),
        build=51,
        values=values,
        touched=frozenset(values),
        corefile=None,
        base=CorefileBase.NOT_MANAGED,
        grace_seconds=30,
        grace_source=GraceSource.STOCK,
        pre_stop_seconds=0,
    )
    findings = list(pod_fields(facts))
    assert all(
        one.paths == (one.diagnostic.summary.split(".")[0].split("[")[0].split(" ")[0],) for one in findings
    )
    return [one.diagnostic.summary for one in findings]


def node(*expressions: Json) -> JsonObject:
    terms: Json = [{"matchExpressions": list(expressions)}]
    return {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": terms}}}}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"replicaCount": 3, "resources": {}, "affinity": None, "tolerations": [], "podLabels": {}},
        {"podAnnotations": {"example.com/note": "5 of 7!"}, "podLabels": {"team": "dns", "empty": ""}},
        {"nodeSelector": {"kubernetes.io/os": "linux"}},
        {"resources": {"requests": {"cpu": "250m", "memory": "170Mi"}}},
        {"resources": {"limits": {"memory": "1Gi"}, "requests": {"memory": "0.5Gi", "cpu": "1e0"}}},
        {"tolerations": [{"operator": "Exists"}, {"key": "a", "value": "b", "effect": "NoSchedule"}]},
        {"tolerations": [{"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}]},
        {"topologySpreadConstraints": [SPREAD, {**SPREAD, "topologyKey": "host"}]},
        {"topologySpreadConstraints": [{**SPREAD, "whenUnsatisfiable": "DoNotSchedule", "minDomains": 2}]},
        {"affinity": {"podAntiAffinity": {REQUIRED: [TERM]}}},
        {"affinity": {"podAntiAffinity": {PREFERRED: [{"weight": 100, "podAffinityTerm": TERM}]}}},
        node({"key": "arch", "operator": "In", "values": ["arm64"]}, {"key": "a", "operator": "Exists"}),
        node({"key": "cpu", "operator": "Gt", "values": ["4"]}),
    ],
)
def test_values_that_kubernetes_accepts_have_no_finding(values: JsonObject) -> None:
    assert found(values) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"podAnnotations": {"port": 9153}}, "podAnnotations.port is 9153, must be text, so quote it"),
        ({"podAnnotations": {"on": True}}, "podAnnotations.on is true, must be text, so quote it"),
        ({"podLabels": {"n": 5}}, "podLabels.n is 5, must be text, so quote it"),
        ({"podLabels": {"team": "a b"}}, "podLabels.team must be at most 63 letters"),
        ({"podLabels": {"team": "x" * 64}}, "podLabels.team must be at most 63 letters"),
        ({"podLabels": {"A_/x": "y"}}, "podLabels.A_/x is not a valid name"),
        ({"podAnnotations": {"a b": "y"}}, "podAnnotations.a b is not a valid name"),
        ({"nodeSelector": {"a": "b c"}}, "nodeSelector.a must be at most 63 letters"),
        (
            {"resources": {"requests": {"memory": "200Mi"}}},
            "resources.requests.memory 200Mi is more than resources.limits.memory 170Mi (EKS's default)",
        ),
        (
            {"resources": {"limits": {"cpu": "50m"}}},
            "resources.requests.cpu 100m (EKS's default) is more than resources.limits.cpu 50m",
        ),
        (
            {"resources": {"limits": {"memory": "100M"}, "requests": {"memory": "100Mi"}}},
            "resources.requests.memory 100Mi is more than resources.limits.memory 100M",
        ),
        ({"resources": {"limits": {"memory": "70 MB"}}}, "resources.limits.memory '70 MB' is not a quantity"),
        (
            {"tolerations": [{"key": "a", "operator": "exists"}]},
            'did you mean "Exists"?',
        ),
        ({"tolerations": [{"keys": "a", "operator": "Exists"}]}, "tolerations[0].keys is not a key"),
        ({"tolerations": [{"value": "a"}]}, "tolerations[0].operator must be Exists if the key is empty"),
        (
            {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
            "tolerations[0].value must be empty if the operator is Exists",
        ),
        (
            {"tolerations": [{"key": "a", "tolerationSeconds": 5}]},
            "tolerations[0].effect must be NoExecute if tolerationSeconds is set",
        ),
        ({"tolerations": {"key": "a"}}, "tolerations is a mapping, must be a list"),
        (
            {"topologySpreadConstraints": [{"maxSkew": 1}]},
            "topologySpreadConstraints[0] is missing topologyKey",
        ),
        (
            {"topologySpreadConstraints": [{**SPREAD, "maxSkew": 0}]},
            "topologySpreadConstraints[0].maxSkew is 0, must be at least 1",
        ),
        (
            {"topologySpreadConstraints": [SPREAD, SPREAD]},
            "topologySpreadConstraints[1] repeats the topologyKey and whenUnsatisfiable",
        ),
        (
            {"topologySpreadConstraints": [{**SPREAD, "minDomains": 2}]},
            "topologySpreadConstraints[0].minDomains is only allowed",
        ),
        ({"affinity": {"podAntiafinity": {}}}, "affinity.podAntiafinity is not a key"),
        (
            {"affinity": {"podAffinity": {REQUIRED: [{}]}}},
            f"affinity.podAffinity.{REQUIRED}[0] is missing topologyKey",
        ),
        (node({"key": "a", "operator": "In"}), "values must not be empty if the operator is In"),
        (
            node({"key": "a", "operator": "Exists", "values": ["b"]}),
            "values must be empty if the operator is Exists",
        ),
        (node({"key": "a", "operator": "Lt", "values": ["1", "2"]}), "values must have one element"),
        (
            {
                "topologySpreadConstraints": [
                    {**SPREAD, "labelSelector": {"matchExpressions": [{"key": "a", "operator": "NotIn"}]}}
                ]
            },
            "topologySpreadConstraints[0].labelSelector.matchExpressions[0].values must not be empty",
        ),
    ],
)
def test_values_that_kubernetes_rejects_are_named_by_field(values: JsonObject, said: str) -> None:
    summaries = found(values)
    assert [one for one in summaries if said in one], summaries


@pytest.mark.parametrize(
    "values", [{"resources": {"limits": {"memory": 5}}}, {"affinity": "x"}, {"tolerations": [1]}]
)
def test_values_of_another_shape_are_found_or_left_to_ekss_schema(values: JsonObject) -> None:
    found(values)
