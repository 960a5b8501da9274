"""Which pod is asked for its events, and what they say of it."""

from datetime import UTC, datetime

import pytest
from lightkube.models.apps_v1 import DeploymentCondition, DeploymentSpec, DeploymentStatus
from lightkube.models.core_v1 import (
    ContainerState,
    ContainerStateRunning,
    ContainerStateTerminated,
    ContainerStateWaiting,
    ContainerStatus,
    ObjectReference,
    PodStatus,
    PodTemplateSpec,
)
from lightkube.models.meta_v1 import LabelSelector, ObjectMeta, OwnerReference
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import Event
from lightkube.resources.core_v1 import Pod as KubePod

from eksaddon.kube.events import explained, unexplained
from eksaddon.kube.pods import NOT_READY, pod_of, pods_of

MADE = datetime(2026, 1, 1, tzinfo=UTC)
SOON, LATER = MADE.timestamp() + 10, MADE.timestamp() + 60
RUNS = ContainerState(running=ContainerStateRunning())
PULLS = ContainerState(waiting=ContainerStateWaiting(reason="ImagePullBackOff"))


def pod(state: ContainerState, last: ContainerState | None = None) -> KubePod:
    owner = OwnerReference("apps/v1", "ReplicaSet", "coredns-a", "u", controller=True)
    labels = {"pod-template-hash": "a"}
    about = ObjectMeta(name="coredns-a-1", labels=labels, ownerReferences=[owner], creationTimestamp=MADE)
    container = ContainerStatus(
        "i", "", "coredns", ready=False, restartCount=0, state=state, started=True, lastState=last
    )
    return KubePod(metadata=about, status=PodStatus(phase="Running", containerStatuses=[container]))


def deployment(*reasons: str) -> Deployment:
    conditions = [
        DeploymentCondition(status="False", type="Progressing", reason=reason) for reason in reasons
    ]
    spec = DeploymentSpec(LabelSelector(), PodTemplateSpec())
    return Deployment(spec=spec, status=DeploymentStatus(conditions=conditions))


def event(message: str | None, minute: int, name: str = "coredns-a-1", reason: str = "Unhealthy") -> Event:
    at = MADE.replace(minute=minute)
    return Event(ObjectReference(name=name), ObjectMeta(), message=message, reason=reason, lastTimestamp=at)


def test_a_pod_that_says_nothing_is_asked_once_it_is_late() -> None:
    assert unexplained(deployment(), [pod(RUNS)], SOON) == ""
    assert unexplained(deployment(), [pod(RUNS)], LATER) == "coredns-a-1"
    assert unexplained(deployment("ProgressDeadlineExceeded"), [pod(RUNS)], SOON) == "coredns-a-1"
    assert unexplained(deployment(), [pod(PULLS)], LATER) == "", "it says why itself"


def test_the_newest_warning_is_what_is_wrong_with_the_pod() -> None:
    (found,) = explained(pods_of([pod(RUNS)]), [event("newer:\n  503", 5), event("older", 1)])
    assert found.trouble == "Unhealthy: newer: 503"
    (found,) = explained(pods_of([pod(RUNS)]), [event(None, 5, reason="FailedMount")])
    assert found.trouble == "FailedMount"


@pytest.mark.parametrize("events", [[], [event("x", 1, name="another")]])
def test_without_a_warning_about_it_a_pod_is_as_it_was(events: list[Event]) -> None:
    (found,) = explained(pods_of([pod(RUNS)]), events)
    assert found.trouble == NOT_READY


def test_a_crash_loop_names_how_the_last_run_ended() -> None:
    ended = ContainerState(terminated=ContainerStateTerminated(137, reason="OOMKilled"))
    waits = ContainerState(waiting=ContainerStateWaiting(reason="CrashLoopBackOff"))
    assert pod_of(pod(waits, ended)).trouble == "CrashLoopBackOff (last exit: OOMKilled, code 137)"
