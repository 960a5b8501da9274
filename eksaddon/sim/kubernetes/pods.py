"""Pods as returned by the API: of the new template, of the previous one, and others."""

from datetime import UTC, datetime
from hashlib import sha256

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.addresses import PODS_PER_NODE, node_address, pod_address
from eksaddon.sim.kubernetes.rollout import pods_of
from eksaddon.sim.kubernetes.snapshot import GRACE, NAME, SELECTOR, ClusterSnapshot, layered
from eksaddon.sim.workload.state import OtherPod, StuckBy, Termination

STOCK_GRACE = 30
_MOST_PODS = 1000
"""More than any scenario has, so that pods of later scalings have names of their own."""

MOST_SHOWN = 5_000
"""Pods of one kind in an answer; a Deployment of millions would otherwise fill the memory."""

_SLEEP = "f:sleep"

_WAITING = {
    StuckBy.IMAGE_PULL: ("ImagePullBackOff", "Back-off pulling image"),
    StuckBy.CRASH_LOOP: ("CrashLoopBackOff", "back-off 5m0s restarting failed container"),
}
UNREADY = "Readiness probe failed: HTTP probe failed with statuscode: 503"
UNSCHEDULABLE = "0/3 nodes are available: 3 Insufficient memory."


def termination_of(snapshot: ClusterSnapshot) -> Termination:
    """Termination settings of the Deployment's current template."""
    fields = layered(snapshot).fields
    grace = fields.get(GRACE)
    sleep = next((value for path, value in fields.items() if _SLEEP in path), None)
    return Termination(
        snapshot.workload.changes,
        grace if isinstance(grace, int) else STOCK_GRACE,
        sleep if isinstance(sleep, int) else 0,
    )


def pods(snapshot: ClusterSnapshot) -> list[JsonObject]:
    count, workload = pods_of(snapshot), snapshot.workload
    new = termination_of(snapshot)
    old = workload.running or new
    ready = count.new - count.starting
    ending = range(count.old, count.old + count.ending)
    leaving = range(count.new, count.new + count.leaving)
    return [
        *(_pod(snapshot, new, number, is_ready=number < ready) for number in _shown(range(count.new))),
        *(_pod(snapshot, old, number, is_ready=True) for number in _shown(range(count.old))),
        *(_pod(snapshot, old, number, is_ready=True, is_ending=True) for number in _shown(ending)),
        *(_pod(snapshot, new, number, is_ready=True, is_ending=True) for number in _shown(leaving)),
        *(_other(snapshot, each) for each in workload.pods),
    ]


