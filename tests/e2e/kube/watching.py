"""Watches a cluster all the time: no pod that may answer has less grace than the Corefile in force needs."""

import contextlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.e2e.kube.cluster.api import Api, Document, RefusedError

PAUSE_SECONDS = 0.02
LAMEDUCK = re.compile(r"lameduck (\d+)s")


def lameduck_of(corefile: str) -> int:
    return sum(int(found) for found in LAMEDUCK.findall(corefile))


def grace_of(pod: Document) -> int:
    metadata = pod["metadata"]
    if "deletionTimestamp" in metadata:
        return int(metadata.get("deletionGracePeriodSeconds", 0))
    return int(pod["spec"]["terminationGracePeriodSeconds"])


def pre_stop_of(pod: Document) -> int:
    (container,) = pod["spec"]["containers"]
    return int(container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0))


def ever_ready(pod: Document) -> bool:
    return bool(pod["status"].get("phase") == "Running")


@dataclass(slots=True)
class Watcher:
    """Samples taken so far.

    Attributes:
        violations: Pods that would have been cut, with the numbers.
        lameducks: Every lameduck that was in force, in order.
    """

    api: Api
    samples: int = 0
    violations: list[str] = field(default_factory=list)
    lameducks: list[int] = field(default_factory=list)

    def look(self) -> None:
        """The ConfigMap before and after the pods: only what holds in both was in force."""
        before = self._lameduck()
        pods = self.api.items("Pod")
        in_force = min(before, self._lameduck())
        self.samples += 1
        if not self.lameducks or self.lameducks[-1] != in_force:
            self.lameducks.append(in_force)
        for pod in filter(ever_ready, pods):
            needed, grace = pre_stop_of(pod) + in_force, grace_of(pod)
            if grace < needed and grace:  # a grace of 0 is the stand-in kubelet's own removal
                self.violations.append(f"{pod['metadata']['name']}: grace {grace}, needed {needed}")

    def _lameduck(self) -> int:
        return lameduck_of(self.api.get("ConfigMap", "coredns")["data"]["Corefile"])


@contextmanager
def watching(api: Api) -> Iterator[Watcher]:
    """Sample after sample, beside the block; it fails where a pod had too little grace."""
    watcher, over = Watcher(api), threading.Event()

    def work() -> None:
        while not over.wait(PAUSE_SECONDS):
            with contextlib.suppress(RefusedError, OSError):
                watcher.look()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield watcher
    finally:
        over.set()
        thread.join()
    assert watcher.samples > 0
    assert watcher.violations == []
