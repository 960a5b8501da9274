"""Determines whether a rollout is complete, and if not, why; pure.

Reasons and conditions are those of Kubernetes 1.29 to 1.36 (source: deployment/util, replicaset, kubelet).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from lightkube.models.apps_v1 import DeploymentCondition, DeploymentStatus
from lightkube.resources.apps_v1 import Deployment

from eksaddon.domain.kube.pods import Pod, own_running
from eksaddon.domain.workload import RolledOut, RollingOut, Rollout, RolloutStuck

_MOST = 300


def rollout(deployment: Deployment, pods: Sequence[Pod]) -> Rollout:
    """Determine the state of a rollout from one read of the Deployment and its pods.

    The Deployment's counts are complete while older pods still terminate; only the list of pods shows these.
    """
    status = deployment.status or DeploymentStatus()
    generation = (deployment.metadata.generation or 0) if deployment.metadata else 0
    own_pods = own_running(pods)
    desired = 1 if deployment.spec.replicas is None else deployment.spec.replicas
    updated, total = status.updatedReplicas or 0, status.replicas or 0
    available = status.availableReplicas or 0
    is_observed = (status.observedGeneration or 0) >= generation
    counts_fit = updated >= desired and total <= updated and available >= desired
    if is_observed and counts_fit:
        templates = {pod.template for pod in own_pods}
        return RolledOut() if len(templates) <= 1 else RollingOut("old pods are still terminating")
    reasons = "; ".join(dict.fromkeys(_reasons(deployment, status, own_pods)))
    if deployment.spec.paused:
        return RolloutStuck(reasons)
    if not is_observed:
        return RollingOut("the Deployment controller has not observed the change yet")
    counts = f"{updated} of {desired} pods are updated, {available} available, {total} in total"
    if _condition(status, "Progressing", "ProgressDeadlineExceeded") is not None:
        return RolloutStuck(reasons or counts)
    return RollingOut(f"{counts}: {reasons}" if reasons else counts)


def _reasons(deployment: Deployment, status: DeploymentStatus, own_pods: Sequence[Pod]) -> Iterator[str]:
    """Yield reasons, from those that block the whole rollout to those of single pods."""
    if deployment.spec.paused:
        yield "the Deployment is paused (kubectl rollout resume)"
    failure = _condition(status, "ReplicaFailure")
    if failure is not None and failure.status == "True":
        yield _condition_text(failure)
    troubles = Counter(pod.trouble for pod in own_pods if pod.trouble and not pod.is_ending)
    for trouble, count in troubles.most_common():
        yield f"{count} pod{'s' if count > 1 else ''}: {trouble}"
    late = _condition(status, "Progressing", "ProgressDeadlineExceeded")
    if late is not None and not troubles and failure is None:
        yield _condition_text(late)


def _condition(status: DeploymentStatus, kind: str, reason: str = "") -> DeploymentCondition | None:
    found = (each for each in status.conditions or () if each.type == kind)
    return next((each for each in found if reason in {"", each.reason}), None)


def _condition_text(condition: DeploymentCondition) -> str:
    reason: str = condition.reason or condition.type or ""
    text = " ".join((condition.message or "").split())[:_MOST]
    return f"{reason}: {text}" if text else reason
