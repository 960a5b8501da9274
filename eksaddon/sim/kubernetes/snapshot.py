"""CoreDNS in a cluster at a given time, and the field managers of its Deployment."""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.schema import DefaultCorefile, default_corefile, parse_version
from eksaddon.sim.addon.lifecycle import Addon, replicas
from eksaddon.sim.resources import Cluster
from eksaddon.sim.workload.applying import Layer, Layered
from eksaddon.sim.workload.fields import Fields, Path, flatten, printed
from eksaddon.sim.workload.state import INSTALLER, ROLLOUT, Workload

NAME = "coredns"
SELECTOR = {"eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns"}

_SPEC: Path = ("f:spec",)
_TEMPLATE: Path = ("f:spec", "f:template")
_POD: Path = (*_TEMPLATE, "f:spec")
_CONTAINER: Path = (*_POD, "f:containers", 'k:{"name":"coredns"}')
_REPLICAS: Path = ("f:spec", "f:replicas")
GRACE: Path = (*_POD, "f:terminationGracePeriodSeconds")

_BY_EKS: tuple[Path, ...] = (
    (*_CONTAINER, "f:args"),
    (*_CONTAINER, "f:image"),
    (*_CONTAINER, "f:imagePullPolicy"),
    (*_CONTAINER, "f:livenessProbe"),
    (*_CONTAINER, "f:name"),
    (*_CONTAINER, "f:ports"),
    (*_CONTAINER, "f:readinessProbe"),
    (*_CONTAINER, "f:resources"),
    (*_CONTAINER, "f:volumeMounts"),
    (*_POD, "f:volumes"),
    (*_TEMPLATE, "f:metadata"),
    (*_SPEC, "f:strategy"),
)
"""Fields applied by EKS (source: the user guide's list of managed fields, and reports of more)."""

_OF_THE_POD = ("affinity", "nodeSelector", "tolerations", "topologySpreadConstraints")
"""Keys of the configuration that are pod fields of the same name."""

_DEFAULT_SPREAD: JsonObject = {
    "affinity": {
        "podAntiAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {
                    "weight": 100,
                    "podAffinityTerm": {
                        "labelSelector": {
                            "matchExpressions": [{"key": "k8s-app", "operator": "In", "values": ["kube-dns"]}]
                        },
                        "topologyKey": "kubernetes.io/hostname",
                    },
                }
            ]
        }
    },
    "topologySpreadConstraints": [
        {
            "labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
        }
    ],
}
"""How EKS's manifest spreads pods where the configuration does not say (source: Kubernetes 1.28 to 1.36)."""

LONG_AGO = 1_750_000_000.0

SCALER, EKS = "kubectl", "eks"
DERIVED = frozenset({SCALER, INSTALLER})
"""Managers whose layers are derived from the rest of the simulation, and not stored."""


@dataclass(frozen=True, slots=True)
class ClusterSnapshot:
    """A cluster at a given time.

    Attributes:
        addon: None if EKS does not manage CoreDNS.
        now: Seconds since the epoch.
    """

    cluster: Cluster
    workload: Workload
    addon: Addon | None
    now: float

    @property
    def exists(self) -> bool:
        return self.addon is not None or self.workload.corefile is not None

    @property
    def namespace(self) -> str:
        return self.addon.namespace if self.addon else "kube-system"

    @property
    def corefile(self) -> str:
        stored = self.addon.live.keys.get("corefile") if self.addon else self.workload.corefile
        return stored if isinstance(stored, str) and stored.strip() else _shipped(self.addon)

    @property
    def replicas(self) -> int:
        scaled = self.workload.scaled
        if scaled is not None and scaled.replicas is not None and not self._is_updated_since(scaled.at):
            return scaled.replicas
        return replicas(self.addon, self.now) if self.addon else self.workload.replicas

    def _is_updated_since(self, at: float) -> bool:
        """Whether EKS has applied its manifest, with its replicas, after a patch."""
        return self.addon is not None and self.addon.modified_at > at

    @property
    def is_rolling(self) -> bool:
        return self.workload.changes > 0 and (self.workload.stuck or self.progress < 1)

    @property
    def progress(self) -> float:
        """Progress of the last rollout, 0 to 1."""
        if self.workload.stuck and self.workload.changes:
            return 0.0
        return min(1.0, (self.now - self.workload.changed_at) / ROLLOUT * self.workload.speed)

    @property
    def generation(self) -> int:
        updates = len(self.addon.updates) if self.addon else 0
        scalings = self.workload.scaled.count if self.workload.scaled else 0
        return 1 + updates + self.workload.changes + scalings


