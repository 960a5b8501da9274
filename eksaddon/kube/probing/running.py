"""A probe in a cluster, from its Job's creation to its deletion."""

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import httpx2
import msgspec
from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.resources.batch_v1 import Job
from lightkube.resources.core_v1 import Pod, Service
from lightkube.types import CascadeType

from eksaddon.domain.probing.figures import ProbePart, together
from eksaddon.domain.probing.lines import has_other_version, read_lines
from eksaddon.domain.probing.proof import SERVICE
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.kube.pods import SELECTOR
from eksaddon.kube.probing.job import CONTAINER, OWN, RUN, ProbeJob, manifest
from eksaddon.kube.probing.metrics import OwnCounters
from eksaddon.kube.probing.pod_log import PodLog
from eksaddon.kube.troubles import not_checked
from eksaddon.ports.probes import ProbeReading, ProbeRequest, RunningProbe
from eksaddon.regex import regex

SERVICE_NAMESPACE, DNS_PORT = "kube-system", 53
POLL_SECONDS = 2.0
"""On average; at varying times, so that some readings come right after a line, which compares the clocks."""

OVERLAP_SECONDS = 15
"""Of the log that is read again each time; lines have numbers, so none counts twice."""

START_SECONDS, START_POLL = 120.0, 0.5

QUIET_SECONDS = 20.0
"""Without a new line of a pod, after which it counts as unable to measure."""

ENDED_SECONDS = 5.0
"""As above, at the end of the probe: then the figures lack the last seconds."""

END_ATTEMPTS = 3
"""To read the last lines, if a reading fails."""

