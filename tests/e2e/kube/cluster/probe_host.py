"""Stands for the nodes that pods of a probe run on: each pod is a process, and its log is read by HTTPS.

The API server asks a kubelet for logs at the node's own address; here that is one server on the loopback.
"""

import http.server
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from eksaddon.probe.coredns import LOOPBACK
from tests.e2e.kube.cluster.api import Api, Document, RefusedError
from tests.support.network.authority import Authority
from tests.support.paths import ROOT

NAMESPACE = "eksdns-probe"
TURN_SECONDS = 0.05
SINCE = "2026-01-01T00:00:00Z"


@dataclass(slots=True)
class PodProcess:
    """A running pod.

    Attributes:
        lines: What it has printed, and when each line came.
    """

    process: "subprocess.Popen[str]"
    node: str
    lines: list[tuple[float, str]] = field(default_factory=list)
    reading: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.reading = threading.Thread(target=self.read, daemon=True)
        self.reading.start()

    def read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append((time.time(), line))


@dataclass(slots=True)
class ProbeHost:
    """Looks after the pods of the probe's namespace.

    Attributes:
        nodes: Where the Service listens on each node: what kube-proxy does for a real pod.
        pods_at: Likewise for the addresses of pods, by the pod's name.
        starts_pods: Else their image cannot be pulled.
    """

    api: Api
    nodes: Mapping[str, int]
    pods_at: Mapping[str, int] = field(default_factory=dict)
    starts_pods: bool = True
    running: dict[str, PodProcess] = field(default_factory=dict)
    seen: list[Document] = field(default_factory=list)

    def turn(self) -> None:
        for pod in self.api.items("Pod", NAMESPACE):
            with suppress(RefusedError):
                self._look_after(pod)

    def _look_after(self, pod: Document) -> None:
        name = str(pod["metadata"]["name"])
        if "deletionTimestamp" in pod["metadata"]:
            self._end(name)
            self.api.delete("Pod", name, NAMESPACE)
        elif "nodeName" not in pod["spec"]:
            taken = [each.node for each in self.running.values()]
            free = [node for node in self.nodes if node not in taken] or list(self.nodes)
            self.api.create(_binding(name, free[0]))
            if self.starts_pods:
                self._start(pod, free[0])
        elif not self.starts_pods and not pod["status"].get("containerStatuses"):
            waiting = {"reason": "ErrImagePull", "message": "not found"}
            self._report(name, "Pending", _container(pod) | {"ready": False, "state": {"waiting": waiting}})

    def _start(self, pod: Document, node: str) -> None:
        name = str(pod["metadata"]["name"])
        self.seen.append(pod)
        container = pod["spec"]["containers"][0]
        assert container["command"] == ["eksdns"]
        arguments = [self._translated(each, node) for each in container["args"]]
        process = subprocess.Popen(
            [sys.executable, "-m", "eksaddon", *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.running[name] = PodProcess(process, node)
        running = {"running": {"startedAt": SINCE}}
        self._report(name, "Running", _container(pod) | {"ready": True, "state": running})

    def _translated(self, argument: str, node: str) -> str:
        """The address that a packet to a Service or a pod ends at."""
        label, equals, _ = argument.partition("=")
        if label == "kube-dns" and equals:
            return f"kube-dns={LOOPBACK}:{self.nodes[node]}"
        if label.startswith("pod/"):
            return f"{label}={LOOPBACK}:{self.pods_at[label.removeprefix('pod/')]}"
        return argument

    def _end(self, name: str) -> None:
        found = self.running.get(name)
        if found is not None and found.process.poll() is None:
            found.process.send_signal(signal.SIGTERM)
            found.process.wait(timeout=30)

    def _report(self, name: str, phase: str, container: Document) -> None:
        metadata = {"name": name, "namespace": NAMESPACE}
        status = {"phase": phase, "containerStatuses": [container]}
        document = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": status}
        self.api.patch(document, "kubelet", part="status")

    def log(self, pod: str, since: float | None) -> str:
        lines = self.running[pod].lines if pod in self.running else []
        return "".join(text for at, text in lines if since is None or at >= time.time() - since)


@contextmanager
def hosting(host: ProbeHost, folder: Path) -> Iterator[ProbeHost]:
    """The nodes are there, and turn after turn is taken, beside the block."""
    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), _handler(host))
    certificate, key = Authority(folder).server_files()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    over = threading.Event()

    def work() -> None:
        while not over.wait(TURN_SECONDS):
            host.turn()

    threads = [threading.Thread(target=work), threading.Thread(target=server.serve_forever)]
    for node in host.nodes:
        with suppress(RefusedError):
            host.api.delete("Node", node)
        host.api.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": node}})
        host.api.patch(_node(node, server.server_port), "kubelet", part="status")
    for thread in threads:
        thread.start()
    try:
        yield host
    finally:
        over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
        for each in host.running.values():
            each.process.kill()
            each.process.wait()
            each.reading.join()


def _handler(host: ProbeHost) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            _, _, _, pod, _ = parts.path.split("/")
            since = parse_qs(parts.query).get("sinceSeconds")
            body = host.log(pod, float(since[0]) if since else None).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test's output is its own."""

    return Handler


def _node(name: str, port: int) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {
            "addresses": [{"type": "InternalIP", "address": LOOPBACK}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
        },
    }


def _binding(name: str, node: str) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "target": {"apiVersion": "v1", "kind": "Node", "name": node},
    }


def _container(pod: Document) -> Document:
    container = pod["spec"]["containers"][0]
    return {"name": container["name"], "image": container["image"], "imageID": "", "restartCount": 0}
