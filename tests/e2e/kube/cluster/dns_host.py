"""Stands for the kubelet of CoreDNS pods: each is a real CoreDNS and an endpoint of a load balancer."""

import socket
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from eksaddon.probe.coredns import LOOPBACK, free_port
from tests.e2e.coredns_release import coredns
from tests.e2e.kube.cluster.api import NAMESPACE, Api, Document, RefusedError
from tests.support.network.balancer import Balancer
from tests.support.network.connect_proxy import ConnectProxy

COREFILE = """\
.:{port} {{
    bind 127.0.0.1
    hosts {{
        10.0.0.1 kubernetes.default.svc.cluster.local
    }}
    template IN A servfail.test {{
        rcode SERVFAIL
    }}
    prometheus 127.0.0.1:{metrics}
    health 127.0.0.1:{health} {{
        lameduck {lameduck}s
    }}
}}
"""
SINCE = "2026-01-01T00:00:00Z"
TURN_SECONDS = 0.05


@dataclass(slots=True)
class DnsHost:
    """Looks after the pods of kube-dns; new ones are known to the balancer after its propagation.

    Attributes:
        lameduck: Seconds.
        first: Number of pods that the balancer knows at once: those from before the test.
        ports: Of each pod's CoreDNS, by the pod's name.
        deleted: When a pod's deletion was seen, in seconds since the epoch.
        network: Leads from a pod's address to the metrics of its CoreDNS.
    """

    api: Api
    balancer: Balancer
    folder: Path
    lameduck: int
    first: int = 2
    ports: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, float] = field(default_factory=dict)
    network: ConnectProxy | None = None
    _metrics: dict[str, int] = field(default_factory=dict)
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _ready: set[str] = field(default_factory=set)
    _ending: list[threading.Thread] = field(default_factory=list)

    def turn(self) -> None:
        for pod in self.api.items("Pod"):
            with suppress(RefusedError):
                self._look_after(pod)

    def _look_after(self, pod: Document) -> None:
        name = str(pod["metadata"]["name"])
        if "deletionTimestamp" in pod["metadata"]:
            if name not in self.deleted:
                self.deleted[name] = time.time()
                self.balancer.delete(name)
                self._ending.append(threading.Thread(target=self._end, args=(name,)))
                self._ending[-1].start()
        elif name not in self._running:
            self._start(name)
        elif name not in self._ready and answers(self.ports[name]):
            self._ready.add(name)
            is_first = not self.deleted and len(self._ready) <= self.first
            self.balancer.add(name, self.ports[name], at_once=is_first)
            self._report(pod, name)

    def _start(self, name: str) -> None:
        target = {"apiVersion": "v1", "kind": "Node", "name": "node-1"}
        metadata = {"name": name, "namespace": NAMESPACE}
        self.api.create({"apiVersion": "v1", "kind": "Binding", "metadata": metadata, "target": target})
        port = self.ports[name] = free_port()
        metrics = self._metrics[name] = free_port()
        corefile = self.folder / f"{name}.corefile"
        corefile.write_text(
            COREFILE.format(port=port, metrics=metrics, health=free_port(), lameduck=self.lameduck)
        )
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [coredns(), "-conf", corefile], stdout=log, stderr=log, cwd=self.folder
            )

    def _report(self, pod: Document, name: str) -> None:
        container = pod["spec"]["containers"][0]
        state = {"name": container["name"], "image": container["image"], "imageID": "", "restartCount": 0}
        address = f"10.1.0.{[*self.ports].index(name) + 1}"
        if self.network is not None:
            self.network.places[f"{address}:9153"] = f"{LOOPBACK}:{self._metrics[name]}"
        status = {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": SINCE}],
            "containerStatuses": [state | {"ready": True, "state": {"running": {"startedAt": SINCE}}}],
        }
        metadata = {"name": name, "namespace": NAMESPACE}
        document = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": status}
        self.api.patch(document, "kubelet", part="status")

    def _end(self, name: str) -> None:
        process = self._running[name]
        process.terminate()
        process.wait(timeout=60)
        self.balancer.end(name)
        self.api.delete("Pod", name)

    def close(self) -> None:
        for thread in self._ending:
            thread.join()
        for process in self._running.values():
            process.kill()
            process.wait()


def looking_after(host: DnsHost, over: threading.Event) -> None:
    """Turn after turn, until it is over."""
    while not over.wait(TURN_SECONDS):
        host.turn()


def answers(port: int) -> bool:
    """Whether somebody listens on TCP."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False
