"""How far pods are replaced, and what the Deployment's controller says of it."""

import math
from dataclasses import dataclass

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.kubernetes.snapshot import ClusterSnapshot
from eksaddon.sim.workload.state import OBSERVED

DEADLINE = 600.0
"""progressDeadlineSeconds of EKS' Deployment."""

_MAX_SURGE, _MAX_UNAVAILABLE = 0.25, 1
"""Its strategy."""


@dataclass(frozen=True, slots=True)
class Pods:
    """How many there are of the new and of the old template.

    Attributes:
        starting: So many of the new ones are not ready.
    """

    new: int
    old: int = 0
    starting: int = 0


def pods_of(snapshot: ClusterSnapshot) -> Pods:
    count = snapshot.replicas
    if not snapshot.is_rolling:
        return Pods(count)
    if not snapshot.workload.stuck:
        ready = int(count * snapshot.progress)
        return Pods(ready + 1, count - ready, 1)
    old = max(0, count - _MAX_UNAVAILABLE)
    new = min(count, count + math.ceil(count * _MAX_SURGE) - old)
    return Pods(new, old, new)


def deployment_status(snapshot: ClusterSnapshot) -> JsonObject:
    """A change that the controller has not seen yet leaves the status as it was; zeros are left out."""
    if snapshot.now < snapshot.workload.changed_at + OBSERVED:
        return _status(snapshot.generation - 1, Pods(snapshot.replicas), "True", "NewReplicaSetAvailable")
    pods = pods_of(snapshot)
    if not snapshot.is_rolling:
        return _status(snapshot.generation, pods, "True", "NewReplicaSetAvailable")
    if snapshot.workload.stuck and snapshot.now >= snapshot.workload.changed_at + DEADLINE:
        return _status(snapshot.generation, pods, "False", "ProgressDeadlineExceeded")
    return _status(snapshot.generation, pods, "True", "ReplicaSetUpdated")


def _status(generation: int, pods: Pods, progressing: str, reason: str) -> JsonObject:
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
        ],
    }
