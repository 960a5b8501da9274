"""The Job of a probe; pure.

Its pods are allowed by the Pod Security Standard `restricted` (source: pod-security-admission v0.36), keep
apart from each other, and end by themselves.
"""

from collections.abc import Mapping

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.frozen import dataclass

MANAGED_BY, COMPONENT = "app.kubernetes.io/managed-by", "app.kubernetes.io/component"
RUN = "eksdns.dev/run"
OWN = {MANAGED_BY: "eksdns", COMPONENT: "probe"}
"""Labels of every Job and pod of a probe."""

CONTAINER = "probe"
KEEP_SECONDS = 600
"""For which a Job that has ended stays, so that another process can read its log."""

GRACE_SECONDS = 10
"""More than the timeout of a lookup: the last line comes after the last answer."""

USER = 65_532
"""Any number but 0; the image needs no entry for it."""


@dataclass(frozen=True, slots=True)
class ProbeJob:
    """What a Job is made from.

    Attributes:
        servers: Addresses with ports, by the name in the figures.
        seconds: After which the pods end, and shortly afterwards the Job by its deadline.
    """

    name: str
    run_id: str
    gate: ProbeGate
    servers: Mapping[str, str]
    seconds: int

    @property
    def labels(self) -> dict[str, str]:
        return {**OWN, RUN: self.run_id}


def arguments(job: ProbeJob) -> list[str]:
    """Of `eksdns`, for the container."""
    gate = job.gate
    named = [part for name, place in job.servers.items() for part in ("--server", f"{name}={place}")]
    expected = [part for word in gate.expect for part in ("--expect", word)]
    return [
        "probe-agent",
        *named,
        *(["--name", gate.name] if gate.name else []),
        f"--type={gate.record_type}",
        f"--transport={gate.transport.value}",
        f"--ports={gate.ports.value}",
        f"--rate={gate.rate}",
        f"--timeout={gate.timeout:g}",
        f"--tries={gate.tries}",
        f"--seconds={job.seconds}",
        *expected,
    ]


def manifest(job: ProbeJob) -> JsonObject:
    """As it is created."""
    labels: Json = dict(job.labels)
    keep: Json = {
        "karpenter.sh/do-not-disrupt": "true",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": job.name, "namespace": job.gate.namespace, "labels": labels},
        "spec": {
            "parallelism": job.gate.nodes,
            "completions": job.gate.nodes,
            "completionMode": "Indexed",
            "backoffLimit": 0,
            "activeDeadlineSeconds": job.seconds + 2 * GRACE_SECONDS,
            "ttlSecondsAfterFinished": KEEP_SECONDS,
            "template": {"metadata": {"labels": labels, "annotations": keep}, "spec": _pod(job)},
        },
    }


def _pod(job: ProbeJob) -> JsonObject:
    selector: Json = {"matchLabels": dict(job.labels)}
    apart: Json = {"topologyKey": "kubernetes.io/hostname", "labelSelector": selector}
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "dnsPolicy": "Default",
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "tolerations": [{"operator": "Exists", "effect": "NoSchedule"}],
        "affinity": {
            "podAntiAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": apart}]
            }
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": selector,
            }
        ],
        "containers": [_container(job)],
    }


def _container(job: ProbeJob) -> JsonObject:
    return {
        "name": CONTAINER,
        "image": job.gate.image,
        "command": ["eksdns"],
        "args": list[Json](arguments(job)),
        "resources": {  # no CPU limit: the kernel's throttling would delay lookups by up to 100 ms
            "requests": {"cpu": "100m", "memory": "64Mi"},
            "limits": {"memory": "192Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
