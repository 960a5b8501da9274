"""The Kubernetes API of one cluster: from a request to an answer."""

from collections.abc import Callable, Mapping, Sequence

from eksaddon.domain.json import JsonObject
from eksaddon.sim.api.identities import Caller, covers
from eksaddon.sim.http.messages import Request
from eksaddon.sim.kubernetes import objects
from eksaddon.sim.kubernetes.addresses import Asked, asked_for, read_body
from eksaddon.sim.kubernetes.patching import Served, patched
from eksaddon.sim.kubernetes.snapshot import Moment, layered
from eksaddon.sim.kubernetes.status import forbidden, not_found, unauthorized, unknown_path


def operation_of(request: Request) -> str:
    """The call's name in the log, as `patch deployments`; empty for an address that the API does not have."""
    segments = request.segments
    if segments in {("version",), ("readyz",)}:
        return f"get {segments[0]}"
    asked = asked_for(request)
    if asked is not None:
        return f"{asked.verb} {asked.resource.plural}"
    return "create selfsubjectaccessreviews" if _is_review(request) else ""


def serve(request: Request, caller: Caller | None, moment: Moment) -> Served:
    """Answer a request.

    Raises:
        StatusError: The API says no.
    """
    if request.segments == ("version",):
        return Served(_version(moment))
    if request.segments == ("readyz",):
        return Served({"status": "ok"})
    if caller is None:
        raise unauthorized()
    if _is_review(request):
        return Served(_review(request, caller))
    asked = asked_for(request)
    if asked is None:
        raise unknown_path()
    if covers(caller.denies, f"kubernetes:{asked.verb}/{asked.resource.plural}"):
        raise forbidden(
            caller.arn, asked.verb, asked.resource.full_name, asked.resource.group, asked.namespace
        )
    if asked.verb == "patch":
        return patched(request, asked, moment)
    return Served(_named(asked, moment) if asked.name else _list(asked, moment))


def _version(moment: Moment) -> JsonObject:
    major, _, minor = moment.cluster.kubernetes.partition(".")
    return {"major": major, "minor": minor, "gitVersion": f"v{moment.cluster.kubernetes}.0-eks-0000000"}


def _is_review(request: Request) -> bool:
    path = ("apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews")
    return request.method == "POST" and request.segments == path


def _review(request: Request, caller: Caller) -> JsonObject:
    body = read_body(request)
    spec = body.get("spec")
    attributes = spec.get("resourceAttributes") if isinstance(spec, Mapping) else None
    asked = attributes if isinstance(attributes, Mapping) else {}
    action = f"kubernetes:{asked.get('verb')}/{asked.get('resource')}"
    return {**body, "status": {"allowed": not covers(caller.denies, action)}}


def _named(asked: Asked, moment: Moment) -> JsonObject:
    found = next(
        (each for each in _items(asked, moment) if _metadata(each).get("name") == asked.name),
        None,
    )
    if found is None:
        raise not_found(asked.resource.full_name, asked.name)
    return found


def _metadata(document: JsonObject) -> JsonObject:
    metadata = document.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _list(asked: Asked, moment: Moment) -> JsonObject:
    return objects.listed(asked.resource.kind, asked.resource.version, _items(asked, moment))


def _items(asked: Asked, moment: Moment) -> Sequence[JsonObject]:
    if asked.verb not in {"get", "list"} or asked.namespace != moment.namespace or not moment.exists:
        return []
    makers: Mapping[str, Callable[[Moment], Sequence[JsonObject]]] = {
        "deployments": lambda now: [objects.deployment(now, layered(now))],
        "replicasets": objects.replica_sets,
        "pods": objects.pods,
        "configmaps": lambda now: [objects.config_map(now)],
        "poddisruptionbudgets": objects.disruption_budgets,
        "horizontalpodautoscalers": objects.scalers,
    }
    maker = makers.get(asked.resource.plural)
    return maker(moment) if maker else []
