"""What a plan foresees of an add-on update is what a real API server says."""

import json
from collections.abc import Iterator

import pytest

from eksaddon.domain.kube.apply_answer import Applied, WriteRefused
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.run.outcome import Changed, Stale
from eksaddon.domain.workload import NotChecked, Scaler, ScalerKind, Workload
from eksaddon.plan.next_start import NEXT_START
from eksaddon.plan.trials.dry_run import TEMPLATE
from eksaddon.rules.pod_fields import RULE as POD_FIELDS
from eksaddon.schema.pod_template import template_patch
from tests.e2e.kube import edits
from tests.e2e.kube.cluster.api import MERGE, NAMESPACE, Document
from tests.e2e.kube.cluster.control_plane import ADMIN, KUBECTL, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.test_both_planes import COREFILE, REF, Stage, stage_of

pytestmark = pytest.mark.e2e

FLEET = """
version: 1
coredns: {allowWeaken: true, configuration: %s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
GRACE = FLEET.replace("configuration: %s", "terminationGracePeriod: 45s")
REPLICAS = FLEET.replace("configuration: %s", "replicaCount: 2, podDisruptionBudget: {maxUnavailable: 1}")
SPREAD = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
TERM = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
GOOD: tuple[Document, ...] = (
    {"tolerations": [{"operator": "Exists"}]},
    {"podLabels": {"team": "dns"}, "podAnnotations": {"a/b": "1"}},
    {"resources": {"limits": {"memory": "200Mi"}, "requests": {"memory": "100Mi"}}},
    {"topologySpreadConstraints": [SPREAD | {"labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}]},
    {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [TERM]}}}},
)
BAD: tuple[Document, ...] = (
    {"podAnnotations": {"a": 5}},
    {"podLabels": {"a": "not a label!"}},
    {"tolerations": [{"key": "", "operator": "Equal", "value": "x"}]},
    {"tolerations": [{"key": "a", "operator": "Exists", "value": "x"}]},
    {"tolerations": [{"key": "a", "operator": "Sometimes"}]},
    {"resources": {"limits": {"memory": "50Mi"}, "requests": {"memory": "100Mi"}}},
    {"topologySpreadConstraints": [SPREAD | {"maxSkew": 0}]},
    {"topologySpreadConstraints": [SPREAD | {"minDomains": 2}]},
    {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}}},
)


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    with stage_of(server, Kubelet(server.api())) as made:
        yield made


def only(stage: Stage, fleet: str) -> ClusterPlan:
    (cluster,) = stage.plan(fleet).clusters
    return cluster


def test_values_that_the_rule_accepts_or_refuses_are_those_that_the_server_does(stage: Stage) -> None:
    for values in (*GOOD, *BAD):
        patch = template_patch({}, values)
        assert patch is not None
        answer = stage.session.workloads.try_template(REF, patch)
        if values in GOOD:
            assert answer == Applied(), (values, answer)
        else:
            assert isinstance(answer, WriteRefused | NotChecked), (values, answer)
        cluster = only(stage, FLEET % json.dumps(values))
        assert (cluster.action is Action.BLOCKED) is (values in BAD), (values, cluster.reason)
        found = {one.rule for one in cluster.diagnostics} & {POD_FIELDS, TEMPLATE}
        assert found == ({POD_FIELDS} if values in BAD else set()), values
    assert stage.writes == []


def test_rejections_only_the_server_knows_block_with_the_field(stage: Stage) -> None:
    """The label by which the Deployment selects its pods cannot be another one."""
    cluster = only(stage, FLEET % '{podLabels: {k8s-app: "mine"}}')
    assert cluster.action is Action.BLOCKED
    assert cluster.diagnostics[0].rule == TEMPLATE
    assert "spec.template.metadata.labels" in cluster.reason


def test_a_corefile_that_coredns_will_refuse_blocks_what_starts_pods(stage: Stage, server: Server) -> None:
    refused = (COREFILE % "5s").replace("    reload\n", "    reload\n    proxy . 10.0.0.2\n")
    server.api(KUBECTL).patch(edits.named("ConfigMap", "v1", data={"Corefile": refused}), "kubectl-edit")
    cluster = only(stage, GRACE)
    assert cluster.action is Action.BLOCKED
    assert "will refuse the Corefile in force at its next start" in cluster.reason
    assert NEXT_START in {one.rule for one in cluster.diagnostics}
    stage.apply(stage.plan(GRACE), "blocked")
    assert stage.writes == []


def test_a_scaling_after_planning_makes_the_target_stale(stage: Stage, server: Server) -> None:
    plan = stage.plan(FLEET % '{podLabels: {team: "dns"}}')
    server.api(ADMIN).patch(edits.named("Deployment", "apps/v1", spec={"replicas": 6}), "kubectl", kind=MERGE)
    (result,) = stage.run(plan, "stale").results
    assert isinstance(result.outcome, Stale)
    assert result.outcome.reason == "the Deployment was scaled from 2 to 6 replicas after the plan was made"
    assert stage.writes == []
    server.api(ADMIN).patch(edits.named("Deployment", "apps/v1", spec={"replicas": 2}), "kubectl", kind=MERGE)
    assert stage.apply(stage.plan(FLEET % '{podLabels: {team: "dns"}}'), "again") == [Changed]


def test_a_proportional_autoscaler_is_found_and_a_fall_of_its_replicas_is_blocked(
    stage: Stage, server: Server
) -> None:
    labels = {"k8s-app": "dns-autoscaler"}
    container = {"name": "autoscaler", "image": "cpa", "command": ["/cpa", "--target=Deployment/coredns"]}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    autoscaler: Document = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "dns-autoscaler", "namespace": NAMESPACE, "labels": labels},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template},
    }
    server.api(ADMIN).create(autoscaler)
    server.api(ADMIN).patch(edits.named("Deployment", "apps/v1", spec={"replicas": 6}), "cpa", kind=MERGE)
    found = stage.session.workloads.read(REF)
    assert isinstance(found, Workload)
    assert found.scalers == (Scaler("dns-autoscaler", None, None, ScalerKind.PROPORTIONAL),)
    assert found.scalers_unread == "", "KEDA is not installed, which is no gap"
    overwriting = FLEET.replace("allowWeaken: true", "resolveConflicts: overwrite") % '{podLabels: {a: "b"}}'
    cluster = only(stage, overwriting)
    assert cluster.action is Action.BLOCKED
    (one,) = (each for each in cluster.diagnostics if each.rule == "replicas-fall")
    assert one.summary.endswith("; dns-autoscaler (cluster-proportional-autoscaler) scales up again")
