"""Autoscalers of CoreDNS as returned by the Kubernetes API."""

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.kubernetes.objects import metadata_of
from eksaddon.sim.kubernetes.snapshot import NAME, ClusterSnapshot
from eksaddon.sim.workload.state import ScaledBy

PROPORTIONAL = "dns-autoscaler"
_TARGET: JsonObject = {"apiVersion": "apps/v1", "kind": "Deployment", "name": NAME}


def has_keda(snapshot: ClusterSnapshot) -> bool:
    scaler = snapshot.workload.scaler
    return scaler is not None and scaler.kind is ScaledBy.KEDA


def horizontal(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """The HorizontalPodAutoscaler; KEDA creates one for its ScaledObject."""
    scaler = snapshot.workload.scaler
    if scaler is None or scaler.kind is ScaledBy.PROPORTIONAL:
        return []
    name = f"keda-hpa-{NAME}" if has_keda(snapshot) else NAME
    metadata: dict[str, Json] = dict(metadata_of(snapshot, name))
    if has_keda(snapshot):
        owner = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": NAME, "uid": NAME}
        metadata["ownerReferences"] = [owner | {"controller": True}]
    return [
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": metadata,
            "spec": {"minReplicas": scaler.least, "maxReplicas": scaler.most, "scaleTargetRef": _TARGET},
        }
    ]


def scaled_objects(snapshot: ClusterSnapshot) -> list[JsonObject]:
    scaler = snapshot.workload.scaler
    if scaler is None or scaler.kind is not ScaledBy.KEDA:
        return []
    spec: Json = {
        "minReplicaCount": scaler.least,
        "maxReplicaCount": scaler.most,
        "scaleTargetRef": {"name": NAME},
        "triggers": [],
    }
    return [
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "ScaledObject",
            "metadata": metadata_of(snapshot, NAME),
            "spec": spec,
        }
    ]


def proportional(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """The Deployment of a cluster-proportional-autoscaler (source: its manifest for DNS)."""
    scaler = snapshot.workload.scaler
    if scaler is None or scaler.kind is not ScaledBy.PROPORTIONAL:
        return []
    labels = {"k8s-app": PROPORTIONAL}
    command: list[Json] = [
        "/cluster-proportional-autoscaler",
        f"--namespace={snapshot.namespace}",
        f"--configmap={PROPORTIONAL}",
        f"--target=Deployment/{NAME}",
        "--v=2",
    ]
    image = "cluster-proportional-autoscaler"
    container: Json = {"name": "autoscaler", "image": image, "command": command}
    return [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {**metadata_of(snapshot, PROPORTIONAL), "labels": labels},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        }
    ]
