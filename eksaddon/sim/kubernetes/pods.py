"""Pods as the API shows them: of the new template, of the one before, and those of others."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.kubernetes.rollout import pods_of
from eksaddon.sim.kubernetes.snapshot import GRACE, NAME, SELECTOR, ClusterSnapshot, layered
from eksaddon.sim.workload.state import OtherPod, StuckBy, Termination

STOCK_GRACE = 30
_SLEEP = "f:sleep"

_WAITING = {
    StuckBy.IMAGE_PULL: ("ImagePullBackOff", "Back-off pulling image"),
    StuckBy.CRASH_LOOP: ("CrashLoopBackOff", "back-off 5m0s restarting failed container"),
}
UNSCHEDULABLE = "0/3 nodes are available: 3 Insufficient memory."


def termination_of(snapshot: ClusterSnapshot) -> Termination:
    """What the Deployment's template says now."""
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
    return [
        *(_pod(snapshot, new, number, is_ready=number < ready) for number in range(count.new)),
        *(_pod(snapshot, old, number, is_ready=True) for number in range(count.old)),
        *(_pod(snapshot, old, number, is_ready=True, is_ending=True) for number in ending),
        *(_other(snapshot, each) for each in workload.pods),
    ]


@dataclass(frozen=True, slots=True)
class _Shown:
    """One pod as it is to be shown.

    Attributes:
        owner: The Deployment it belongs to.
    """

    name: str
    template: str
    owner: str
    of: Termination
    status: JsonObject
    is_ending: bool


def _pod(
    snapshot: ClusterSnapshot, of: Termination, number: int, *, is_ready: bool, is_ending: bool = False
) -> JsonObject:
    template = template_hash(snapshot, of.revision)
    name = f"{NAME}-{template}-{hashed(snapshot, template, number)[:5]}"
    status = _running(is_ready=True) if is_ready else _stuck(snapshot)
    return _document(snapshot, _Shown(name, template, NAME, of, status, is_ending))


def _other(snapshot: ClusterSnapshot, pod: OtherPod) -> JsonObject:
    status = {**_running(is_ready=pod.ready), "phase": pod.phase}
    if pod.reason:
        status = {
            "phase": pod.phase,
            "reason": pod.reason,
            "message": "The node was low on resource: memory.",
        }
    of = Termination(0, pod.grace, pod.pre_stop)
    template = hashed(snapshot, pod.name)[:10]
    return _document(snapshot, _Shown(pod.name, template, pod.of, of, status, pod.ending))


def _document(snapshot: ClusterSnapshot, shown: _Shown) -> JsonObject:
    of, name = shown.of, shown.name
    container: dict[str, Json] = {"name": NAME}
    if of.sleep:
        container["lifecycle"] = {"preStop": {"sleep": {"seconds": of.sleep}}}
    config: list[Json] = [{"name": "config-volume", "configMap": {"name": NAME}}]
    until = datetime.fromtimestamp(snapshot.now + of.grace, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ending: JsonObject = (
        {"deletionTimestamp": until, "deletionGracePeriodSeconds": of.grace} if shown.is_ending else {}
    )
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": snapshot.namespace,
            "uid": hashed(snapshot, name)[:32],
            "labels": {**SELECTOR, "pod-template-hash": shown.template},
            "ownerReferences": [owner_of(snapshot, "ReplicaSet", f"{shown.owner}-{shown.template}")],
            **ending,
        },
        "spec": {
            "terminationGracePeriodSeconds": of.grace,
            "containers": [container],
            "volumes": config if shown.owner == NAME else [],
        },
        "status": shown.status,
    }


def _running(*, is_ready: bool) -> JsonObject:
    state = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    return {
        "phase": "Running",
        "conditions": [{"type": "Ready", "status": str(is_ready)}],
        "containerStatuses": [_container_status(is_ready=is_ready, state=state)],
    }


def _stuck(snapshot: ClusterSnapshot) -> JsonObject:
    """A new pod that is not ready: on its way, or held up by what the scenario says."""
    why = snapshot.workload.stuck_by
    not_ready: Json = {"type": "Ready", "status": "False", "reason": "ContainersNotReady"}
    if not snapshot.workload.stuck:
        starting: JsonObject = {"waiting": {"reason": "ContainerCreating"}}
        return _pending(not_ready, _container_status(is_ready=False, state=starting))
    if why is StuckBy.UNSCHEDULABLE:
        scheduled: Json = {
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": UNSCHEDULABLE,
        }  # fmt: skip
        return {"phase": "Pending", "conditions": [scheduled]}
    reason, message = _WAITING.get(why, _WAITING[StuckBy.IMAGE_PULL])
    status = dict(
        _container_status(is_ready=False, state={"waiting": {"reason": reason, "message": message}})
    )
    if why is StuckBy.CRASH_LOOP:
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


def hashed(snapshot: ClusterSnapshot, *about: object) -> str:
    return sha256(":".join(map(str, (snapshot.cluster.ref, *about))).encode()).hexdigest()
