"""Who owns a field of the CoreDNS pods, by the Deployment's managedFields."""

from tests.e2e.kube.api import Document

GRACE = ("f:terminationGracePeriodSeconds",)
SLEEP = ("f:containers", 'k:{"name":"coredns"}', "f:lifecycle", "f:preStop", "f:sleep", "f:seconds")


def owners(deployment: Document, *path: str) -> frozenset[str]:
    """Managers.

    Args:
        path: Below the pod's specification.
    """
    entries = deployment["metadata"]["managedFields"]
    return frozenset(entry["manager"] for entry in entries if _names(entry["fieldsV1"], path))


def _names(fields: Document, path: tuple[str, ...]) -> bool:
    for step in ("f:spec", "f:template", "f:spec", *path):
        if step not in fields:
            return False
        fields = fields[step]
    return True
