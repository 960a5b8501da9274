"""Warnings about a pod that is not ready and does not say why; pure.

A failing probe, a volume that cannot be mounted and a sandbox that cannot be created show in events alone
(source: kubelet events of Kubernetes 1.29 to 1.36).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import Event
from lightkube.resources.core_v1 import Pod as KubePod

from eksaddon.domain.kube.pods import Pod
from eksaddon.kube.pods import NOT_READY, pod_of

QUIET_SECONDS = 30.0
"""A pod that starts normally is ready by then, so its events are not read."""

_MOST = 200


def unexplained(deployment: Deployment, pods: Iterable[KubePod], now: float) -> str:
    """The name of a pod whose events are worth a request; empty if there is none.

    Args:
        now: Seconds since the epoch.
    """
    conditions = (deployment.status.conditions if deployment.status else None) or ()
    is_late = any(each.reason == "ProgressDeadlineExceeded" for each in conditions)
    for each in pods:
        made = each.metadata.creationTimestamp if each.metadata else None
        is_old = isinstance(made, datetime) and now - made.timestamp() > QUIET_SECONDS
        if (is_late or is_old) and _says_nothing(pod_of(each)):
            return (each.metadata.name if each.metadata else None) or ""
    return ""


def _says_nothing(pod: Pod) -> bool:
    return (
        pod.is_own and not (pod.is_over or pod.is_ending or pod.is_ready) and pod.trouble in {"", NOT_READY}
    )


def explained(pods: Sequence[Pod], events: Sequence[Event]) -> tuple[Pod, ...]:
    """The pods, with the newest warning about one of them as its trouble."""
    newest = max(events, key=_time, default=None)
    if newest is None:
        return tuple(pods)
    text = " ".join((newest.message or "").split())[:_MOST]
    found = f"{newest.reason}: {text}" if text else newest.reason or ""
    return tuple(
        replace(pod, trouble=found) if pod.name == newest.involvedObject.name and _says_nothing(pod) else pod
        for pod in pods
    )


def _time(event: Event) -> str:
    return str(event.lastTimestamp or event.eventTime or event.firstTimestamp or "")
