"""CoreDNS' objects as returned by the Kubernetes API at a given time."""

from collections.abc import Sequence
from datetime import UTC, datetime

from eksaddon.domain.adoption import member
from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.kubernetes.pods import hashed, node_name, owner_of, template_hash
from eksaddon.sim.kubernetes.rollout import deployment_status, pods_of
from eksaddon.sim.kubernetes.snapshot import LONG_AGO, NAME, SELECTOR, ClusterSnapshot
from eksaddon.sim.workload.applying import Layer, Layered
from eksaddon.sim.workload.fields import fields_v1, flatten, unflatten
from eksaddon.sim.workload.state import INSTALLER, StuckBy

SCALED = "eksdns.dev/scaled"
"""Annotation of the record of a temporary scaling."""


def deployment(snapshot: ClusterSnapshot, owners: Layered) -> JsonObject:
    document = unflatten(owners.fields)
    if snapshot.workload.stuck and snapshot.workload.stuck_by is StuckBy.PAUSED:
        document = {**document, "spec": {**member(document, "spec"), "paused": True}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata_of(snapshot, NAME)
        | _marks(snapshot)
        | {"generation": snapshot.generation, "managedFields": _managers(owners, snapshot, "apps/v1")},
        **document,
        "status": deployment_status(snapshot),
    }


def _marks(snapshot: ClusterSnapshot) -> dict[str, Json]:
    """Annotations and labels of the Deployment, if it has more labels than other objects."""
    scaled = snapshot.workload.scaled
    annotations: dict[str, Json] = dict(snapshot.workload.annotations)
    if scaled is not None and scaled.record:
        annotations[SCALED] = scaled.record
    labels = {"labels": {**SELECTOR, **snapshot.workload.labels}} if snapshot.workload.labels else {}
    return {**labels, **({"annotations": annotations} if annotations else {})}


def metadata_of(snapshot: ClusterSnapshot, name: str) -> dict[str, Json]:
    return {
        "name": name,
        "namespace": snapshot.namespace,
        "uid": hashed(snapshot, name)[:32],
        "resourceVersion": str(snapshot.generation),
        "creationTimestamp": _time(LONG_AGO),
        "labels": SELECTOR,
    }


def _managers(owners: Layered, snapshot: ClusterSnapshot, version: str) -> list[Json]:
    eks = Layer(
        "eks", "Apply", snapshot.addon.modified_at if snapshot.addon else 0.0, dict.fromkeys(owners.kept)
    )
    return [_entry(layer, version) for layer in (eks, *owners.layers) if layer.fields]


def _entry(layer: Layer, version: str) -> Json:
    part: dict[str, Json] = {"subresource": layer.subresource} if layer.subresource else {}
    return part | {
        "manager": layer.manager,
        "operation": layer.operation,
        "apiVersion": version,
        "time": _time(layer.at),
        "fieldsType": "FieldsV1",
        "fieldsV1": fields_v1(layer.fields),
    }


def config_map(snapshot: ClusterSnapshot) -> JsonObject:
    foreign = snapshot.addon is None or "corefile" in snapshot.addon.foreign
    manager = "kubectl-edit" if foreign else "eks"
    at = snapshot.addon.modified_at if snapshot.addon else LONG_AGO
    layer = Layer(manager, "Update" if foreign else "Apply", at, {("f:data", "f:Corefile"): None})
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata_of(snapshot, NAME) | {"managedFields": [_entry(layer, "v1")]},
        "data": {"Corefile": snapshot.corefile, **snapshot.workload.files},
    }


def disruption_budgets(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """The add-on's PodDisruptionBudget unless it was disabled from the start, and others."""
    of_addon = addon_budget(snapshot)
    others = (
        _budget(snapshot, name, spec, Layer(INSTALLER, "Update", LONG_AGO, flatten({"spec": spec})))
        for name, spec in snapshot.workload.budgets.items()
        if not of_addon or name != NAME
    )
    return [*of_addon, *others]


def addon_budget(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """The budget that EKS created, also where it is disabled now; empty after a deletion."""
    addon = snapshot.addon
    spec = None if addon is None else addon.live.budget or addon.left_budget
    deleted_at = snapshot.workload.budget_deleted_at
    if addon is None or spec is None or deleted_at >= addon.modified_at:
        return []
    layer = Layer("eks", "Apply", addon.modified_at, flatten({"spec": spec}))
    return [_budget(snapshot, NAME, spec, layer)]


def _budget(snapshot: ClusterSnapshot, name: str, spec: JsonObject, layer: Layer) -> JsonObject:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata_of(snapshot, name)
        | {
            "uid": hashed(snapshot, f"{name} budget {snapshot.workload.budget_deleted_at}")[:32],
            "generation": 1,
            "managedFields": [_entry(layer, "policy/v1")],
        },
        "spec": {**spec, "selector": {"matchLabels": SELECTOR}},
        "status": _budget_status(snapshot),
    }


def _budget_status(snapshot: ClusterSnapshot) -> JsonObject:
    return {
        "currentHealthy": snapshot.replicas,
        "desiredHealthy": max(0, snapshot.replicas - 1),
        "disruptionsAllowed": min(1, snapshot.replicas),
        "expectedPods": snapshot.replicas,
        "observedGeneration": 1,
    }


def replica_sets(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """The current ReplicaSet, and the previous one during a rollout."""
    count = pods_of(snapshot)
    found = [_replica_set(snapshot, snapshot.workload.changes, count.new, count.new - count.starting)]
    if snapshot.is_rolling:
        found.append(_replica_set(snapshot, snapshot.workload.changes - 1, count.old, count.old))
    return found


def _replica_set(snapshot: ClusterSnapshot, revision: int, count: int, ready: int) -> JsonObject:
    name = f"{NAME}-{template_hash(snapshot, revision)}"
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata_of(snapshot, name)
        | {
            "annotations": {"deployment.kubernetes.io/revision": str(revision + 1)},
            "labels": {**SELECTOR, "pod-template-hash": template_hash(snapshot, revision)},
            "ownerReferences": [owner_of(snapshot, "Deployment", NAME)],
        },
        "spec": {"replicas": count, "selector": {"matchLabels": SELECTOR}},
        "status": {"replicas": count, "readyReplicas": ready, "availableReplicas": ready},
    }


def daemon_sets(snapshot: ClusterSnapshot) -> list[JsonObject]:
    """NodeLocal DNSCache, if the scenario has it."""
    if not snapshot.workload.placement.node_local:
        return []
    image = "registry.invalid/dns/k8s-dns-node-cache:1.26.4"
    return [_plain(snapshot, "DaemonSet", "node-local-dns", image)]


def _plain(snapshot: ClusterSnapshot, kind: str, name: str, image: str) -> JsonObject:
    labels: JsonObject = {"k8s-app": name}
    containers: list[Json] = [{"name": name, "image": image}]
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {**metadata_of(snapshot, name), "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }


def nodes(snapshot: ClusterSnapshot) -> list[JsonObject]:
    placement, region = snapshot.workload.placement, snapshot.cluster.ref.region
    return [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": node_name(snapshot, number),
                "labels": {"topology.kubernetes.io/zone": f"{region}{'abcdef'[number % placement.zones]}"},
            },
        }
        for number in range(placement.nodes)
    ]


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(kind: str, version: str, items: Sequence[Json]) -> JsonObject:
    metadata = {"resourceVersion": "1"}
    return {"apiVersion": version, "kind": f"{kind}List", "metadata": metadata, "items": items}
