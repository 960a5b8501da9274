"""Patches of the Deployment, with the API server's validation.

Server-side apply is served in full; of strategic merge patches, those that eksdns sends: fields of the pod
and the lifecycle of the container coredns, where null removes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.http.messages import Request
from eksaddon.sim.kubernetes import objects
from eksaddon.sim.kubernetes.addresses import ResourceRequest, read_body
from eksaddon.sim.kubernetes.pods import termination_of
from eksaddon.sim.kubernetes.snapshot import DERIVED, GRACE, NAME, ClusterSnapshot, layered
from eksaddon.sim.kubernetes.status import StatusError, conflict, forbidden_field, invalid, missing, not_found
from eksaddon.sim.workload.applying import Conflict, Layer, Layered, apply
from eksaddon.sim.workload.fields import Path, flatten, unflatten
from eksaddon.sim.workload.state import ENDING, STARTING, Scaled, Workload

_SLEEP_SINCE = 30
"""First minor version with the preStop sleep action (source: KEP-3960, beta and enabled in 1.30)."""

_NO_SLEEP_SINCE = 33
"""First minor version that accepts 0 seconds (source: KEP-4818, beta and enabled in 1.33)."""

_TEMPLATE: Path = ("f:spec", "f:template")
_SLEEP = "f:sleep"
_RESTARTED: Path = (
    "f:spec",
    "f:template",
    "f:metadata",
    "f:annotations",
    "f:kubectl.kubernetes.io/restartedAt",
)
_SCALED: Path = ("f:metadata", "f:annotations", f"f:{objects.SCALED}")
_REPLICAS: Path = ("f:spec", "f:replicas")
_SPEC: Path = ("f:spec",)
_HANDLER: Path = (*_TEMPLATE, "f:spec", "f:containers", f'k:{{"name":"{NAME}"}}', "f:lifecycle", "f:preStop")
_KINDS = ("exec", "httpGet", "tcpSocket", "sleep")
"""In the order in which the API server looks at them."""

_APPLY, _MERGE = "application/apply-patch+yaml", "application/strategic-merge-patch+json"


@dataclass(frozen=True, slots=True)
class Served:
    """A response, and the workload after it; None if unchanged.

    Attributes:
        deletes_left_budget: The budget that EKS left when it was disabled is gone for good.
    """

    document: JsonObject
    workload: Workload | None = None
    deletes_left_budget: bool = False


def patched(request: Request, parsed: ResourceRequest, snapshot: ClusterSnapshot) -> Served:
    """Execute a server-side apply or a strategic merge patch.

    Raises:
        StatusError: Conflict with other managers, or invalid object.
    """
    kind = request.headers.get("content-type", "")
    if parsed.resource.plural != "deployments" or kind not in {_APPLY, _MERGE}:
        raise StatusError(415, "UnsupportedMediaType", "the simulator supports patches only for Deployments")
    if kind == _MERGE and set(flatten(read_body(request))) == {_RESTARTED}:
        return _restarted(parsed, snapshot)
    if kind == _MERGE and _SCALED in flatten(read_body(request)):
        return _scaled(read_body(request), parsed, snapshot)
    if not snapshot.exists or parsed.name != NAME or parsed.namespace != snapshot.namespace:
        raise not_found(parsed.resource.full_name, parsed.name)
    query = request.query
    manager = "".join(query.get("fieldManager", []))
    if not manager:
        raise StatusError(400, "BadRequest", "fieldManager is required for apply patch")
    is_kept = "All" not in query.get("dryRun", [])
    before = layered(snapshot)
    if kind == _MERGE:
        return _merged(_without_directives(read_body(request)), before, snapshot, manager, is_kept=is_kept)
    fields = _admitted(_applied(read_body(request)), snapshot.workload.policy_grace)
    result = apply(before, manager, fields, snapshot.now, force=query.get("force") == ["true"])
    if any(isinstance(each, Conflict) for each in result):
        raise conflict([each for each in result if isinstance(each, Conflict)])
    layers = tuple(each for each in result if isinstance(each, Layer))
    return _served(before, before.after(manager, layers), snapshot, is_kept=is_kept)


def _without_directives(body: JsonObject) -> JsonObject:
    """A patch without its `$patch: replace`; only dry runs have it, whose result is discarded."""
    found = _directed(body)
    return found if isinstance(found, Mapping) else {}


def _directed(node: Json) -> Json:
    if isinstance(node, Mapping):
        return {key: _directed(_of_list(key, value)) for key, value in node.items() if key != "$patch"}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_directed(each) for each in node]
    return node


def _of_list(key: str, value: Json) -> Json:
    """A list without its directive; lists that do not merge have none."""
    if key != "topologySpreadConstraints" or not isinstance(value, Sequence) or isinstance(value, str):
        return value
    return [each for each in value if each != {"$patch": "replace"}]


def _served(before: Layered, after: Layered, snapshot: ClusterSnapshot, *, is_kept: bool) -> Served:
    _check_handler(after)
    _check_sleep(after, snapshot)
    workload = _workload_after(snapshot, before, after)
    document = objects.deployment(replace(snapshot, workload=workload), after)
    return Served(document, workload if is_kept else None)


def _merged(
    body: JsonObject, before: Layered, snapshot: ClusterSnapshot, manager: str, *, is_kept: bool
) -> Served:
    """Null removes a field from its manager; what is set to another value becomes the manager's own."""
    named = _applied(body)
    gone = [path for path, value in named.items() if value is None]
    live = before.fields
    changed = {path: value for path, value in named.items() if value is not None and live.get(path) != value}
    taken = (*gone, *changed)
    layers = [_without(layer, taken) for layer in before.layers]
    if changed:
        layers.append(Layer(manager, "Update", snapshot.now, changed))
    after = replace(before, layers=tuple(layer for layer in layers if layer.fields))
    workload = replace(snapshot.workload, deployment=_less(snapshot.workload.deployment, gone))
    return _served(before, after, replace(snapshot, workload=workload), is_kept=is_kept)