def _shipped(addon: Addon | None) -> str:
    if addon is None:
        return ""
    found = default_corefile(parse_version(addon.stored.version))
    return found.text if isinstance(found, DefaultCorefile) else ""


def layered(snapshot: ClusterSnapshot) -> Layered:
    """The Deployment by managers; fields that EKS overwrote belong to EKS again."""
    base = _fields(snapshot)
    owned = _owned(snapshot, base)
    overwritten_at = _last_overwrite(snapshot.addon)
    set_back = {path: base[path] for path in owned}
    layers = (
        _restored(layer, set_back, overwritten_at)
        for layer in (*_foreign(snapshot, owned), *snapshot.workload.layers)
    )
    return Layered(base, owned, tuple(layer for layer in layers if layer.fields), _lost_fields(snapshot))


def in_the_way(snapshot: ClusterSnapshot) -> tuple[str, ...]:
    """Fields of EKS's manifest that other managers set to other values, except replicas."""
    found = layered(snapshot)
    overridden = {
        path: value
        for layer in found.layers
        for path, value in layer.fields.items()
        if layer.manager not in DERIVED and path in found.owned
    }
    return tuple(
        f"Deployment.apps {NAME} - {printed(path)}"
        for path, value in overridden.items()
        if value != found.base[path]
    )


def _lost_fields(snapshot: ClusterSnapshot) -> frozenset[Path]:
    """Fields lost by EKS; an update of the add-on applies and owns again every field without a conflict."""
    is_since = snapshot.addon is not None and snapshot.workload.lost_at >= snapshot.addon.modified_at
    return snapshot.workload.lost if is_since else frozenset()


def _owned(snapshot: ClusterSnapshot, base: Mapping[Path, Json]) -> frozenset[Path]:
    if snapshot.addon is None:
        return frozenset()
    managed = [*_BY_EKS, *([GRACE] if snapshot.workload.owns_grace else [])]
    named = {*_DEFAULT_SPREAD, *snapshot.addon.live.keys}
    managed += [(*_POD, f"f:{key}") for key in _OF_THE_POD if key in named]
    if "replicaCount" in snapshot.addon.live.keys and "replicaCount" not in snapshot.addon.foreign:
        managed.append(_REPLICAS)
    return frozenset(path for path in base if any(path[: len(each)] == each for each in managed))


def _last_overwrite(addon: Addon | None) -> float:
    sent = ("ResolveConflicts", "OVERWRITE")
    times = [each.created_at for each in addon.updates if sent in each.params] if addon else []
    return max(times, default=0.0)


def _restored(layer: Layer, set_back: Fields, overwritten_at: float) -> Layer:
    """The layer without fields that an OVERWRITE changed; equal values stay owned."""
    if layer.at >= overwritten_at:
        return layer
    remaining_fields = {
        path: value for path, value in layer.fields.items() if set_back.get(path, value) == value
    }
    return replace(layer, fields=remaining_fields)


def _foreign(snapshot: ClusterSnapshot, owned: frozenset[Path]) -> tuple[Layer, ...]:
    """Layers of other managers: `kubectl scale`, or without an add-on the self-managed manifest."""
    workload = snapshot.workload
    operation = "Update" if workload.owner == INSTALLER else "Apply"
    if snapshot.addon is None:
        return (Layer(workload.owner, operation, LONG_AGO, _fields(snapshot)),)
    remaining = {
        path: value
        for path, value in flatten(workload.deployment, _SPEC).items()
        if value is not None and path != _SPEC and not _is_named(path, owned)
    }
    count = snapshot.addon.foreign.get("replicaCount")
    scaled = {_REPLICAS: count} if count is not None else {}
    return (
        Layer(INSTALLER, "Update", LONG_AGO, remaining),
        Layer(SCALER, "Update", snapshot.addon.created_at, scaled, "scale"),
    )


