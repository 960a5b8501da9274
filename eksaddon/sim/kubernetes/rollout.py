"""Progress of a rollout, and the Deployment's status."""

import math
from collections.abc import Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.kubernetes.snapshot import ClusterSnapshot
from eksaddon.sim.workload.state import ENDING, OBSERVED, STARTING, StuckBy

DEADLINE = 600.0
"""progressDeadlineSeconds of EKS's Deployment."""

QUOTA: JsonObject = {
    "type": "ReplicaFailure",
    "status": "True",
    "reason": "FailedCreate",
    "message": 'pods "coredns" is forbidden: exceeded quota: kube-system, requested: pods=1, used: pods=2, '
    "limited: pods=2",
}
"""Message of a ReplicaSet whose pods exceed a quota (source: replicaset controller)."""

_MAX_SURGE, _MAX_UNAVAILABLE = 0.25, 1
"""Its strategy."""


@dataclass(frozen=True, slots=True)
class Pods:
    """Number of pods of the new and the old template.

    Attributes:
        starting: Number of new pods that are not ready.
        ending: Old pods that are terminating; not included in the Deployment's counts.
        leaving: Pods that are terminating because of a scaling; likewise.
    """

    new: int
    old: int = 0
    starting: int = 0
    ending: int = 0
    leaving: int = 0


def pods_of(snapshot: ClusterSnapshot) -> Pods:
    count = snapshot.replicas
    if not snapshot.is_rolling:
        return _scaled(snapshot)
    if not snapshot.workload.stuck:
        ready = int(count * snapshot.progress)
        return Pods(ready + 1, count - ready, 1, ending=1 if ready else 0)
    if snapshot.workload.stuck_by is StuckBy.PAUSED:
        return Pods(0, count)
    old = max(0, count - _MAX_UNAVAILABLE)
    if snapshot.workload.stuck_by is StuckBy.QUOTA:
        return Pods(0, old)
    new = min(count, count + math.ceil(count * _MAX_SURGE) - old)
    return Pods(new, old, new)


def _scaled(snapshot: ClusterSnapshot) -> Pods:
    """Pods some seconds after a scaling."""
    count, scaled = snapshot.replicas, snapshot.workload.scaled
    if scaled is None:
        return Pods(count)
    age = (snapshot.now - scaled.at) * snapshot.workload.speed
    return Pods(
        count,
        starting=max(0, count - scaled.before) if age < STARTING else 0,
        leaving=max(0, scaled.before - count) if age < ENDING else 0,
    )


def deployment_status(snapshot: ClusterSnapshot) -> JsonObject:
    """Build the status; unchanged until the controller has observed a change. Zeros are omitted."""
    if snapshot.now < snapshot.workload.changed_at + OBSERVED / snapshot.workload.speed:
        return _status(snapshot.generation - 1, Pods(snapshot.replicas), "True", "NewReplicaSetAvailable")
    pods, generation = pods_of(snapshot), snapshot.generation
    if not snapshot.is_rolling:
        return _status(generation, pods, "True", "NewReplicaSetAvailable")
    workload = snapshot.workload
    if not workload.stuck:
        return _status(generation, pods, "True", "ReplicaSetUpdated")
    conditions = [QUOTA] if workload.stuck_by is StuckBy.QUOTA else []
    if workload.stuck_by is StuckBy.PAUSED:
        return _status(generation, pods, "Unknown", "DeploymentPaused")
    if snapshot.now >= workload.changed_at + DEADLINE / workload.speed:
        return _status(generation, pods, "False", "ProgressDeadlineExceeded", conditions)
    return _status(generation, pods, "True", "ReplicaSetUpdated", conditions)


def _status(
    generation: int, pods: Pods, progressing: str, reason: str, conditions: Sequence[Json] = ()
) -> JsonObject:
    ready = pods.new + pods.old - pods.starting
    counts: dict[str, Json] = {
        "replicas": pods.new + pods.old,
        "updatedReplicas": pods.new,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": pods.starting,
    }
    return {
        "observedGeneration": generation,
        **{name: count for name, count in counts.items() if count},
        "conditions": [
            {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
            {"type": "Progressing", "status": progressing, "reason": reason},
            *conditions,
        ],
    }