def _without(layer: Layer, paths: Sequence[Path]) -> Layer:
    kept = {
        path: value
        for path, value in layer.fields.items()
        if not any(path[: len(each)] == each for each in paths)
    }
    return replace(layer, fields=kept)


def _less(deployment: JsonObject, gone: Sequence[Path]) -> JsonObject:
    """What others laid over the Deployment, without what was removed from it."""
    if not deployment or not gone:
        return deployment
    left = _without(Layer("", "", 0.0, flatten(deployment, _SPEC)), gone)
    spec = unflatten(left.fields).get("spec")
    return spec if isinstance(spec, Mapping) else {}


def _restarted(parsed: ResourceRequest, snapshot: ClusterSnapshot) -> Served:
    """As `kubectl rollout restart` patches."""
    if not snapshot.exists or parsed.name != NAME or parsed.namespace != snapshot.namespace:
        raise not_found(parsed.resource.full_name, parsed.name)
    running = snapshot.workload.running if snapshot.is_rolling else termination_of(snapshot)
    changes = snapshot.workload.changes + 1
    workload = replace(snapshot.workload, changes=changes, changed_at=snapshot.now, running=running)
    return Served(objects.deployment(replace(snapshot, workload=workload), layered(snapshot)), workload)


def _scaled(body: JsonObject, parsed: ResourceRequest, snapshot: ClusterSnapshot) -> Served:
    """Replicas and an annotation; no field of the pod template changes, so that nothing is rolled out."""
    if not snapshot.exists or parsed.name != NAME or parsed.namespace != snapshot.namespace:
        raise not_found(parsed.resource.full_name, parsed.name)
    fields, last = flatten(body), snapshot.workload.scaled or Scaled(None, 0, "", 0.0, 0)
    record, replicas = fields[_SCALED], fields.get(_REPLICAS)
    scaled = replace(
        last,
        before=snapshot.replicas,
        record=record if isinstance(record, str) else "",
        at=snapshot.now,
        count=last.count + 1,
    )
    if isinstance(replicas, int):
        scaled = replace(scaled, replicas=replicas)
        if replicas > snapshot.replicas:
            ready = snapshot.now + STARTING / snapshot.workload.speed
            scaled = replace(scaled, raised=last.raised + 1, floor=snapshot.replicas, silent_until=ready)
        if not replicas and snapshot.replicas:
            scaled = replace(
                scaled, silent_from=snapshot.now + ENDING / snapshot.workload.speed, silent_until=math.inf
            )
    workload = replace(snapshot.workload, scaled=scaled)
    after = replace(snapshot, workload=workload)
    return Served(objects.deployment(after, layered(after)), workload)


