"""A stand-in for scheduler and kubelet: binds pods, makes them ready or not, and lets deleted ones go."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from tests.e2e.kube.cluster.api import NAMESPACE, Api, Document, RefusedError

NODE = "node-1"
MANAGER = "kubelet"
TURN_SECONDS = 0.05
UNREADY = "Readiness probe failed: HTTP probe failed with statuscode: 503"
SINCE = "2026-01-01T00:00:00Z"


class Obstacle(StrEnum):
    """What keeps a new pod from being ready."""

    IMAGE_PULL = "ImagePullBackOff"
    UNSCHEDULABLE = "Unschedulable"
    CRASH_LOOP = "CrashLoopBackOff"
    NOT_READY = "NotReady"


@dataclass(slots=True)
class Kubelet:
    """Looks after the pods of a namespace, one turn at a time.

    Attributes:
        starts_pods: Else they meet the obstacle, and a rollout is stuck.
        ends_pods: Else a deleted pod stays terminating, as one that sleeps its preStop.
    """

    api: Api
    starts_pods: bool = True
    ends_pods: bool = True
    obstacle: Obstacle = Obstacle.IMAGE_PULL

    def turn(self) -> None:
        """Every pod one step further; a pod that is gone meanwhile is nobody's business."""
        for pod in self.api.items("Pod"):
            with contextlib.suppress(RefusedError):
                self._look_after(pod)

    def _look_after(self, pod: Document) -> None:
        name, status = str(pod["metadata"]["name"]), pod["status"]
        if "deletionTimestamp" in pod["metadata"]:
            if self.ends_pods:
                self.api.delete("Pod", name)
        elif status.get("phase") in {"Failed", "Succeeded"}:
            return
        elif "nodeName" not in pod["spec"]:
            if not self.starts_pods and self.obstacle is Obstacle.UNSCHEDULABLE:
                self._report(name, _unschedulable())
            else:
                self.api.create(_binding(name))
        elif self.starts_pods and not _is_ready(pod):
            self._report(name, _running(pod))
        elif not self.starts_pods and not _is_ready(pod) and not status.get("containerStatuses"):
            self._report(name, _held_up(pod, self.obstacle))
            if self.obstacle is Obstacle.NOT_READY:
                self.api.create(_unhealthy(pod))

    def _report(self, name: str, status: Document) -> None:
        document = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "status": status,
        }
        self.api.patch(document, MANAGER, part="status")


class Turning(Protocol):
    """Looks after pods, once for each turn."""

    def turn(self) -> None: ...


K = TypeVar("K", bound=Turning)


@contextmanager
def working(kubelet: K) -> Iterator[K]:
    """Turn after turn, beside the block."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(TURN_SECONDS):
            kubelet.turn()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield kubelet
    finally:
        over.set()
        thread.join()


def _binding(name: str) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "target": {"apiVersion": "v1", "kind": "Node", "name": NODE},
    }


def _is_ready(pod: Document) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _running(pod: Document) -> Document:
    return {
        "phase": "Running",
        "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": SINCE}],
        "containerStatuses": [_container(pod, ready=True) | {"state": {"running": {"startedAt": SINCE}}}],
    }


def _unhealthy(pod: Document) -> Document:
    about = {key: pod["metadata"][key] for key in ("name", "namespace", "uid")}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{about['name']}.", "namespace": NAMESPACE},
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", **about},
        "type": "Warning",
        "reason": "Unhealthy",
        "message": UNREADY,
        "lastTimestamp": SINCE,
    }


def _unschedulable() -> Document:
    message = "0/3 nodes are available: 3 Insufficient memory."
    return {
        "phase": "Pending",
        "conditions": [
            {
                "type": "PodScheduled",
                "status": "False",
                "reason": "Unschedulable",
                "message": message,
                "lastTransitionTime": SINCE,
            }
        ],
    }


def _held_up(pod: Document, obstacle: Obstacle) -> Document:
    waiting = {"reason": str(obstacle), "message": "Back-off pulling image"}
    container = _container(pod, ready=False) | {"state": {"waiting": waiting}}
    phase = "Pending"
    if obstacle is Obstacle.CRASH_LOOP:
        ended = {"exitCode": 1, "reason": "Error", "startedAt": SINCE, "finishedAt": SINCE}
        waiting["message"] = "back-off 5m0s restarting failed container"
        container |= {"restartCount": 4, "lastState": {"terminated": ended}}
        phase = "Running"
    elif obstacle is Obstacle.NOT_READY:
        container |= {"state": {"running": {"startedAt": SINCE}}, "started": True}
        phase = "Running"
    not_ready = {
        "type": "Ready",
        "status": "False",
        "reason": "ContainersNotReady",
        "lastTransitionTime": SINCE,
    }
    return {"phase": phase, "conditions": [not_ready], "containerStatuses": [container]}


def _container(pod: Document, *, ready: bool) -> Document:
    container = pod["spec"]["containers"][0]
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": ready,
        "restartCount": 0,
    }
