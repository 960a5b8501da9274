"""From the Kubernetes API's pods to the domain's; pure."""

from collections.abc import Iterable, Sequence

from lightkube.models.core_v1 import Container, ContainerStatus, PodSpec, PodStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Pod as KubePod

from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.workload import STOCK_GRACE_SECONDS

NAME = "coredns"
TEMPLATE_HASH = "pod-template-hash"
SELECTOR = {"k8s-app": "kube-dns"}
"""Labels that the Service kube-dns selects."""

_STARTING = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons of a container that is on its way (source: kubelet)."""

_MOST = 200


def pods_of(found: Iterable[KubePod]) -> tuple[Pod, ...]:
    """Sorted by name, so that equal clusters give equal values."""
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
    )


def _grace(metadata: ObjectMeta, spec: PodSpec) -> int:
    """A deletion carries its own grace, which may be shorter than that of the spec."""
    if metadata.deletionTimestamp is not None and metadata.deletionGracePeriodSeconds is not None:
        return metadata.deletionGracePeriodSeconds
    own = spec.terminationGracePeriodSeconds
    return STOCK_GRACE_SECONDS if own is None else own


def _own_container(containers: Sequence[Container]) -> Container | None:
    return next((each for each in containers if each.name == NAME), None)


def _pre_stop(spec: PodSpec) -> int:
    own = _own_container(spec.containers or ())
    handler = own.lifecycle.preStop if own and own.lifecycle else None
    return handler.sleep.seconds if handler and handler.sleep else 0


def _is_own(metadata: ObjectMeta, template: str) -> bool:
    """A Deployment's ReplicaSet is named after it and the template's hash (source: deployment/sync.go)."""
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
    """The first of: what the scheduler says, what a container waits for, why the last one ended."""
    scheduled = next((each for each in status.conditions or () if each.type == "PodScheduled"), None)
    if scheduled is not None and scheduled.status == "False":
        return _said(scheduled.reason or "Unschedulable", scheduled.message)
    for each in (*(status.initContainerStatuses or ()), *(status.containerStatuses or ())):
        waiting = each.state.waiting if each.state else None
        if waiting is not None and (waiting.reason or "") not in {"", *_STARTING}:
            return _said(waiting.reason or "", waiting.message)
        if each.ready is False and each.state and each.state.running and each.started:
            return "NotReady: its containers run and are not ready"
    return _said(status.reason, status.message) if status.reason else ""


def _said(reason: str, message: str | None) -> str:
    text = " ".join((message or "").split())[:_MOST]
    return f"{reason}: {text}" if text else reason
