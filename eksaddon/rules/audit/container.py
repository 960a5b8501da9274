"""Checks of the container: probes, limits, and pods in trouble."""

from collections.abc import Iterator

from eksaddon.domain.workload import RollingOut, RolloutStuck
from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.pod_fields import quantity

HEALTH_PORT = "8080"
DEFAULT_MEMORY = "170Mi"
"""EKS's limit (source: default of the add-on's schemas)."""

_FAILING = ("OOMKilled", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "Unschedulable")


def probes(found: AuditFacts) -> Iterator[Found]:
    if found.live is None:
        return
    template = found.live.template
    if template.readiness is None:
        yield Found(
            "no-readiness",
            "the pods have no readiness probe over HTTP: new pods get queries before they can answer",
            "add a readiness probe for /ready on port 8181",
        )
    elif template.readiness.path == "/health" or template.readiness.port == HEALTH_PORT:
        yield Found(
            "readiness-on-health",
            f"the readiness probe asks {template.readiness.path} on port {template.readiness.port}, which "
            "answers before plugins are ready",
            "ask /ready on port 8181; newer add-on versions do",
        )
    if template.liveness is None:
        yield Found(
            "no-liveness",
            "the pods have no liveness probe over HTTP: a hung CoreDNS is not restarted",
            "add a liveness probe for /health on port 8080",
        )


def limits(found: AuditFacts) -> Iterator[Found]:
    """Live limits, else those of the configuration."""
    named = _limits(found)
    if "cpu" in named:
        yield Found(
            "cpu-limit",
            f"the CPU limit of {named['cpu']} throttles lookups in bursts",
            "remove the CPU limit and keep the request",
        )
    memory, least = quantity(named.get("memory", "")), quantity(DEFAULT_MEMORY)
    if memory is not None and least is not None and memory < least:
        yield Found(
            "memory-limit",
            f"the memory limit of {named['memory']} is lower than EKS's default of {DEFAULT_MEMORY}",
            f"set it to {DEFAULT_MEMORY} or more",
        )


def _limits(found: AuditFacts) -> dict[str, str]:
    if found.live is not None:
        return dict(found.live.template.limits)
    named = found.facts.group("resources").get("limits")
    return {str(key): str(value) for key, value in named.items()} if isinstance(named, dict) else {}


def pods(found: AuditFacts) -> Iterator[Found]:
    if found.live is None:
        return
    failing = [pod for pod in found.running if any(word in pod.trouble for word in _FAILING)]
    if failing:
        yield Found(
            "pods-failing",
            f"{len(failing)} of {len(found.running)} pods cannot run: {failing[0].trouble}",
            "`kubectl -n kube-system describe pods -l k8s-app=kube-dns` shows the events",
        )
    elif isinstance(found.live.rollout, RollingOut | RolloutStuck):
        yield Found(
            "rollout-unfinished",
            found.live.unfinished,
            "`kubectl -n kube-system rollout status deployment/coredns` follows it",
        )
