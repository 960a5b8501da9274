"""The Role of configs/access/kubernetes.yaml on a real API server, whole or with one verb less."""

import copy
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML

from tests.e2e.kube.cluster.api import NAMESPACE, Api, Document
from tests.e2e.kube.cluster.control_plane import EKSDNS, GROUPS
from tests.e2e.kube.cluster.processes import until
from tests.support.paths import ROOT

MANIFEST = ROOT / "configs" / "access" / "kubernetes.yaml"
EFFECT_SECONDS = 90.0
"""The authorizer follows a watch."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One verb on one resource.

    Attributes:
        name: The one object it holds for; empty for all of the namespace.
    """

    verb: str
    group: str
    resource: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}{'.' if self.group else ''}{self.group}"


@functools.cache
def manifests() -> tuple[Document, ...]:
    return tuple(YAML(typ="safe", pure=True).load_all(MANIFEST))


@functools.cache
def grants() -> tuple[Grant, ...]:
    """Every verb of the Role."""
    return tuple(sorted(_grants(_role())))


def install(api: Api, without: Grant | None = None) -> None:
    """The Role and its binding are in force, to the verb."""
    for document in manifests():
        api.apply(_less(document, without) if document["kind"] == "Role" else document, "kubectl")
    until(lambda: _in_force(api, without), seconds=EFFECT_SECONDS, what="the Role is in force")


def allowed(api: Api, grant: Grant, user: str = EKSDNS, *, namespace: str = NAMESPACE) -> bool:
    resource, _, part = grant.resource.partition("/")
    asked = {
        "verb": grant.verb,
        "group": grant.group,
        "resource": resource,
        "subresource": part,
        "name": grant.name,
        "namespace": namespace,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "groups": [GROUPS[user]], "resourceAttributes": asked},
    }
    return bool(api.create(review)["status"]["allowed"])


def _in_force(api: Api, without: Grant | None) -> bool:
    return all(allowed(api, grant) is (grant != without) for grant in grants())


def _role() -> Document:
    return next(document for document in manifests() if document["kind"] == "Role")


def _grants(role: Document) -> Iterator[Grant]:
    for rule in role["rules"]:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                for name in rule.get("resourceNames", [""]):
                    for verb in rule["verbs"]:
                        yield Grant(verb, group, resource, name)


def _less(role: Document, without: Grant | None) -> Document:
    left = copy.deepcopy(role)
    for rule in left["rules"]:
        held = rule["apiGroups"], rule["resources"], rule.get("resourceNames", [""])
        if without and held == ([without.group], [without.resource], [without.name]):
            rule["verbs"].remove(without.verb)
    left["rules"] = [rule for rule in left["rules"] if rule["verbs"]]
    return left
