"""EKS's defaults for CoreDNS.

Sources: defaults in the add-on's schemas, and the manifests preinstalled by EKS on 1.28 to 1.36.
"""

from eksaddon.domain.json import JsonObject

REPLICAS = 2

SELECTOR: JsonObject = {"eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns"}
"""A Deployment's selector is immutable."""

ARGS = ("-conf", "/etc/coredns/Corefile")

LABELS = frozenset({*SELECTOR, "pod-template-hash"})

COMPUTE_TYPE = "eks.amazonaws.com/compute-type"
"""The pod annotation set by `computeType`."""

ANNOTATIONS = frozenset({COMPUTE_TYPE, "kubectl.kubernetes.io/restartedAt"})
"""Pod annotations; those of `kubectl rollout restart` are not kept."""

VOLUMES = frozenset({"config-volume", "tmp"})

RESOURCES: JsonObject = {
    "limits": {"memory": "170Mi"},
    "requests": {"cpu": "100m", "memory": "70Mi"},
}

TOLERATIONS = (
    {"key": "CriticalAddonsOnly", "operator": "Exists"},
    {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
)

AFFINITY: JsonObject = {
    "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [
                {
                    "matchExpressions": [
                        {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
                        {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64", "arm64"]},
                    ]
                }
            ]
        }
    },
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
    },
}

SPREAD: tuple[JsonObject, ...] = (
    {
        "labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
    },
)

READINESS: JsonObject = {
    "httpGet": {"path": "/ready", "port": 8181, "scheme": "HTTP"},
    "periodSeconds": 10,
    "timeoutSeconds": 1,
    "successThreshold": 1,
    "failureThreshold": 3,
}

LIVENESS: JsonObject = {
    "httpGet": {"path": "/health", "port": 8080, "scheme": "HTTP"},
    "initialDelaySeconds": 60,
    "periodSeconds": 10,
    "timeoutSeconds": 5,
    "successThreshold": 1,
    "failureThreshold": 5,
}

BUDGET: JsonObject = {"maxUnavailable": 1}
