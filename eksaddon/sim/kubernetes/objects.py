"""CoreDNS' objects as the Kubernetes API shows them at a moment."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.kubernetes.rollout import deployment_status, pods_of
from eksaddon.sim.kubernetes.snapshot import LONG_AGO, NAME, SELECTOR, Moment
from eksaddon.sim.workload.applying import Layer, Layered
from eksaddon.sim.workload.fields import fields_v1, flatten, unflatten
from eksaddon.sim.workload.state import INSTALLER


def deployment(moment: Moment, owners: Layered) -> JsonObject:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(moment, NAME)
        | {"generation": moment.generation, "managedFields": _managers(owners, moment, "apps/v1")},
        **unflatten(owners.fields),
        "status": deployment_status(moment),
    }


def _metadata(moment: Moment, name: str) -> dict[str, Json]:
    return {
        "name": name,
        "namespace": moment.namespace,
        "uid": _hash(moment, name)[:32],
        "resourceVersion": str(moment.generation),
        "creationTimestamp": _time(LONG_AGO),
        "labels": SELECTOR,
    }


def _managers(owners: Layered, moment: Moment, version: str) -> list[Json]:
    eks = Layer("eks", "Apply", moment.addon.modified_at if moment.addon else 0.0, dict.fromkeys(owners.kept))
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


def config_map(moment: Moment) -> JsonObject:
    foreign = moment.addon is None or "corefile" in moment.addon.foreign
    manager = "kubectl-edit" if foreign else "eks"
    at = moment.addon.modified_at if moment.addon else LONG_AGO
    layer = Layer(manager, "Update" if foreign else "Apply", at, {("f:data", "f:Corefile"): None})
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": _metadata(moment, NAME) | {"managedFields": [_entry(layer, "v1")]},
        "data": {"Corefile": moment.corefile, **moment.workload.files},
    }


def disruption_budgets(moment: Moment) -> list[JsonObject]:
    """The add-on's, where its configuration does not turn it off, and those of others."""
    own = _own_budget(moment)
    others = (
        _budget(moment, name, spec, Layer(INSTALLER, "Update", LONG_AGO, flatten({"spec": spec})))
        for name, spec in moment.workload.budgets.items()
        if not own or name != NAME
    )
    return [*own, *others]


def _own_budget(moment: Moment) -> list[JsonObject]:
    asked = moment.addon.live.keys.get("podDisruptionBudget") if moment.addon else None
    budget = asked if isinstance(asked, Mapping) else {}
    if moment.addon is None or budget.get("enabled") is False:
        return []
    spec: dict[str, Json] = {
        key: budget[key] for key in ("maxUnavailable", "minAvailable") if budget.get(key) is not None
    } or {"maxUnavailable": 1}
    layer = Layer("eks", "Apply", moment.addon.modified_at, flatten({"spec": spec}))
    return [_budget(moment, NAME, spec, layer)]


def _budget(moment: Moment, name: str, spec: JsonObject, layer: Layer) -> JsonObject:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _metadata(moment, name) | {"managedFields": [_entry(layer, "policy/v1")]},
        "spec": {**spec, "selector": {"matchLabels": SELECTOR}},
        "status": _budget_status(moment),
    }


def scalers(moment: Moment) -> list[JsonObject]:
    scaler = moment.workload.scaler
    if scaler is None:
        return []
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": NAME}
    return [
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": _metadata(moment, NAME),
            "spec": {"minReplicas": scaler.least, "maxReplicas": scaler.most, "scaleTargetRef": target},
        }
    ]


def _budget_status(moment: Moment) -> JsonObject:
    return {
        "currentHealthy": moment.replicas,
        "desiredHealthy": max(0, moment.replicas - 1),
        "disruptionsAllowed": min(1, moment.replicas),
        "expectedPods": moment.replicas,
        "observedGeneration": 1,
    }


def replica_sets(moment: Moment) -> list[JsonObject]:
    """The current one, and while pods are replaced the one before."""
    count = pods_of(moment)
    found = [_replica_set(moment, moment.workload.changes, count.new, count.new - count.starting)]
    if moment.is_rolling:
        found.append(_replica_set(moment, moment.workload.changes - 1, count.old, count.old))
    return found


def _replica_set(moment: Moment, revision: int, count: int, ready: int) -> JsonObject:
    name = f"{NAME}-{_template_hash(moment, revision)}"
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": _metadata(moment, name)
        | {
            "annotations": {"deployment.kubernetes.io/revision": str(revision + 1)},
            "labels": {**SELECTOR, "pod-template-hash": _template_hash(moment, revision)},
            "ownerReferences": [_owner(moment, "Deployment", NAME)],
        },
        "spec": {"replicas": count, "selector": {"matchLabels": SELECTOR}},
        "status": {"replicas": count, "readyReplicas": ready, "availableReplicas": ready},
    }


def pods(moment: Moment) -> list[JsonObject]:
    count, changes = pods_of(moment), moment.workload.changes
    ready = count.new - count.starting
    return [_pod(moment, changes, number, is_ready=number < ready) for number in range(count.new)] + [
        _pod(moment, changes - 1, number, is_ready=True) for number in range(count.old)
    ]


def _pod(moment: Moment, revision: int, number: int, *, is_ready: bool) -> JsonObject:
    template = _template_hash(moment, revision)
    name = f"{NAME}-{template}-{_hash(moment, template, number)[:5]}"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": _metadata(moment, name)
        | {
            "labels": {**SELECTOR, "pod-template-hash": template},
            "ownerReferences": [_owner(moment, "ReplicaSet", f"{NAME}-{template}")],
        },
        "spec": {"containers": [{"name": NAME}]},
        "status": {
            "phase": "Running" if is_ready else "Pending",
            "conditions": [{"type": "Ready", "status": str(is_ready)}],
        },
    }


def _owner(moment: Moment, kind: str, name: str) -> Json:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "name": name,
        "uid": _hash(moment, name)[:32],
        "controller": True,
    }


def _template_hash(moment: Moment, revision: int) -> str:
    return _hash(moment, "template", revision)[:10]


def _hash(moment: Moment, *about: object) -> str:
    return sha256(":".join(map(str, (moment.cluster.ref, *about))).encode()).hexdigest()


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(kind: str, version: str, items: Sequence[Json]) -> JsonObject:
    metadata = {"resourceVersion": "1"}
    return {"apiVersion": version, "kind": f"{kind}List", "metadata": metadata, "items": items}