def _applied(body: JsonObject) -> Mapping[Path, Json]:
    """Fields of the spec in an apply; without the keys of list items, which are part of their paths."""
    return {
        path: value
        for path, value in flatten(body).items()
        if path[:1] == ("f:spec",) and value != {} and not _is_key(path)
    }


def _admitted(fields: Mapping[Path, Json], grace: int | None) -> Mapping[Path, Json]:
    return {**fields, GRACE: grace} if grace is not None and GRACE in fields else fields


def _is_key(path: Path) -> bool:
    return path[-1] == "f:name" and path[-2].startswith("k:")


def _is_at_least(snapshot: ClusterSnapshot, minor: int) -> bool:
    own = snapshot.cluster.kubernetes.partition(".")[2]
    return not own.isdecimal() or int(own) >= minor


def _check_handler(after: Layered) -> None:
    """Raise what the API server says of a handler of two kinds (source: validation.go, validateHandler)."""
    depth = len(_HANDLER)
    steps = {path[depth] for path in after.fields if len(path) > depth and path[:depth] == _HANDLER}
    kinds = [kind for kind in _KINDS if f"f:{kind}" in steps]
    if len(kinds) > 1:
        place = f"spec.template.spec.containers[0].lifecycle.preStop.{kinds[-1]}"
        raise forbidden_field(NAME, place, "may not specify more than 1 handler type")


def _check_sleep(after: Layered, snapshot: ClusterSnapshot) -> None:
    """Raise the API server's error for an unsupported or invalid sleep."""
    fields = after.fields
    grace = fields.get(GRACE)
    sleep = next((value for path, value in fields.items() if _SLEEP in path), None)
    if not isinstance(sleep, int) or not isinstance(grace, int):
        return
    path = "spec.template.spec.containers[0].lifecycle.preStop"
    if not _is_at_least(snapshot, _SLEEP_SINCE):
        raise missing(NAME, path, "must specify a handler type")
    minimum, bound = (0, "non-negative") if _is_at_least(snapshot, _NO_SLEEP_SINCE) else (1, "greater than 0")
    if not minimum <= sleep <= grace:
        problem = f"must be {bound} and less than terminationGracePeriodSeconds ({grace})"
        raise invalid(NAME, f"{path}.sleep", sleep, problem)


def _workload_after(snapshot: ClusterSnapshot, before: Layered, after: Layered) -> Workload:
    own = tuple(layer for layer in after.layers if layer.manager not in DERIVED)
    workload = replace(snapshot.workload, layers=own)
    if after.lost != before.lost:
        workload = replace(workload, lost=after.lost, lost_at=snapshot.now)
    if _template(before) == _template(after):
        return workload
    running = snapshot.workload.running if snapshot.is_rolling else termination_of(snapshot)
    return replace(workload, changes=workload.changes + 1, changed_at=snapshot.now, running=running)


def _template(layered_object: Layered) -> Mapping[Path, Json]:
    return {path: value for path, value in layered_object.fields.items() if path[:2] == _TEMPLATE}
