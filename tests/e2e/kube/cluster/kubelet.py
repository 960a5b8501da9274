"""A stand-in for scheduler and kubelet: binds pods, makes them ready or not, and lets deleted ones go."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.kube.cluster.api import NAMESPACE, Api, Document, RefusedError

NODE = "node-1"
MANAGER = "kubelet"
TURN_SECONDS = 0.05
SINCE = "2026-01-01T00:00:00Z"


@dataclass(slots=True)
class Kubelet:
    """Looks after the pods of a namespace, one turn at a time.

    Attributes:
        starts_pods: Else their image cannot be pulled, and a rollout is stuck.
        ends_pods: Else a deleted pod stays terminating, as one that sleeps its preStop.
    """

    api: Api
    starts_pods: bool = True
    ends_pods: bool = True

    def turn(self) -> None:
        """Every pod one step further; a pod that is gone meanwhile is nobody's business."""
        for pod in self.api.items("Pod"):
            with contextlib.suppress(RefusedError):
                self._look_after(pod)

    def _look_after(self, pod: Document) -> None:
        name = str(pod["metadata"]["name"])
        if "deletionTimestamp" in pod["metadata"]:
            if self.ends_pods:
                self.api.delete("Pod", name)
        elif "nodeName" not in pod["spec"]:
            self.api.create(_binding(name))
        elif self.starts_pods and not _is_ready(pod):
            self._report(name, _running(pod))
        elif not self.starts_pods and pod["status"].get("phase") != "Running":
            self._report(name, _image_missing(pod))

    def _report(self, name: str, status: Document) -> None:
        document = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "status": status,
        }
        self.api.patch(document, MANAGER, part="status")


@contextmanager
def working(kubelet: Kubelet) -> Iterator[Kubelet]:
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


def _image_missing(pod: Document) -> Document:
    waiting = {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}
    return {
        "phase": "Pending",
        "conditions": [
            {
                "type": "Ready",
                "status": "False",
                "reason": "ContainersNotReady",
                "lastTransitionTime": SINCE,
            }
        ],
        "containerStatuses": [_container(pod, ready=False) | {"state": {"waiting": waiting}}],
    }


def _container(pod: Document, *, ready: bool) -> Document:
    container = pod["spec"]["containers"][0]
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": ready,
        "restartCount": 0,
    }
