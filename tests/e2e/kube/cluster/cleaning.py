"""A namespace without what a test can have left."""

import contextlib

from tests.e2e.kube.cluster.api import Api, RefusedError
from tests.e2e.kube.cluster.processes import until

COLLECTIONS = (
    "ResourceQuota",
    "Deployment",
    "ReplicaSet",
    "Pod",
    "PodDisruptionBudget",
    "HorizontalPodAutoscaler",
)
"""In this order: what makes others goes before them."""
NAMED = (
    ("ConfigMap", "coredns"),
    ("Service", "kube-dns"),
    ("Role", "eksdns"),
    ("RoleBinding", "eksdns"),
    ("Role", "eksdns-probe"),
    ("RoleBinding", "eksdns-probe"),
    ("Role", "eksdns-metrics"),
    ("RoleBinding", "eksdns-metrics"),
)
CLEAN_SECONDS = 30.0


def empty(api: Api) -> None:
    """Takes away all that a test can have left; the controllers may be making more of it meanwhile."""
    for kind, name in NAMED:
        with contextlib.suppress(RefusedError):
            api.delete(kind, name)
    until(lambda: _emptied(api), seconds=CLEAN_SECONDS, what="the namespace is empty")


def _emptied(api: Api) -> bool:
    for kind in COLLECTIONS:
        api.delete(kind)
    return not any(api.items(kind) for kind in COLLECTIONS)
