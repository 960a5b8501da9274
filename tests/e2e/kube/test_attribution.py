"""Who changed what is live, and when, stands in the objects; the simulator writes it likewise."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from tests.e2e.kube.cluster.addon_manager import MANAGER, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.edits import kubectl_edits_corefile, kubectl_scales
from tests.e2e.kube.managed_fields import COREFILE, REPLICAS, entries, owners
from tests.e2e.kube.simulated import simulated

pytestmark = pytest.mark.e2e

EDITED: Mapping[str, Json] = {"corefile": ".:53 {\n}\n", "replicaCount": 5}


@pytest.fixture
def installed(server: Server) -> Server:
    update(server.api(EKS), Release(), ResolveConflicts.NONE)
    return server


def test_the_corefile_is_eks_until_a_user_edits_it(installed):
    assert owners(installed.api().get("ConfigMap", "coredns"), *COREFILE) == {MANAGER}
    kubectl_edits_corefile(installed)
    (entry,) = entries(installed.api().get("ConfigMap", "coredns"), *COREFILE)
    assert (entry["manager"], entry["operation"]) == ("kubectl-edit", "Update")
    age = datetime.now(UTC) - datetime.fromisoformat(entry["time"])
    assert timedelta(seconds=-2) < age < timedelta(minutes=1)


def test_the_scaler_owns_the_replicas_by_the_subresource(installed):
    kubectl_scales(installed)
    (entry,) = entries(installed.api().get("Deployment", "coredns"), *REPLICAS)
    assert (entry["manager"], entry["operation"], entry["subresource"]) == ("kubectl", "Update", "scale")


def test_an_overwrite_makes_the_corefile_eks_again(installed):
    kubectl_edits_corefile(installed)
    update(installed.api(EKS), Release(NEXT_VERSION), ResolveConflicts.OVERWRITE)
    assert owners(installed.api().get("ConfigMap", "coredns"), *COREFILE) == {MANAGER}


def test_the_simulator_attributes_an_edit_and_a_scaling_as_the_server_does(installed):
    kubectl_edits_corefile(installed)
    kubectl_scales(installed)
    simulation = simulated(kubernetes="1.36", foreign=EDITED)
    for kind, path in (("ConfigMap", COREFILE), ("Deployment", REPLICAS)):
        (real,) = entries(installed.api().get(kind, "coredns"), *path)
        (simulated_one,) = entries(simulation.get(kind, "coredns"), *path)
        for key in ("manager", "operation", "apiVersion", "subresource", "fieldsType"):
            assert simulated_one.get(key) == real.get(key), (kind, key)
