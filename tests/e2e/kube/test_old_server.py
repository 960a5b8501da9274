"""Before Kubernetes 1.30 the API server refuses a preStop sleep, and with it the grace of the same patch."""

import pytest

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import RefusedError
from tests.e2e.kube.cluster.control_plane import EKS
from tests.e2e.kube.cluster.releases import WITHOUT_SLEEP
from tests.e2e.kube.edits import eksdns_applies

pytestmark = pytest.mark.e2e


def test_the_old_server_is_the_release_that_was_asked_for(old_server):
    assert old_server.api().call("GET", "version")["gitVersion"] == f"v{WITHOUT_SLEEP}"


def test_an_old_server_refuses_grace_and_sleep_together_and_takes_the_grace_alone(old_server):
    update(old_server.api(EKS), Release(), ResolveConflicts.NONE)
    with pytest.raises(RefusedError) as refusal:
        eksdns_applies(45, 5)(old_server)
    assert refusal.value.reason == "Invalid"
    assert refusal.value.causes == (
        (
            "spec.template.spec.containers[0].lifecycle.preStop",
            "Required value: must specify a handler type",
        ),
    )
    eksdns_applies(45, None)(old_server)
    pod = old_server.api().get("Deployment", "coredns")["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 45
