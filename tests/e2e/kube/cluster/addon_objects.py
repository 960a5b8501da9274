"""What the managed CoreDNS add-on puts into a cluster: our own manifests, in the form that EKS gives them."""

from dataclasses import dataclass, field

from eksaddon.schema.default_corefile import DefaultCorefile, default_corefile
from eksaddon.schema.versions import parse_version
from tests.e2e.kube.cluster.api import NAMESPACE, Document

NAME = "coredns"
SELECTOR = {"eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns"}
LABELS = {**SELECTOR, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
IMAGE = "registry.invalid/eks/coredns"
"""No kubelet ever pulls it."""

VERSION, NEXT_VERSION = "v1.14.3-eksbuild.3", "v1.14.3-eksbuild.14"


def shipped_corefile(version: str = VERSION) -> str:
    default = default_corefile(parse_version(version))
    assert isinstance(default, DefaultCorefile)
    return default.text


@dataclass(frozen=True, slots=True)
class Release:
    """An add-on version with its configuration, as the add-on manager renders it.

    Attributes:
        grace: None where the manifest does not name the field, as far as is known of every real version.
        pre_stop: Seconds of sleep; None likewise.
        progress_deadline: Seconds; EKS says 600.
    """

    version: str = VERSION
    replicas: int = 2
    max_unavailable: int = 1
    corefile: str = field(default_factory=shipped_corefile)
    grace: int | None = None
    pre_stop: int | None = None
    progress_deadline: int = 600


def objects(release: Release) -> tuple[Document, ...]:
    """In the order in which they are applied."""
    return (
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _metadata()},
        _cluster_role(),
        _cluster_role_binding(),
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": _metadata(),
            "data": {"Corefile": release.corefile},
        },
        deployment(release),
        _disruption_budget(release),
        _service(),
    )


def deployment(release: Release) -> Document:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(),
        "spec": {
            "replicas": release.replicas,
            "progressDeadlineSeconds": release.progress_deadline,
            "selector": {"matchLabels": SELECTOR},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}},
            "template": {"metadata": {"labels": SELECTOR}, "spec": _pod(release)},
        },
    }


def _pod(release: Release) -> Document:
    pod: Document = {
        "containers": [_container(release)],
        "dnsPolicy": "Default",
        "priorityClassName": "system-cluster-critical",
        "serviceAccountName": NAME,
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [_apart()]}},
        "tolerations": [
            {"key": "CriticalAddonsOnly", "operator": "Exists"},
            {"effect": "NoSchedule", "key": "node-role.kubernetes.io/control-plane"},
        ],
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
        "volumes": [
            {
                "name": "config-volume",
                "configMap": {"name": NAME, "items": [{"key": "Corefile", "path": "Corefile"}]},
            }
        ],
    }
    if release.grace is not None:
        pod["terminationGracePeriodSeconds"] = release.grace
    return pod


def _container(release: Release) -> Document:
    container: Document = {
        "name": NAME,
        "image": f"{IMAGE}:{release.version}",
        "imagePullPolicy": "IfNotPresent",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"containerPort": 53, "name": "dns", "protocol": "UDP"},
            {"containerPort": 53, "name": "dns-tcp", "protocol": "TCP"},
            {"containerPort": 9153, "name": "metrics", "protocol": "TCP"},
        ],
        "resources": {"limits": {"memory": "170Mi"}, "requests": {"cpu": "100m", "memory": "70Mi"}},
        "livenessProbe": {
            "httpGet": {"path": "/health", "port": 8080, "scheme": "HTTP"},
            "initialDelaySeconds": 60,
            "periodSeconds": 10,
            "timeoutSeconds": 5,
            "failureThreshold": 5,
        },
        "readinessProbe": {
            "httpGet": {"path": "/ready", "port": 8181, "scheme": "HTTP"},
            "periodSeconds": 10,
            "timeoutSeconds": 1,
            "failureThreshold": 3,
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"mountPath": "/etc/coredns", "name": "config-volume", "readOnly": True}],
    }
    if release.pre_stop is not None:
        container["lifecycle"] = {"preStop": {"sleep": {"seconds": release.pre_stop}}}
    return container


def _apart() -> Document:
    return {
        "weight": 100,
        "podAffinityTerm": {
            "topologyKey": "kubernetes.io/hostname",
            "labelSelector": {
                "matchExpressions": [{"key": "k8s-app", "operator": "In", "values": ["kube-dns"]}]
            },
        },
    }


def _disruption_budget(release: Release) -> Document:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _metadata(),
        "spec": {"maxUnavailable": release.max_unavailable, "selector": {"matchLabels": SELECTOR}},
    }


def _service() -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata() | {"name": "kube-dns"},
        "spec": {
            "clusterIP": "172.20.0.10",
            "selector": {"k8s-app": "kube-dns"},
            "ports": [
                {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
                {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
                {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153},
            ],
        },
    }


def _cluster_role() -> Document:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "system:coredns", "labels": LABELS},
        "rules": [
            {
                "apiGroups": [""],
                "resources": ["endpoints", "services", "pods", "namespaces"],
                "verbs": ["list", "watch"],
            },
            {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["list", "watch"]},
        ],
    }


def _cluster_role_binding() -> Document:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "system:coredns", "labels": LABELS},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": "system:coredns",
        },
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
    }


def _metadata() -> Document:
    return {"name": NAME, "namespace": NAMESPACE, "labels": LABELS}
