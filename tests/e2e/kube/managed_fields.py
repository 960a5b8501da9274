"""Who owns a field, by an object's managedFields."""

from tests.e2e.kube.cluster.api import Document

POD = ("f:spec", "f:template", "f:spec")
GRACE = (*POD, "f:terminationGracePeriodSeconds")
SLEEP = (
    *POD,
    "f:containers",
    'k:{"name":"coredns"}',
    "f:lifecycle",
    "f:preStop",
    "f:sleep",
    "f:seconds",
)
REPLICAS = ("f:spec", "f:replicas")
COREFILE = ("f:data", "f:Corefile")


def owners(document: Document, *path: str) -> frozenset[str]:
    return frozenset(entry["manager"] for entry in entries(document, *path))


def entries(document: Document, *path: str) -> list[Document]:
    """Of managedFields, those that name the field."""
    return [entry for entry in document["metadata"]["managedFields"] if _names(entry["fieldsV1"], path)]


def _names(fields: Document, path: tuple[str, ...]) -> bool:
    for step in path:
        if step not in fields:
            return False
        fields = fields[step]
    return True
