"""Plain calls of a Kubernetes API, without the client that is being tested."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.e2e.kube.cluster.connections import exchange

Document = dict[str, Any]

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"

PLACES = {
    "Binding": "api/v1/namespaces/{}/bindings",
    "ClusterRole": "apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "ConfigMap": "api/v1/namespaces/{}/configmaps",
    "Deployment": "apis/apps/v1/namespaces/{}/deployments",
    "Event": "api/v1/namespaces/{}/events",
    "HorizontalPodAutoscaler": "apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers",
    "Job": "apis/batch/v1/namespaces/{}/jobs",
    "Namespace": "api/v1/namespaces",
    "Node": "api/v1/nodes",
    "Pod": "api/v1/namespaces/{}/pods",
    "PodDisruptionBudget": "apis/policy/v1/namespaces/{}/poddisruptionbudgets",
    "ReplicaSet": "apis/apps/v1/namespaces/{}/replicasets",
    "ResourceQuota": "api/v1/namespaces/{}/resourcequotas",
    "Role": "apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
    "ScaledObject": "apis/keda.sh/v1alpha1/namespaces/{}/scaledobjects",
    "SelfSubjectRulesReview": "apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    "Service": "api/v1/namespaces/{}/services",
    "ServiceAccount": "api/v1/namespaces/{}/serviceaccounts",
    "SubjectAccessReview": "apis/authorization.k8s.io/v1/subjectaccessreviews",
}
NAMESPACE = "kube-system"


class RefusedError(Exception):
    """The API server said no.

    Attributes:
        reason: Conflict, Forbidden, Invalid, NotFound, ...
        causes: Field and message of each.
    """

    def __init__(self, status: int, body: Document) -> None:
        super().__init__(f"{status} {body.get('reason')}: {body.get('message')}")
        self.status = status
        self.reason = str(body.get("reason", ""))
        self.message = str(body.get("message", ""))
        listed = body.get("details", {}).get("causes", [])
        self.causes = tuple((str(one.get("field", "")), str(one.get("message", ""))) for one in listed)


@dataclass(frozen=True, slots=True)
class Api:
    """One user's view of an API server.

    Attributes:
        url: As https://localhost:PORT.
        authority: PEM file of the CA.
    """

    url: str
    authority: Path
    token: str

    def get(self, kind: str, name: str = "", namespace: str = NAMESPACE) -> Document:
        return self.call("GET", place(kind, name, namespace))

    def items(self, kind: str, namespace: str = NAMESPACE) -> list[Document]:
        found: list[Document] = self.get(kind, namespace=namespace)["items"]
        return found

    def create(self, document: Document) -> Document:
        return self.call("POST", place_of(document, named=False), document)

    def delete(self, kind: str, name: str = "", namespace: str = NAMESPACE) -> None:
        """At once, without grace; all of the kind where no name is given."""
        self.call("DELETE", place(kind, name, namespace), query={"gracePeriodSeconds": "0"})

    def apply(
        self, document: Document, manager: str, *, force: bool = False, dry_run: bool = False
    ) -> Document:
        query = {"fieldManager": manager, "force": str(force).lower()} | (
            {"dryRun": "All"} if dry_run else {}
        )
        return self.call("PATCH", place_of(document), document, kind=APPLY, query=query)

    def patch(self, document: Document, manager: str, *, part: str = "", kind: str = STRATEGIC) -> Document:
        """As kubectl patch, edit and scale do.

        Args:
            part: A subresource, as `status`.
        """
        path = place_of(document) + (f"/{part}" if part else "")
        return self.call("PATCH", path, document, kind=kind, query={"fieldManager": manager})

    def call(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        kind: str = "application/json",
        query: Mapping[str, str] | None = None,
    ) -> Document:
        """The answer's document.

        Raises:
            RefusedError: It is not a success.
            OSError: There is no answer.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        content = json.dumps(body) if body is not None else None
        target = f"/{path}?{urlencode(query or {})}"
        status, answer = exchange(
            self.url, self.authority, method=method, target=target, body=content, headers=headers
        )
        return read(status, answer)


def place(kind: str, name: str = "", namespace: str = NAMESPACE) -> str:
    return PLACES[kind].format(namespace) + (f"/{name}" if name else "")


def place_of(document: Document, *, named: bool = True) -> str:
    metadata = document.get("metadata", {})
    name = str(metadata.get("name", "")) if named else ""
    return place(str(document["kind"]), name, str(metadata.get("namespace", NAMESPACE)))


def read(status: int, content: bytes) -> Document:
    try:
        document = json.loads(content)
    except ValueError:
        document = {"message": content.decode("utf-8", "replace")}
    if status >= http.client.BAD_REQUEST:
        raise RefusedError(status, document)
    found: Document = document
    return found
