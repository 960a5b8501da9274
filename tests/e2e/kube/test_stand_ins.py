"""The stand-ins do what EKS, a scheduler and a kubelet would, as far as the tests rest on it."""

import pytest

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.addon_manager import ConfigurationConflict, Conflict, Updated, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release
from tests.e2e.kube.cluster.api import Document
from tests.e2e.kube.cluster.control_plane import EKS, KUBECTL, Server
from tests.e2e.kube.cluster.kubelet import Kubelet, working
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.cluster.releases import CURRENT
from tests.e2e.kube.rollouts import Rollout

pytestmark = pytest.mark.e2e

ROLLOUT_SECONDS = 30.0


def live(server: Server) -> Document:
    return server.api().get("Deployment", "coredns")


def test_the_server_is_the_release_that_was_asked_for(server):
    assert server.api().call("GET", "version")["gitVersion"] == f"v{CURRENT}"


def test_the_add_on_is_installed_as_eks(server):
    assert update(server.api(EKS), Release(), ResolveConflicts.NONE) == Updated()
    managers = {entry["manager"]: entry for entry in live(server)["metadata"]["managedFields"]}
    assert managers["eks"]["operation"] == "Apply"


def test_a_deployment_without_a_grace_gets_the_stock_one(server):
    update(server.api(EKS), Release(), ResolveConflicts.NONE)
    assert live(server)["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 30


def test_none_writes_nothing_and_names_the_field_and_the_manager(server):
    update(server.api(EKS), Release(), ResolveConflicts.NONE)
    edited = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "coredns"}}
    server.api(KUBECTL).patch(edited | {"data": {"Corefile": ". {\n}\n"}}, "kubectl-edit")
    answer = update(server.api(EKS), Release(NEXT_VERSION), ResolveConflicts.NONE)
    assert answer == ConfigurationConflict((Conflict("ConfigMap coredns", ".data.Corefile", "kubectl-edit"),))
    assert live(server)["metadata"]["generation"] == 1


def test_a_rollout_ends_with_new_pods_only(server):
    with working(Kubelet(server.api())) as kubelet:
        for release in Release(), Release(NEXT_VERSION):
            update(server.api(EKS), release, ResolveConflicts.NONE)
            rollout = Rollout(server, kubelet)
            until(rollout.is_complete, seconds=ROLLOUT_SECONDS, what="the rollout")
        until(lambda: not rollout.ending(), seconds=ROLLOUT_SECONDS, what="old pods are gone")
    images = {pod["spec"]["containers"][0]["image"] for pod in server.api().items("Pod")}
    assert {image.rpartition(":")[2] for image in images} == {NEXT_VERSION}
