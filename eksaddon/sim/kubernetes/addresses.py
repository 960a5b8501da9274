"""The API's paths, and parsing of requests."""

import json

from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.http.messages import Request
from eksaddon.sim.kubernetes.status import StatusError


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of object.

    Attributes:
        path: Path before the namespace.
    """

    path: tuple[str, ...]
    plural: str
    kind: str

    @property
    def group(self) -> str:
        return self.path[1] if self.path[0] == "apis" else ""

    @property
    def version(self) -> str:
        return "/".join(self.path[1:])

    @property
    def full_name(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural


SCALED_OBJECTS = "scaledobjects"
"""A custom resource, which exists only where KEDA is installed."""

_RESOURCES = (
    Resource(("apis", "apps", "v1"), "deployments", "Deployment"),
    Resource(("apis", "apps", "v1"), "replicasets", "ReplicaSet"),
    Resource(("api", "v1"), "pods", "Pod"),
    Resource(("api", "v1"), "configmaps", "ConfigMap"),
    Resource(("api", "v1"), "events", "Event"),
    Resource(("apis", "policy", "v1"), "poddisruptionbudgets", "PodDisruptionBudget"),
    Resource(("apis", "autoscaling", "v2"), "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    Resource(("apis", "apps", "v1"), "daemonsets", "DaemonSet"),
    Resource(("apis", "keda.sh", "v1alpha1"), SCALED_OBJECTS, "ScaledObject"),
)
_NODES = Resource(("api", "v1"), "nodes", "Node")


@dataclass(frozen=True, slots=True)
class ResourceRequest:
    """A parsed request.

    Attributes:
        namespace: Empty for objects without one.
        name: Empty for a list.
    """

    verb: str
    resource: Resource
    namespace: str
    name: str


def parse_request(request: Request) -> ResourceRequest | None:
    """Parse a request; None if the path matches no resource."""
    segments = request.segments
    if segments[:3] == (*_NODES.path, _NODES.plural) and len(segments) <= 4:  # noqa: PLR2004  # with a name
        name = "".join(segments[3:])
        return ResourceRequest(_verb(request.method, name), _NODES, "", name)
    for resource in _RESOURCES:
        count = len(resource.path)
        rest = segments[count:]
        if segments[:count] != resource.path or len(rest) not in {3, 4}:
            continue
        if rest[0] == "namespaces" and rest[2] == resource.plural:
            name = rest[3] if len(rest) > 3 else ""  # noqa: PLR2004  # namespaces, its name, plural, name
            return ResourceRequest(_verb(request.method, name), resource, rest[1], name)
    return None


def _verb(method: str, name: str) -> str:
    if method == "GET":
        return "get" if name else "list"
    return method.lower()


def read_body(request: Request) -> JsonObject:
    """The JSON object in the body.

    Raises:
        StatusError: The body is not a JSON object.
    """
    try:
        document = json.loads(request.body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise StatusError(400, "BadRequest", "the body is not a JSON object")
    return document