def _is_named(path: Path, owned: frozenset[Path]) -> bool:
    """Whether a field is, contains or is contained in one of EKS's fields."""
    return any(path[: len(each)] == each or each[: len(path)] == path for each in owned)


def _fields(snapshot: ClusterSnapshot) -> Fields:
    """Fields of EKS's manifest, or without an add-on of the self-managed Deployment."""
    if snapshot.addon is None and snapshot.workload.owner == EKS:
        return flatten(snapshot.workload.deployment, _SPEC)
    fields = flatten(_base(snapshot))
    laid_over = snapshot.workload.deployment if snapshot.addon is None else {}
    for path, value in flatten(laid_over, _SPEC).items() if laid_over else ():
        for child in [each for each in fields if each[: len(path)] == path]:
            del fields[child]
        if value is not None:
            fields[path] = value
    return fields


def against(snapshot: ClusterSnapshot, addon: Addon) -> tuple[str, ...]:
    """Fields that differ from those of an add-on to create, as named in messages."""
    current, planned = layered(snapshot), layered(replace(snapshot, addon=addon))
    if snapshot.workload.owner == EKS:
        return ()
    fields = [
        f"Deployment.apps {NAME} - {printed(path)}"
        for path in planned.owned
        if path in current.fields and current.fields[path] != planned.base[path]
    ]
    is_other = replace(snapshot, addon=addon).corefile != snapshot.corefile
    return (*sorted(fields), *([f"ConfigMap {NAME} - .data.Corefile"] if is_other else []))


def _base(snapshot: ClusterSnapshot) -> JsonObject:
    version = snapshot.addon.stored.version if snapshot.addon else snapshot.workload.build
    values = {**_DEFAULT_SPREAD, **snapshot.addon.live.keys} if snapshot.addon else {}
    return {
        "spec": {
            "replicas": snapshot.replicas,
            "progressDeadlineSeconds": 600,
            "selector": {"matchLabels": SELECTOR},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}},
            "template": {
                "metadata": _about_pods(values),
                "spec": {key: values[key] for key in _OF_THE_POD if key in values}
                | {
                    "containers": [_container(version, values)],
                    "dnsPolicy": "Default",
                    "restartPolicy": "Always",
                    "serviceAccountName": NAME,
                    "terminationGracePeriodSeconds": 30,
                    "volumes": [{"name": "config-volume", "configMap": {"name": NAME, "defaultMode": 420}}],
                },
            },
        }
    }


def _about_pods(values: Mapping[str, Json]) -> JsonObject:
    labels, notes = values.get("podLabels"), values.get("podAnnotations")
    found: dict[str, Json] = {"labels": {**(labels if isinstance(labels, Mapping) else {}), **SELECTOR}}
    return found | ({"annotations": notes} if isinstance(notes, Mapping) else {})


def _container(version: str, values: Mapping[str, Json]) -> JsonObject:
    return {
        "name": NAME,
        "image": f"registry.invalid/eks/coredns:{version}",
        "imagePullPolicy": "IfNotPresent",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"containerPort": 53, "name": "dns", "protocol": "UDP"},
            {"containerPort": 53, "name": "dns-tcp", "protocol": "TCP"},
            {"containerPort": 9153, "name": "metrics", "protocol": "TCP"},
        ],
        "resources": values.get("resources")
        or {"limits": {"memory": "170Mi"}, "requests": {"cpu": "100m", "memory": "70Mi"}},
        "livenessProbe": _probe("/health", 8080, delay=60, timeout=5, failures=5),
        "readinessProbe": _probe("/ready", 8181, delay=0, timeout=1, failures=3),
        "volumeMounts": [{"mountPath": "/etc/coredns", "name": "config-volume", "readOnly": True}],
    }


def _probe(path: str, port: int, *, delay: int, timeout: int, failures: int) -> JsonObject:
    return {
        "httpGet": {"path": path, "port": port, "scheme": "HTTP"},
        "initialDelaySeconds": delay,
        "periodSeconds": 10,
        "timeoutSeconds": timeout,
        "successThreshold": 1,
        "failureThreshold": failures,
    }
