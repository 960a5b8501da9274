"""What an adoption carries over, what it takes from whom, and what it refuses."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.adoption import Adoption, Manifests, Taken
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import DesiredState, Lameduck, ResolveConflicts
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.kube.readiness import Readiness
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import Budget, Scaler, Workload
from eksaddon.plan.adoption import eks_defaults
from eksaddon.plan.adoption.plan import Candidate, plan_adoption
from eksaddon.schema import AddonSchema, packaged_schema
from eksaddon.values import parse_values

TARGET = Target(ClusterRef("111122223333", "eu-west-1", "prod"))
VERSION = "v1.12.4-eksbuild.18"
OLD = "v1.8.7-eksbuild.1"
COREFILE = (
    "# keep\r\n.:53 {\n    errors\n    health { \n\tlameduck 5s\n    }\n    ready\n"
    "    kubernetes cluster.local\n    forward . /etc/resolv.conf\n    loop\n    reload\n}\n\n"
)
IMAGE = "602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns:v1.10.1-eksbuild.1"


def manifests(
    *,
    pod: JsonObject | None = None,
    own: JsonObject | None = None,
    about: JsonObject | None = None,
    spec: JsonObject | None = None,
    data: JsonObject | None = None,
    owners: JsonObject | None = None,
    budgets: tuple[JsonObject, ...] = (),
    workload: Workload | None = None,
) -> Manifests:
    """A stock Deployment of two pods, but for what is named."""
    live = workload or Workload(2, 30, 0, COREFILE, version=(1, 33))
    container: JsonObject = {
        "name": "coredns",
        "image": IMAGE,
        "args": list(eks_defaults.ARGS),
        "resources": eks_defaults.RESOURCES,
        "livenessProbe": eks_defaults.LIVENESS,
        "readinessProbe": {**eks_defaults.READINESS, "initialDelaySeconds": 0},
        **(own or {}),
    }
    pods: JsonObject = {
        "containers": [container],
        "tolerations": list(eks_defaults.TOLERATIONS),
        "affinity": eks_defaults.AFFINITY,
        "topologySpreadConstraints": list(eks_defaults.SPREAD),
        "volumes": [{"name": "config-volume", "configMap": {"name": "coredns"}}],
        **(pod or {}),
    }
    deployment: JsonObject = {
        "metadata": {"name": "coredns", **({"managedFields": [owners]} if owners else {})},
        "spec": {
            "replicas": live.replicas,
            "selector": {"matchLabels": eks_defaults.SELECTOR},
            "template": {"metadata": {"labels": eks_defaults.SELECTOR, **(about or {})}, "spec": pods},
            **(spec or {}),
        },
    }
    config: JsonObject = {
        "metadata": {"name": "coredns"},
        "data": {"Corefile": live.corefile, **(data or {})},
    }
    return Manifests(deployment, config, budgets, (), live)


def adopted(found: Manifests, desired: DesiredState | None = None, version: str = VERSION) -> Adoption:
    schema = packaged_schema(version)
    assert isinstance(schema, AddonSchema)
    return plan_adoption(Candidate(TARGET, found, version, schema, desired or DesiredState()))


def document(plan: Adoption) -> JsonObject:
    return json.loads(plan.text)  # type: ignore[no-any-return]  # an object


def rules(plan: Adoption) -> set[str]:
    return {one.rule for one in plan.diagnostics}


def summaries(plan: Adoption, rule: str) -> str:
    return "; ".join(one.summary for one in plan.diagnostics if one.rule == rule)


def test_a_stock_deployment_needs_its_replicas_and_its_corefile_only() -> None:
    plan = adopted(manifests())
    assert document(plan) == {"replicaCount": 2, "corefile": COREFILE}
    assert (plan.corefile, plan.live_corefile, plan.errors) == (COREFILE, COREFILE, ())
    assert (plan.kubernetes, plan.values) == ("1.33", {"replicaCount": 2})


@given(st.text(min_size=1))
def test_the_corefile_is_carried_over_to_the_last_character(comment: str) -> None:
    text = COREFILE + "".join(f"# {line}\n" for line in comment.splitlines())
    plan = adopted(manifests(workload=Workload(2, 30, 0, text, version=(1, 33))))
    values = parse_values(plan.text)
    assert plan.corefile == text
    assert getattr(values, "tree", {}).get("corefile") == text


CARRIED: list[tuple[dict[str, JsonObject], str, Json]] = [
    ({"own": {"resources": {"limits": {"memory": "1Gi"}}}}, "resources", {"limits": {"memory": "1Gi"}}),
    ({"pod": {"tolerations": [{"operator": "Exists"}]}}, "tolerations", [{"operator": "Exists"}]),
    ({"pod": {"affinity": {"nodeAffinity": {}}}}, "affinity", {"nodeAffinity": {}}),
    ({"pod": {"nodeSelector": {"dns": "yes"}}}, "nodeSelector", {"dns": "yes"}),
    ({"about": {"labels": {**eks_defaults.SELECTOR, "team": "net"}}}, "podLabels", {"team": "net"}),
    ({"about": {"annotations": {"note": "x"}}}, "podAnnotations", {"note": "x"}),
    ({"about": {"annotations": {eks_defaults.COMPUTE_TYPE: "fargate"}}}, "computeType", "fargate"),
]


@pytest.mark.parametrize(("what", "key", "value"), CARRIED, ids=[key for _, key, _ in CARRIED])
def test_settings_other_than_the_defaults_are_imported(
    what: dict[str, JsonObject], key: str, value: Json
) -> None:
    assert document(adopted(manifests(**what)))[key] == value  # type: ignore[arg-type]  # parts by name


def test_annotations_without_meaning_are_not_imported() -> None:
    notes = {eks_defaults.COMPUTE_TYPE: "ec2", "kubectl.kubernetes.io/restartedAt": "2026"}
    assert set(document(adopted(manifests(about={"annotations": notes})))) == {"replicaCount", "corefile"}


def test_settings_outside_the_schema_are_reported_and_excluded() -> None:
    found = manifests(
        pod={"tolerations": [{"operator": "Exists"}]}, own={"resources": {"limits": {"hugepages-2Mi": "4Mi"}}}
    )
    plan = adopted(found, version=OLD)
    assert set(document(plan)) == {"replicaCount", "corefile"}
    said = summaries(plan, "adopt-not-carried")
    assert "tolerations is not imported" in said
    assert "resources is not imported" in said


def test_a_value_missing_in_the_cluster_is_reported() -> None:
    plan = adopted(manifests(pod={"affinity": None, "tolerations": []}))
    assert "affinity" in summaries(plan, "adopt-added")
    assert "tolerations" in summaries(plan, "adopt-added")
    assert "affinity" not in document(plan)


def budget(name: str, **bounds: Json) -> tuple[JsonObject, Budget]:
    return {"metadata": {"name": name}, "spec": bounds}, Budget(name)


@pytest.mark.parametrize(
    ("budgets", "expected"),
    [
        ((), None),
        ((budget("coredns", maxUnavailable=1),), None),
        ((budget("coredns", minAvailable=1),), {"enabled": True, "minAvailable": 1}),
        ((budget("own", minAvailable=1),), {"enabled": False}),
        ((budget("coredns", maxUnavailable=1), budget("own", minAvailable=1)), {"enabled": False}),
    ],
)
def test_a_budget_is_carried_over_and_one_of_another_name_keeps_eks_from_adding_a_second(
    budgets: tuple[tuple[JsonObject, Budget], ...], expected: Json
) -> None:
    live = Workload(2, 30, 0, COREFILE, version=(1, 33), budgets=tuple(each for _, each in budgets))
    plan = adopted(manifests(budgets=tuple(each for each, _ in budgets), workload=live))
    assert document(plan).get("podDisruptionBudget") == expected
    assert plan.errors == ()


def test_desired_values_are_merged_into_live_ones() -> None:
    live = Workload(2, 30, 0, COREFILE, version=(1, 33), budgets=(Budget("coredns"),))
    found = manifests(budgets=(budget("coredns", minAvailable=1)[0],), workload=live)
    wanted = DesiredState(
        values={"replicaCount": 4, "podDisruptionBudget": {"maxUnavailable": "33%"}},
        lameduck=Lameduck("10s", 10_000_000_000),
    )
    plan = adopted(found, wanted)
    assert document(plan)["podDisruptionBudget"] == {"maxUnavailable": "33%"}
    assert (plan.replicas, plan.corefile) == (4, COREFILE.replace("5s", "10s"))
    assert "termination-budget" not in rules(plan)


def test_the_grace_period_and_dependent_settings_are_left_to_apply() -> None:
    wanted = DesiredState(lameduck=Lameduck("30s", 30_000_000_000), grace_seconds=60)
    plan = adopted(manifests(), wanted)
    assert plan.corefile == COREFILE
    assert "lameduck" in summaries(plan, "adopt-later")
    alone = adopted(manifests(), DesiredState(pre_stop_seconds=5))
    assert summaries(alone, "adopt-later").startswith("grace period and preStop")
    assert "adopt-later" not in rules(adopted(manifests(), DesiredState(grace_seconds=30)))
    probed = adopted(manifests(), DesiredState(readiness=Readiness(5)))
    assert summaries(probed, "adopt-later").startswith("grace period, preStop and readinessProbe")
    assert "adopt-later" not in rules(adopted(manifests(), DesiredState(readiness=Readiness(10))))


def test_an_autoscaled_document_keeps_its_live_count() -> None:
    plan = adopted(manifests(), DesiredState(values={"replicaCount": None}))
    assert (plan.replicas, "replicaCount" in document(plan)) == (2, False)


ERRORS: list[tuple[Manifests, str]] = [
    (manifests(spec={"selector": {"matchLabels": {"k8s-app": "kube-dns"}}}), "adopt-selector"),
    (manifests(pod={"containers": [{"name": "dns", "image": "x"}]}), "adopt-container"),
    (manifests(workload=Workload(2, 30, 0, ".:53 {\n  helth\n}\n", version=(1, 33))), "unknown-directive"),
    (manifests(workload=Workload(2, 30, 0, ".:53 {\n", version=(1, 33))), "syntax"),
    (manifests(workload=Workload(2, 30, 0, " \n", version=(1, 33))), "adopt-no-corefile"),
    (manifests(workload=Workload(2, 30, 0, None, version=(1, 33))), "adopt-no-corefile"),
    (manifests(workload=Workload(0, 30, 0, COREFILE, version=(1, 33))), "replica-count"),
]


@pytest.mark.parametrize(("found", "rule"), ERRORS, ids=range(len(ERRORS)))
def test_what_cannot_end_well_is_an_error(found: Manifests, rule: str) -> None:
    assert rule in {one.rule for one in adopted(found).errors}


def test_a_desired_lameduck_that_cannot_be_set_blocks() -> None:
    live = Workload(2, 30, 0, ".:53 {\n", version=(1, 33))
    plan = adopted(manifests(workload=live), DesiredState(lameduck=Lameduck("9s", 9_000_000_000)))
    assert (plan.text, [one.rule for one in plan.errors]) == ("", ["corefile-refused"])


def test_without_the_live_schema_the_packaged_one_is_asked_and_without_any_nothing_is_done() -> None:
    trouble = Trouble(Cause.DENIED, "no")
    packaged = plan_adoption(Candidate(TARGET, manifests(), VERSION, trouble, DesiredState()))
    assert "schema-not-live" in rules(packaged)
    assert packaged.errors == ()
    unknown = plan_adoption(Candidate(TARGET, manifests(), "v9-x", trouble, DesiredState()))
    assert [one.rule for one in unknown.errors] == ["schema-not-live"]


LEFT: list[tuple[Manifests, str, str]] = [
    (manifests(own={"image": "registry.example/dns:1"}), "adopt-image", "registry.example/dns:1"),
    (
        manifests(pod={"initContainers": [{"name": "wait"}]}),
        "adopt-stays",
        "containers not from EKS: wait",
    ),
    (manifests(pod={"volumes": [{"name": "zones"}]}), "adopt-stays", "volumes not from EKS: zones"),
    (manifests(own={"env": [{"name": "A"}]}), "adopt-stays", "env not from EKS: A"),
    (manifests(own={"envFrom": [{"configMapRef": {}}]}), "adopt-stays", "envFrom"),
    (manifests(own={"command": ["/dns"]}), "adopt-not-carried", "command"),
    (manifests(data={"more.db": "x"}), "adopt-stays", "more.db"),
    (
        manifests(pod={"volumes": [{"name": "config-volume", "configMap": {"items": [{"key": "more.db"}]}}]}),
        "adopt-not-carried",
        "more.db",
    ),
    (
        manifests(workload=Workload(2, 30, 0, COREFILE + "import custom/*.server\n", version=(1, 33))),
        "adopt-import",
        "custom/*.server",
    ),
    (manifests(workload=Workload(2, 45, 5, COREFILE, version=(1, 33))), "adopt-stays", "grace period 45 s"),
    (
        manifests(workload=Workload(2, 30, 0, COREFILE, version=(1, 33), other_pre_stop="exec")),
        "adopt-stays",
        "exec",
    ),
    (
        manifests(workload=Workload(4, 30, 0, COREFILE, version=(1, 33), scalers=(Scaler("hpa", 2, 9),))),
        "adopt-scaler",
        "hpa scales between 2 and 9",
    ),
    (
        manifests(
            workload=Workload(4, 30, 0, COREFILE, version=(1, 33), scalers=(Scaler("cpa", None, None),))
        ),
        "adopt-scaler",
        "cpa scales the replicas: every add-on update first",
    ),
]


@pytest.mark.parametrize(("found", "rule", "said"), LEFT, ids=[said for _, _, said in LEFT])
def test_settings_that_cannot_be_imported_are_reported(found: Manifests, rule: str, said: str) -> None:
    plan = adopted(found)
    assert said in summaries(plan, rule)
    assert plan.errors == ()


def test_an_image_of_eks_is_not_a_finding_whatever_its_build() -> None:
    for image in (IMAGE, IMAGE.replace("v1.10.1-eksbuild.1", VERSION), None):
        assert "adopt-image" not in rules(adopted(manifests(own={"image": image})))


def test_the_build_that_eks_would_run_changes_nothing() -> None:
    same = IMAGE.replace("v1.10.1-eksbuild.1", VERSION)
    plan = adopted(manifests(own={"image": same}, owners=owned("kubectl")))
    assert plan.conflicts == ()


def owned(manager: str) -> JsonObject:
    container: JsonObject = {
        'k:{"name":"coredns"}': {"f:image": {}, "f:args": {}, "f:livenessProbe": {"f:httpGet": {}}}
    }
    pods: JsonObject = {"f:template": {"f:spec": {"f:containers": container}}, "f:replicas": {}}
    return {"manager": manager, "fieldsV1": {"f:spec": pods}}


def taken(plan: Adoption) -> dict[str, Taken]:
    return {one.path: one for one in plan.takes}


def test_every_field_that_changes_hands_is_named_with_its_owner() -> None:
    found = taken(adopted(manifests(owners=owned("kubectl"))))
    image = found["Deployment spec.template.spec.containers[name=coredns].image"]
    assert (image.owner, image.live, image.becomes) == ("kubectl", IMAGE, f"EKS's build of {VERSION}")
    assert image.is_conflict
    replicas = found["Deployment spec.replicas"]
    assert (replicas.owner, replicas.changes_value, replicas.is_conflict) == ("kubectl", False, False)
    assert not found["ConfigMap data.Corefile"].changes_value
    assert not found["Deployment spec.template.spec.containers[name=coredns].readinessProbe"].changes_value


def test_only_documented_fields_of_others_are_sure_conflicts() -> None:
    changed: JsonObject = {"livenessProbe": {"httpGet": {"port": 1}}, "args": ["-x"]}
    by_kubectl = adopted(manifests(own=changed, owners=owned("kubectl")))
    assert {one.path.rpartition(".")[2] for one in by_kubectl.conflicts} == {"image", "args"}
    assert adopted(manifests(own=changed, owners=owned("eks"))).conflicts == ()
    assert adopted(manifests(own=changed)).conflicts == ()


def test_sure_conflicts_are_an_error_unless_they_are_to_be_taken_over() -> None:
    found = manifests(own={"args": ["-x"]}, owners=owned("kubectl"))
    plan = adopted(found)
    assert [one.rule for one in plan.errors] == ["adopt-conflicts"]
    assert "2 fields managed by kubectl" in summaries(plan, "adopt-conflicts")
    schema = packaged_schema(VERSION)
    assert isinstance(schema, AddonSchema)
    case = Candidate(TARGET, found, VERSION, schema, DesiredState(), ResolveConflicts.OVERWRITE)
    assert plan_adoption(case).errors == ()


def test_a_budget_changes_hands_too() -> None:
    live = Workload(2, 30, 0, COREFILE, version=(1, 33), budgets=(Budget("coredns"),))
    found = manifests(budgets=(budget("coredns", maxUnavailable=1)[0],), workload=live)
    assert taken(adopted(found))["PodDisruptionBudget spec.maxUnavailable"].becomes == 1
    wanted = DesiredState(values={"podDisruptionBudget": {"maxUnavailable": 2}})
    assert taken(adopted(found, wanted))["PodDisruptionBudget spec.maxUnavailable"].becomes == 2


def test_an_invalid_probe_and_a_missing_configmap_are_tolerated() -> None:
    found = replace(manifests(own={"livenessProbe": None}), config=None)
    assert "ConfigMap data.Corefile" not in taken(adopted(found))


def test_the_token_is_the_same_for_the_same_adoption_only() -> None:
    plan = adopted(manifests())
    assert plan.token == adopted(manifests()).token
    assert len({plan.token, replace(plan, resolve_conflicts=ResolveConflicts.OVERWRITE).token}) == 2
    assert adopted(manifests(data={"more": "x"})).token != plan.token


def test_a_count_that_something_scales_is_no_part_of_what_a_plan_is_bound_to() -> None:
    one, two = manifests(), manifests(workload=Workload(3, 30, 0, COREFILE, version=(1, 33)))
    assert one.fingerprint != two.fingerprint
    scaler: JsonObject = {"spec": {}}
    assert replace(one, scalers=(scaler,)).fingerprint == replace(two, scalers=(scaler,)).fingerprint
    scaled = Workload(3, 30, 0, COREFILE, version=(1, 33), scalers=(Scaler("dns", None, None),))
    with_deployment = replace(manifests(workload=scaled), deployment=two.deployment)
    assert with_deployment.fingerprint == replace(one, scalers=(scaler,)).fingerprint
    assert replace(one, config=None).objects == (one.deployment,)
    assert replace(one, config=None).fingerprint != one.fingerprint


@pytest.mark.parametrize(("now", "is_blocked"), [(0, True), (2, False)])
def test_replicas_that_an_interrupted_proof_left_are_not_imported(now: int, *, is_blocked: bool) -> None:
    live = Workload(now, 30, 0, COREFILE, version=(1, 33), scaled_down=ScaledDown(2, 0))
    plan = adopted(manifests(workload=live))
    assert ([one.rule for one in plan.errors] == ["scaled-down"]) is is_blocked
    (found,) = (one for one in plan.diagnostics if one.rule == "scaled-down")
    assert "`eksdns prove --cluster 111122223333/eu-west-1/prod --restore`" in found.detail
