"""Converts pods of the Kubernetes API to domain values; pure."""

from collections.abc import Iterable, Sequence

from lightkube.models.core_v1 import Container, ContainerStatus, PodSpec, PodStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Pod as KubePod

from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.workload import STOCK_GRACE_SECONDS

NAME = "coredns"
TEMPLATE_HASH = "pod-template-hash"
ZONE = "topology.kubernetes.io/zone"
SELECTOR = {"k8s-app": "kube-dns"}
"""Selector of the Service kube-dns."""

_STARTING = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons of a starting container (source: kubelet)."""

NOT_READY = "NotReady: its containers run and are not ready"

_MOST = 200


def pods_of(found: Iterable[KubePod]) -> tuple[Pod, ...]:
    """Convert pods, sorted by name so that equal clusters result in equal values."""
    return tuple(sorted((pod_of(each) for each in found), key=lambda pod: pod.name))


def pod_of(found: KubePod) -> Pod:
    metadata = found.metadata or ObjectMeta()
    spec, status = found.spec or PodSpec(containers=[]), found.status or PodStatus()
    template = (metadata.labels or {}).get(TEMPLATE_HASH, "")
    is_ready = _condition(status, "Ready") == "True"
    return Pod(
        name=metadata.name or "",
        grace_seconds=_grace(metadata, spec),
        pre_stop_seconds=_pre_stop(spec),
        phase=status.phase or "",
        is_own=_is_own(metadata, template),
        reads_corefile=_mounts_config(spec),
        is_ending=metadata.deletionTimestamp is not None,
        is_ready=is_ready,
        has_run=is_ready or any(_has_run(each) for each in status.containerStatuses or ()),
        trouble=_trouble(status),
        template=template,
        node=spec.nodeName or "",
        zone=(metadata.labels or {}).get(ZONE, ""),
        address=status.podIP or "",
        node_address=status.hostIP or "",
    )


def _grace(metadata: ObjectMeta, spec: PodSpec) -> int:
    """Grace period of a pod; a deletion has its own, which can be shorter than that of the spec."""
    if metadata.deletionTimestamp is not None and metadata.deletionGracePeriodSeconds is not None:
        return metadata.deletionGracePeriodSeconds
    spec_grace = spec.terminationGracePeriodSeconds
    return STOCK_GRACE_SECONDS if spec_grace is None else spec_grace


def _own_container(containers: Sequence[Container]) -> Container | None:
    return next((each for each in containers if each.name == NAME), None)


def _pre_stop(spec: PodSpec) -> int:
    container = _own_container(spec.containers or ())
    handler = container.lifecycle.preStop if container and container.lifecycle else None
    return handler.sleep.seconds if handler and handler.sleep else 0


def _is_own(metadata: ObjectMeta, template: str) -> bool:
    """Whether the pod is of the Deployment, by its ReplicaSet's name (source: deployment/sync.go)."""
    owner = next((each for each in metadata.ownerReferences or () if each.controller), None)
    return owner is not None and (owner.kind, owner.name) == ("ReplicaSet", f"{NAME}-{template}")


def _mounts_config(spec: PodSpec) -> bool:
    volumes = spec.volumes or ()
    return any(each.configMap is not None and each.configMap.name == NAME for each in volumes)


def _condition(status: PodStatus, kind: str) -> str:
    return next((each.status for each in status.conditions or () if each.type == kind), "")


def _has_run(container: ContainerStatus) -> bool:
    state, last = container.state, container.lastState
    runs = state is not None and (state.running is not None or state.terminated is not None)
    return runs or bool(container.restartCount) or (last is not None and last.terminated is not None)


def _trouble(status: PodStatus) -> str:
    """Why a pod is not ready: of the scheduler, else a waiting container, else its last termination."""
    scheduled = next((each for each in status.conditions or () if each.type == "PodScheduled"), None)
    if scheduled is not None and scheduled.status == "False":
        return _format_reason(scheduled.reason or "Unschedulable", scheduled.message)
    for each in (*(status.initContainerStatuses or ()), *(status.containerStatuses or ())):
        waiting = each.state.waiting if each.state else None
        if waiting is not None and (waiting.reason or "") not in {"", *_STARTING}:
            return _format_reason(waiting.reason or "", waiting.message) + _last_end(each)
        if each.ready is False and each.state and each.state.running and each.started:
            return NOT_READY
    return _format_reason(status.reason, status.message) if status.reason else ""


def _last_end(container: ContainerStatus) -> str:
    """For example ` (last exit: OOMKilled, code 137)`; empty if it never ended."""
    last = container.lastState.terminated if container.lastState else None
    return f" (last exit: {last.reason or 'unknown'}, code {last.exitCode})" if last else ""


def _format_reason(reason: str, message: str | None) -> str:
    text = " ".join((message or "").split())[:_MOST]
    return f"{reason}: {text}" if text else reason