TROUBLES = (ApiError, httpx2.HTTPError, OSError, ValueError, msgspec.MsgspecError)
_UNFIT = regex(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class KubeProbe:
    """Reads the logs of a Job's pods on a thread of its own."""

    connect: Callable[[], Client | NotChecked]
    job: ProbeJob
    sleep: Callable[[float], None] = time.sleep
    with_traces: bool = False
    with_points: bool = False
    logs: dict[str, PodLog] = field(default_factory=dict)
    own: OwnCounters = field(default_factory=OwnCounters)
    _trouble: str = field(init=False, default="")
    _stopped: threading.Event = field(init=False, default_factory=threading.Event)
    _stopped_at: float = field(init=False, default=0.0)
    _is_gone: bool = field(init=False, default=False)
    _last_trouble: str = field(init=False, default="")
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _thread: threading.Thread | None = field(init=False, default=None)

    def await_lines(self, seconds: float) -> NotChecked | None:
        """Read until every pod has printed a line; None once they have."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.collect()
            if self._trouble:
                return NotChecked(self._trouble)
            if len(self.logs) == self.job.gate.nodes and all(each.newest for each in self.logs.values()):
                return None
            self.sleep(START_POLL)
        waiting = [each.trouble or f"pod {each.pod} has printed nothing" for each in self.logs.values()]
        return NotChecked("; ".join(waiting) or "the Job has no pods; see its events")

    def follow(self) -> None:
        """Continue reading in a thread."""
        client = self.connect()
        if not isinstance(client, NotChecked):
            self.own.begin(client)
        self._thread = threading.Thread(target=self._run, name="probe-log", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        dice = random.Random()  # noqa: S311  # spreads polls, guards nothing
        while not self._stopped.wait(POLL_SECONDS * dice.uniform(0.75, 1.25)):
            self.collect()
            client = self.connect()
            if not isinstance(client, NotChecked):
                self.own.watch(client)

    def collect(self) -> None:
        """Read what is new of every pod's log."""
        client = self.connect()
        if isinstance(client, NotChecked):
            with self._lock:
                self._trouble = client.reason
            return
        try:
            pods = list(client.list(Pod, namespace=self.job.gate.namespace, labels=_labels(self.job.labels)))
        except TROUBLES as error:
            with self._lock:
                self._trouble = not_checked(error).reason
            return
        with self._lock:
            self._trouble = ""
        for pod in pods:
            self._collect(client, pod)

    def _collect(self, client: Client, pod: Pod) -> None:
        name = (pod.metadata.name or "") if pod.metadata else ""
        node = (pod.spec.nodeName or "") if pod.spec else ""
        with self._lock:
            log = self.logs.setdefault(name, PodLog(name, node, heard=time.monotonic()))
            log.node, log.trouble = node, waiting_for(pod)
            since = None if log.newest is None else OVERLAP_SECONDS
        if log.trouble:
            return
        try:
            text = "".join(
                client.log(name, namespace=self.job.gate.namespace, container=CONTAINER, since=since)
            )
        except TROUBLES as error:
            with self._lock:
                log.trouble = f"the log of pod {name} cannot be read: {not_checked(error).reason}"
                if is_denied(error):
                    self._trouble = log.trouble
            return
        with self._lock:
            if has_other_version(text):
                log.trouble = f"pod {name} runs another version of eksdns; use the image of this version"
            log.add(
                read_lines(text),
                time.monotonic(),
                time.time(),
                with_failures=self.with_traces,
                with_points=self.with_traces or self.with_points,
            )

    def read(self) -> ProbeReading:
        with self._lock:
            logs = tuple(self.logs.values())
            lines = [each.newest for each in logs if each.newest is not None]
            figures = together(line.servers[SERVICE] for line in lines if SERVICE in line.servers)
            nodes = ", ".join(sorted({each.node for each in logs}))
            traces = tuple(each.trace() for each in logs) if self.with_traces or self.with_points else ()
            trouble, own = self._own_trouble(logs), self.own.found()
            until = min((each.counted_until for each in logs), default=0.0)
            return ProbeReading(figures, trouble, nodes, until, tuple(_parts(logs)), own, traces)

    def _own_trouble(self, logs: Sequence[PodLog]) -> str:
        if self._is_gone:
            return self._last_trouble
        is_end = self._stopped.is_set()
        now, limit = time.monotonic(), ENDED_SECONDS if is_end else QUIET_SECONDS
        for each in logs:
            if now - each.heard > limit or (is_end and each.trouble):
                return self._trouble or each.trouble or f"pod {each.pod} has stopped printing"
        return ""

    def stop(self) -> None:
        """The pods continue until `end`; what they count from now on is not read."""
        self._stopped_at = self._stopped_at or time.monotonic()

    def end(self) -> ProbeReading:
        if self._is_gone:
            return self.read()
        self.stop()
        answered = self._stopped_at + self.job.gate.timeout * self.job.gate.tries + 2.0
        self.sleep(max(0.0, answered - time.monotonic()))
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        for _ in range(END_ATTEMPTS):
            self.collect()
            if not self.read().trouble:
                break
            self.sleep(START_POLL)
        client = self.connect()
        if isinstance(client, NotChecked):
            return self._left(self.read())
        found = self._left(self.read())
        self.own.finish(client)
        found = replace(found, own=self.own.found())
        delete(client, self.job.name, self.job.gate.namespace)
        return found

    def _left(self, found: ProbeReading) -> ProbeReading:
        self._last_trouble, self._is_gone = found.trouble, True
        return found


def _parts(logs: Sequence[PodLog]) -> Iterator[ProbePart]:
    for each in sorted(logs, key=lambda log: log.node):
        if each.newest is not None:
            yield from (ProbePart(each.node, name, one) for name, one in sorted(each.newest.servers.items()))


def is_denied(error: Exception) -> bool:
    """No later attempt will do better."""
    return isinstance(error, ApiError) and error.status.code in {401, 403}


def _labels(labels: Mapping[str, str]) -> Any:  # noqa: ANN401  # lightkube's type is invariant
    return dict(labels)


def waiting_for(pod: Pod) -> str:
    """Why a pod's container does not run, as Kubernetes names it; empty if it runs or ended successfully."""
    name = (pod.metadata.name or "") if pod.metadata else ""
    status = pod.status
    if status is None:
        return f"pod {name} has no status yet"
    for each in status.containerStatuses or ():
        state = each.state
        if state is not None and state.waiting is not None:
            return f"pod {name}: {state.waiting.reason}: {state.waiting.message or ''}".rstrip(": ")
        if state is not None and state.terminated is not None and state.terminated.exitCode:
            return f"pod {name} ended with {state.terminated.exitCode}: {state.terminated.reason}"
    if status.phase in {"Pending", None} and not status.containerStatuses:
        for condition in status.conditions or ():
            if condition.status == "False":
                return f"pod {name}: {condition.reason}: {condition.message}"
        return f"pod {name} is not scheduled yet"
    return (
        f"pod {name}: {status.reason}: {status.message}" if status.phase == "Failed" and status.reason else ""
    )


def delete(client: Client, name: str, namespace: str) -> NotChecked | None:
    """With its pods: without a policy the API would leave them (source: registry/batch/job/strategy.go)."""
    try:
        client.delete(Job, name, namespace=namespace, cascade=CascadeType.BACKGROUND)
    except TROUBLES as error:
        return not_checked(error)
    return None


@dataclass(frozen=True, slots=True)
class KubeProbes:
    """Starts and removes probes in clusters.

    Attributes:
        start_seconds: For an image to be pulled and the first line of every pod to be there.
        sleep: Lets seconds pass while nothing has come yet.
    """

    kube: KubeWorkloads
    start_seconds: float = START_SECONDS
    sleep: Callable[[float], None] = time.sleep

    def start(self, request: ProbeRequest) -> RunningProbe | NotChecked:
        return self.open(request)

    def open(self, request: ProbeRequest) -> KubeProbe | NotChecked:
        """Create the Job, and wait for the first line of every pod; it is deleted where that fails."""
        client = self.kube.client(request.ref)
        if isinstance(client, NotChecked):
            return client
        try:
            servers = servers_of(client, with_pods=request.with_pods)
            if isinstance(servers, NotChecked):
                return servers
            job = ProbeJob(
                f"eksdns-probe-{secrets.token_hex(4)}",
                label_of(request.run_id),
                request.gate,
                servers,
                int(request.seconds),
            )
            made: Any = Job.from_dict(dict(manifest(job)))
            client.create(made, namespace=request.gate.namespace)
        except TROUBLES as error:
            return not_checked(error)
        return self._started(
            KubeProbe(
                lambda: self.kube.client(request.ref),
                job,
                self.sleep,
                request.with_traces,
                request.with_points,
            ),
            client,
        )

    def _started(self, probe: KubeProbe, client: Client) -> KubeProbe | NotChecked:
        trouble = probe.await_lines(self.start_seconds)
        if trouble is not None:
            delete(client, probe.job.name, probe.job.gate.namespace)
            return trouble
        probe.follow()
        return probe

    def clean(self, ref: ClusterRef, namespace: str, run_id: str = "") -> tuple[str, ...] | NotChecked:
        """Delete the Jobs of probes; the names of those that there were.

        Args:
            run_id: Of one run only; empty for all.
        """
        client = self.kube.client(ref)
        if isinstance(client, NotChecked):
            return client
        labels = _labels({**OWN, **({RUN: label_of(run_id)} if run_id else {})})
        try:
            jobs = list(client.list(Job, namespace=namespace, labels=labels))
        except TROUBLES as error:
            return not_checked(error)
        names = [(each.metadata.name or "") if each.metadata else "" for each in jobs]
        for name in names:
            if (trouble := delete(client, name, namespace)) is not None:
                return trouble
        return tuple(names)


def label_of(run_id: str) -> str:
    """A run's id as a label's value."""
    return _UNFIT.sub("-", run_id)[:63].strip("-._")


def servers_of(client: Client, *, with_pods: bool) -> Mapping[str, str] | NotChecked:
    """The Service's address, and those of the pods behind it.

    Raises:
        ApiError: They cannot be read; and what the HTTP client raises.
    """
    service = client.get(Service, SERVICE, namespace=SERVICE_NAMESPACE)
    address = (service.spec.clusterIP or "") if service.spec else ""
    if not address or address == "None":
        return NotChecked("the Service kube-dns has no address", "is it headless?")
    found = {SERVICE: place_of(address)}
    if with_pods:
        for pod in client.list(Pod, namespace=SERVICE_NAMESPACE, labels=dict(SELECTOR)):
            name = (pod.metadata.name or "") if pod.metadata else ""
            if pod.status and pod.status.podIP and pod.metadata and not pod.metadata.deletionTimestamp:
                found[f"pod/{name}"] = place_of(pod.status.podIP)
    return found


def place_of(address: str) -> str:
    return f"[{address}]:{DNS_PORT}" if ":" in address else f"{address}:{DNS_PORT}"
