"""The Role in configs/access is enough for eksdns, and nothing in it is superfluous."""

import pytest

from tests.e2e.kube.access import EFFECT_SECONDS, Grant, allowed, grants, install
from tests.e2e.kube.control_plane import EKSDNS, GROUPS, Server
from tests.e2e.kube.processes import until

pytestmark = pytest.mark.e2e

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
        Grant("list", "", "secrets"),
    ],
    ids=str,
)
def test_the_role_does_not_reach_further(grant, server):
    install(server.api())
    assert not allowed(server.api(), grant)