def _shown(numbers: range) -> range:
    return numbers[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A pod to return.

    Attributes:
        owner: Its Deployment.
    """

    name: str
    template: str
    owner: str
    termination: Termination
    status: JsonObject
    is_ending: bool
    node: str


def _pod(
    snapshot: ClusterSnapshot,
    termination: Termination,
    number: int,
    *,
    is_ready: bool,
    is_ending: bool = False,
) -> JsonObject:
    template = template_hash(snapshot, termination.revision)
    name = _pod_name(snapshot, template, number)
    status = _running(is_ready=True) if is_ready else _stuck(snapshot)
    node = node_name(snapshot, number) if is_ready else ""
    return _document(snapshot, _Shown(name, template, NAME, termination, status, is_ending, node))


def _other(snapshot: ClusterSnapshot, pod: OtherPod) -> JsonObject:
    status = {**_running(is_ready=pod.ready), "phase": pod.phase}
    if pod.reason:
        status = {
            "phase": pod.phase,
            "reason": pod.reason,
            "message": "The node was low on resource: memory.",
        }
    termination = Termination(0, pod.grace, pod.pre_stop)
    template = hashed(snapshot, pod.name)[:10]
    node = node_name(snapshot, 0)
    return _document(snapshot, _Shown(pod.name, template, pod.of, termination, status, pod.ending, node))


def _document(snapshot: ClusterSnapshot, pod: _Shown) -> JsonObject:
    termination, name = pod.termination, pod.name
    container: dict[str, Json] = {"name": NAME}
    if termination.sleep:
        container["lifecycle"] = {"preStop": {"sleep": {"seconds": termination.sleep}}}
    config: list[Json] = [{"name": "config-volume", "configMap": {"name": NAME}}]
    until = datetime.fromtimestamp(snapshot.now + termination.grace, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ending: JsonObject = (
        {"deletionTimestamp": until, "deletionGracePeriodSeconds": termination.grace} if pod.is_ending else {}
    )
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": snapshot.namespace,
            "uid": hashed(snapshot, name)[:32],
            "labels": {**SELECTOR, "pod-template-hash": pod.template},
            "ownerReferences": [owner_of(snapshot, "ReplicaSet", f"{pod.owner}-{pod.template}")],
            **ending,
        },
        "spec": {
            "terminationGracePeriodSeconds": termination.grace,
            "containers": [container],
            "volumes": config if pod.owner == NAME else [],
            **({"nodeName": pod.node} if pod.node else {}),
        },
        "status": {**pod.status, **_addresses(snapshot, pod)},
    }


def _addresses(snapshot: ClusterSnapshot, pod: _Shown) -> JsonObject:
    """Addresses of a scheduled pod and its node; see `sim/addresses.py`."""
    names = [node_name(snapshot, number) for number in range(snapshot.workload.placement.nodes)]
    if pod.node not in names:
        return {}
    index = names.index(pod.node)
    suffix = int(hashed(snapshot, pod.name)[:8], 16) % PODS_PER_NODE
    return {"podIP": pod_address(index, suffix), "hostIP": node_address(index)}


def _running(*, is_ready: bool) -> JsonObject:
    state = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    return {
        "phase": "Running",
        "conditions": [{"type": "Ready", "status": str(is_ready)}],
        "containerStatuses": [_container_status(is_ready=is_ready, state=state)],
    }


def _stuck(snapshot: ClusterSnapshot) -> JsonObject:
    """A new pod that is not ready: starting, or stuck as set by the scenario."""
    cause = snapshot.workload.stuck_by
    not_ready: Json = {"type": "Ready", "status": "False", "reason": "ContainersNotReady"}
    if not snapshot.workload.stuck:
        starting: JsonObject = {"waiting": {"reason": "ContainerCreating"}}
        return _pending(not_ready, _container_status(is_ready=False, state=starting))
    if cause is StuckBy.UNSCHEDULABLE:
        scheduled: Json = {
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": UNSCHEDULABLE,
        }  # fmt: skip
        return {"phase": "Pending", "conditions": [scheduled]}
    if cause is StuckBy.PROBE:
        runs: JsonObject = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
        status = {**_container_status(is_ready=False, state=runs), "started": True}
        return {**_pending(not_ready, status), "phase": "Running"}
    reason, message = _WAITING.get(cause, _WAITING[StuckBy.IMAGE_PULL])
    status = dict(
        _container_status(is_ready=False, state={"waiting": {"reason": reason, "message": message}})
    )
    if cause is StuckBy.CRASH_LOOP:
        status |= {"restartCount": 4, "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}
        return {**_pending(not_ready, status), "phase": "Running"}
    return _pending(not_ready, status)


def _pending(condition: Json, container: Json) -> JsonObject:
    return {"phase": "Pending", "conditions": [condition], "containerStatuses": [container]}


def _container_status(*, is_ready: bool, state: Json) -> JsonObject:
    return {
        "name": NAME,
        "image": "registry.invalid/eks/coredns",
        "imageID": "",
        "ready": is_ready,
        "restartCount": 0,
        "state": state,
    }


def events(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """Of pods whose readiness probe fails, regardless of the field selector."""
    workload = snapshot.workload
    is_unready = workload.stuck and workload.stuck_by is StuckBy.PROBE and snapshot.is_rolling
    count, template = pods_of(snapshot), template_hash(snapshot, workload.changes)
    numbers = _shown(range(count.new)) if is_unready else ()
    names = [_pod_name(snapshot, template, number) for number in numbers]
    return [
        {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": f"{name}.1", "namespace": snapshot.namespace},
            "involvedObject": {"kind": "Pod", "name": name, "namespace": snapshot.namespace},
            "type": "Warning",
            "reason": "Unhealthy",
            "message": UNREADY,
            "count": 7,
        }
        for name in names
    ]


def node_name(snapshot: ClusterSnapshot, number: int) -> str:
    """Node of a pod by its number; pods take the nodes in turn."""
    index = number % snapshot.workload.placement.nodes
    return f"ip-{node_address(index).replace('.', '-')}.{snapshot.cluster.ref.region}.compute.internal"


def _pod_name(snapshot: ClusterSnapshot, template: str, number: int) -> str:
    scaled = snapshot.workload.scaled
    seed = (template, number)
    if scaled is not None and scaled.raised and number >= scaled.floor:
        seed = (template, number + _MOST_PODS * scaled.raised)
    return f"{NAME}-{template}-{hashed(snapshot, *seed)[:5]}"


def owner_of(snapshot: ClusterSnapshot, kind: str, name: str) -> Json:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "name": name,
        "uid": hashed(snapshot, name)[:32],
        "controller": True,
    }


def template_hash(snapshot: ClusterSnapshot, revision: int) -> str:
    return hashed(snapshot, "template", revision)[:10]


def hashed(snapshot: ClusterSnapshot, *seed: object) -> str:
    return sha256(":".join(map(str, (snapshot.cluster.ref, *seed))).encode()).hexdigest()
