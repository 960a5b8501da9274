"""What an adoption expects of a cluster, held against a real API server; a stand-in applies as EKS does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.app.adopt.saved import save_adoption
from eksaddon.domain.adoption import Adoption, Manifests, NoCoreDns, member
from eksaddon.domain.desired import DesiredState, ResolveConflicts
from eksaddon.domain.target import Target
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.plan.adoption.plan import Candidate, plan_adoption
from eksaddon.schema import AddonSchema, packaged_schema
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.adapters import REF, Directory
from tests.e2e.kube.cluster.addon_manager import ConfigurationConflict, Refused, Updated, update
from tests.e2e.kube.cluster.addon_objects import SELECTOR, VERSION, Release
from tests.e2e.kube.cluster.api import Api, Document, place_of
from tests.e2e.kube.cluster.control_plane import ADMIN, EKS, EKSDNS, KUBECTL, Server
from tests.e2e.kube.edits import named

pytestmark = pytest.mark.e2e

INSTALLER = "kubectl-client-side-apply"
COREFILE = (
    "# runbook 7\r\n.:53 {\n    errors\n    health { \n\tlameduck 5s\n    }\n    ready\n"
    "    kubernetes cluster.local\n    forward . /etc/resolv.conf\n    loop\n    reload\n}\n\n"
)


def deployment(labels: Document) -> Document:
    container: Document = {
        "name": "coredns",
        "image": "registry.invalid/mirror/coredns:1.9.3",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "env": [{"name": "GOGC", "value": "80"}],
        "volumeMounts": [
            {"name": "config-volume", "mountPath": "/etc/coredns", "readOnly": True},
            {"name": "zones", "mountPath": "/zones"},
        ],
    }
    pod: Document = {
        "containers": [container],
        "serviceAccountName": "coredns",
        "terminationGracePeriodSeconds": 45,
        "volumes": [
            {"name": "config-volume", "configMap": {"name": "coredns"}},
            {"name": "zones", "emptyDir": {}},
        ],
    }
    template: Document = {"metadata": {"labels": labels}, "spec": pod}
    spec: Document = {"replicas": 3, "selector": {"matchLabels": labels}, "template": template}
    return named("Deployment", "apps/v1", spec=spec)


@pytest.fixture
def kube(server: Server) -> Iterator[KubeWorkloads]:
    """With the rights of configs/access."""
    install(server.api(ADMIN))
    adapter = KubeWorkloads(Directory(server, EKSDNS), lambda: 0.0)
    yield adapter
    adapter.close()


def installed(server: Server, labels: Document = SELECTOR) -> None:
    """CoreDNS as somebody's `kubectl apply` leaves it."""
    config = named("ConfigMap", "v1", data={"Corefile": COREFILE, "corp.db": "zone"})
    server.api(KUBECTL).apply(named("ServiceAccount", "v1"), "kubectl")
    for document in (config, deployment(labels)):
        query = {"fieldManager": INSTALLER}
        server.api(KUBECTL).call("POST", place_of(document, named=False), document, query=query)


def live(kube: KubeWorkloads) -> Manifests:
    found = kube.manifests(REF)
    assert isinstance(found, Manifests), found
    return found


def planned(found: Manifests) -> Adoption:
    schema = packaged_schema(VERSION)
    assert isinstance(schema, AddonSchema)
    overwrite = ResolveConflicts.OVERWRITE
    return plan_adoption(Candidate(Target(REF), found, VERSION, schema, DesiredState(), overwrite))


def created(server: Server, plan: Adoption, mode: ResolveConflicts) -> object:
    release = replace(Release(plan.version), replicas=plan.replicas, corefile=plan.corefile)
    return update(server.api(EKS), release, mode)


def replaced(api: Api, item: Document) -> None:
    """As `kubectl replace` does it: over whatever is there now, which controllers write to meanwhile."""
    api.call("PUT", place_of(item), item, query={"fieldManager": "kubectl-replace"})


def field(path: str) -> str:
    return "." + path.partition(" ")[2].replace("[name=coredns]", '[name="coredns"]')


def test_sure_conflicts_are_conflicts_and_a_corefile_as_it_is_is_none(
    server: Server, kube: KubeWorkloads
) -> None:
    installed(server)
    plan = planned(live(kube))
    outcome = created(server, plan, ResolveConflicts.NONE)
    assert isinstance(outcome, ConfigurationConflict)
    fields = {one.field for one in outcome.conflicts}
    assert {field(one.path) for one in plan.conflicts} <= fields
    assert {field(one.path) for one in plan.conflicts} == {
        '.spec.template.spec.containers[name="coredns"].image'
    }
    assert ".data.Corefile" not in fields
    assert ".spec.replicas" not in fields


def test_taking_over_keeps_the_corefile_byte_for_byte_and_what_eks_does_not_name(
    server: Server, kube: KubeWorkloads
) -> None:
    installed(server)
    plan = planned(live(kube))
    assert isinstance(created(server, plan, ResolveConflicts.OVERWRITE), Updated)
    after = live(kube)
    pod = member(after.deployment, "spec", "template", "spec")
    assert after.workload.corefile == COREFILE
    assert member(after.config or {}, "data")["corp.db"] == "zone"
    assert (after.workload.replicas, after.workload.grace_seconds) == (3, 45)
    assert '"zones"' in json.dumps(pod["volumes"])
    assert "GOGC" in json.dumps(pod["containers"])


def test_the_backup_restores_everything(server: Server, kube: KubeWorkloads, tmp_path: Path) -> None:
    installed(server)
    before = live(kube)
    plan = planned(before)
    save_adoption(tmp_path / "before.json", plan, before)
    created(server, replace(plan, corefile=".:53 {\n}\n", replicas=9), ResolveConflicts.OVERWRITE)
    for item in json.loads((tmp_path / "before.json").read_text())["items"]:
        replaced(server.api(KUBECTL), item)
    after = live(kube)
    assert (after.workload.corefile, after.workload.replicas) == (COREFILE, 3)
    assert after.deployment["spec"] == before.deployment["spec"]
    assert after.config is not None
    assert after.config["data"] == {"Corefile": COREFILE, "corp.db": "zone"}


def test_a_selector_that_is_not_eks_own_can_indeed_not_be_taken_over(
    server: Server, kube: KubeWorkloads
) -> None:
    installed(server, {"k8s-app": "kube-dns"})
    plan = planned(live(kube))
    assert "adopt-selector" in {one.rule for one in plan.errors}
    outcome = created(server, plan, ResolveConflicts.OVERWRITE)
    assert isinstance(outcome, Refused)
    assert "immutable" in outcome.message


def test_no_deployment_is_distinguished_from_no_access(kube: KubeWorkloads) -> None:
    assert kube.manifests(REF) == NoCoreDns("kube-system")
