"""The Role in configs/access is enough for eksdns, and nothing in it is superfluous."""

from collections.abc import Callable, Mapping

import pytest

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.access import EFFECT_SECONDS, Grant, allowed, grants, install
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import Api, RefusedError
from tests.e2e.kube.cluster.control_plane import EKS, EKSDNS, GROUPS, Server
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.edits import EKSDNS_MANAGER, termination

pytestmark = pytest.mark.e2e

NOT_FOUND = 404
EVERYBODYS = "selfsubject"
"""Whoever is logged in may ask what he may."""


def held(server: Server) -> set[Grant]:
    """All that the user of eksdns may do in the namespace, by the API server's own account."""
    asked = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": "kube-system"},
    }
    rules = server.api(EKSDNS).create(asked)["status"]["resourceRules"]
    return {
        Grant(verb, group, resource, name)
        for rule in rules
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames", [""])
        if not resource.startswith(EVERYBODYS)
    }


def test_without_the_role_nothing_is_allowed(server):
    assert GROUPS[EKSDNS] == "eksdns"
    until(lambda: not held(server), seconds=EFFECT_SECONDS, what="nothing is allowed")


def test_the_role_gives_exactly_what_it_names(server):
    install(server.api())
    assert held(server) == set(grants())


@pytest.mark.parametrize(
    "grant",
    [
        Grant("get", "", "secrets"),
        Grant("get", "", "configmaps", "aws-auth"),
        Grant("patch", "", "configmaps", "coredns"),
        Grant("patch", "apps", "deployments", "metrics-server"),
        Grant("create", "apps", "deployments"),
        Grant("update", "apps", "deployments", "coredns"),
        Grant("delete", "apps", "deployments", "coredns"),
        Grant("delete", "", "pods"),
        Grant("delete", "policy", "poddisruptionbudgets", "metrics-server"),
        Grant("patch", "policy", "poddisruptionbudgets", "coredns"),
        Grant("list", "", "secrets"),
    ],
    ids=str,
)
def test_the_role_does_not_reach_further(grant, server):
    install(server.api())
    assert not allowed(server.api(), grant)


def patched(api: Api) -> object:
    return api.apply(termination(45, 5), EKSDNS_MANAGER)


def scaled_objects(api: Api) -> object:
    """Without KEDA the address is unknown, which only a caller that may list it is told."""
    try:
        return api.items("ScaledObject")
    except RefusedError as error:
        if error.status != NOT_FOUND:
            raise
        return []


USES: Mapping[Grant, tuple[str, Callable[[Api], object]]] = {
    Grant("get", "apps", "deployments", "coredns"): (
        "the Deployment is read",
        lambda api: api.get("Deployment", "coredns"),
    ),
    Grant("patch", "apps", "deployments", "coredns"): ("grace and preStop are written", patched),
    Grant("get", "", "configmaps", "coredns"): (
        "the live Corefile is read",
        lambda api: api.get("ConfigMap", "coredns"),
    ),
    Grant("list", "", "pods"): ("old pods are found", lambda api: api.items("Pod")),
    Grant("list", "", "events"): ("it is found why a pod is not ready", lambda api: api.items("Event")),
    Grant("list", "policy", "poddisruptionbudgets"): (
        "every disruption budget is found",
        lambda api: api.items("PodDisruptionBudget"),
    ),
    Grant("delete", "policy", "poddisruptionbudgets", "coredns"): (
        "a budget that EKS left is deleted",
        lambda api: api.delete("PodDisruptionBudget", "coredns"),
    ),
    Grant("list", "autoscaling", "horizontalpodautoscalers"): (
        "other scalers are found",
        lambda api: api.items("HorizontalPodAutoscaler"),
    ),
    Grant("list", "apps", "deployments"): (
        "proportional autoscalers are found",
        lambda api: api.items("Deployment"),
    ),
    Grant("list", "keda.sh", "scaledobjects"): ("ScaledObjects of KEDA are found", scaled_objects),
}


def test_every_verb_of_the_role_has_a_use():
    assert set(USES) == set(grants())


@pytest.mark.parametrize(
    ("grant", "use"), [pytest.param(grant, use, id=said) for grant, (said, use) in USES.items()]
)
def test_each_verb_is_enough_for_its_use_and_nothing_replaces_it(grant, use, server):
    update(server.api(EKS), Release(), ResolveConflicts.NONE)
    install(server.api())
    use(server.api(EKSDNS))
    install(server.api(), without=grant)
    with pytest.raises(RefusedError) as refusal:
        use(server.api(EKSDNS))
    assert refusal.value.reason == "Forbidden"
    assert f'cannot {grant.verb} resource "{grant.resource}"' in refusal.value.message
