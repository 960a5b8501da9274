"""The Kubernetes API of one cluster."""

from collections.abc import Callable, Mapping, Sequence

from eksaddon.domain.json import JsonObject
from eksaddon.sim.api.identities import Caller, covers
from eksaddon.sim.http.messages import Request
from eksaddon.sim.kubernetes import objects, scalers
from eksaddon.sim.kubernetes.addresses import SCALED_OBJECTS, ResourceRequest, parse_request, read_body
from eksaddon.sim.kubernetes.deleting import deleted, is_dry_run
from eksaddon.sim.kubernetes.patching import Served, patched
from eksaddon.sim.kubernetes.pods import events, pods
from eksaddon.sim.kubernetes.snapshot import ClusterSnapshot, layered
from eksaddon.sim.kubernetes.status import forbidden, not_found, unauthorized, unknown_path


def operation_of(request: Request) -> str:
    """The call's name in the log, as `patch deployments`, or `dry-run deployments` where it changes nothing.

    Empty for an address that the API does not have.
    """
    segments = request.segments
    if segments in {("version",), ("readyz",)}:
        return f"get {segments[0]}"
    parsed = parse_request(request)
    if parsed is not None:
        is_trial = parsed.verb == "patch" and "All" in request.query.get("dryRun", [])
        is_trial = is_trial or (parsed.verb == "delete" and is_dry_run(request))
        return f"{'dry-run' if is_trial else parsed.verb} {parsed.resource.plural}"
    return "create selfsubjectaccessreviews" if _is_review(request) else ""


def serve(request: Request, caller: Caller | None, snapshot: ClusterSnapshot) -> Served:
    """Handle a request.

    Raises:
        StatusError: The API rejects the request.
    """
    if request.segments == ("version",):
        return Served(_version(snapshot))
    if request.segments == ("readyz",):
        return Served({"status": "ok"})
    if caller is None:
        raise unauthorized()
    if _is_review(request):
        return Served(_review(request, caller))
    parsed = parse_request(request)
    if parsed is None:
        raise unknown_path()
    if covers(caller.denies, f"kubernetes:{parsed.verb}/{parsed.resource.plural}"):
        raise forbidden(
            caller.arn, parsed.verb, parsed.resource.full_name, parsed.resource.group, parsed.namespace
        )
    if parsed.resource.plural == SCALED_OBJECTS and not scalers.has_keda(snapshot):
        raise unknown_path()
    if parsed.verb == "patch":
        return patched(request, parsed, snapshot)
    if parsed.verb == "delete":
        return deleted(request, parsed, snapshot)
    return Served(_find_object(parsed, snapshot) if parsed.name else _list(parsed, snapshot))


def _version(snapshot: ClusterSnapshot) -> JsonObject:
    major, _, minor = snapshot.cluster.kubernetes.partition(".")
    return {"major": major, "minor": minor, "gitVersion": f"v{snapshot.cluster.kubernetes}.0-eks-0000000"}


def _is_review(request: Request) -> bool:
    path = ("apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews")
    return request.method == "POST" and request.segments == path


def _review(request: Request, caller: Caller) -> JsonObject:
    body = read_body(request)
    spec = body.get("spec")
    attributes = spec.get("resourceAttributes") if isinstance(spec, Mapping) else None
    parsed = attributes if isinstance(attributes, Mapping) else {}
    action = f"kubernetes:{parsed.get('verb')}/{parsed.get('resource')}"
    return {**body, "status": {"allowed": not covers(caller.denies, action)}}


def _find_object(parsed: ResourceRequest, snapshot: ClusterSnapshot) -> JsonObject:
    found = next(
        (each for each in _items(parsed, snapshot) if _metadata(each).get("name") == parsed.name),
        None,
    )
    if found is None:
        raise not_found(parsed.resource.full_name, parsed.name)
    return found


def _metadata(document: JsonObject) -> JsonObject:
    metadata = document.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _list(parsed: ResourceRequest, snapshot: ClusterSnapshot) -> JsonObject:
    return objects.listed(parsed.resource.kind, parsed.resource.version, _items(parsed, snapshot))


def _items(parsed: ResourceRequest, snapshot: ClusterSnapshot) -> Sequence[JsonObject]:
    if parsed.verb in {"get", "list"} and parsed.resource.plural == "nodes":
        return objects.nodes(snapshot)
    if parsed.verb not in {"get", "list"} or parsed.namespace != snapshot.namespace or not snapshot.exists:
        return []
    builders: Mapping[str, Callable[[ClusterSnapshot], Sequence[JsonObject]]] = {
        "deployments": lambda now: [
            objects.deployment(now, layered(now)),
            *scalers.proportional(now),
        ],
        "daemonsets": objects.daemon_sets,
        "replicasets": objects.replica_sets,
        "pods": pods,
        "configmaps": lambda now: [objects.config_map(now)],
        "events": events,
        "poddisruptionbudgets": objects.disruption_budgets,
        "horizontalpodautoscalers": scalers.horizontal,
        SCALED_OBJECTS: scalers.scaled_objects,
    }
    builder = builders.get(parsed.resource.plural)
    return builder(snapshot) if builder else []
