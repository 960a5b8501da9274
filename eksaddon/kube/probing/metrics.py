"""CoreDNS's own counters of errors, read from its metrics through the API server's proxy to the pods."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.resources.core_v1 import ConfigMap, Pod

from eksaddon.corefile import metrics_port, parse
from eksaddon.domain.probing.own_counts import Counts, OwnCounter, OwnCounts, rises
from eksaddon.frozen import dataclass
from eksaddon.kube.gathering import http_of
from eksaddon.kube.network.replies import UnexpectedReplyError
from eksaddon.kube.pods import NAME, SELECTOR
from eksaddon.kube.troubles import FAULTS, not_checked
from eksaddon.regex import regex

NAMESPACE = "kube-system"
REQUEST_SECONDS = 3.0
"""For one pod; the API server waits longer for an address that does not answer."""

MOST_SILENT = 2
"""Pods without an answer, after which the others are not asked: the same thread reads the probe's logs."""

DENIED = "pods/proxy is not granted in kube-system (configs/access/probe.yaml)"
_FORBIDDEN = (401, 403)

_SERIES: Mapping[OwnCounter, tuple[str, ...]] = {
    OwnCounter.PANICS: ("coredns_panics_total",),
    OwnCounter.SERVFAIL: ("coredns_dns_responses_total",),
    OwnCounter.FAILED_RELOADS: ("coredns_reload_failed_total",),
    OwnCounter.FAILED_HEALTH_CHECKS: ("coredns_health_request_failures_total",),
    OwnCounter.FAILED_UPSTREAM_CHECKS: (
        "coredns_forward_healthcheck_failures_total",
        "coredns_proxy_healthcheck_failures_total",
    ),
    OwnCounter.NO_HEALTHY_UPSTREAM: ("coredns_forward_healthcheck_broken_total",),
}
"""Names by counter: checks of upstreams are `forward`'s up to 1.10.1, and `proxy`'s from 1.11 on (source:
metrics.go of the plugins, 1.8.7 to 1.14.7)."""

_COUNTERS = {name: counter for counter, names in _SERIES.items() for name in names}
_PRESENT = "coredns_build_info"
"""Series that every CoreDNS has; the counters of a kind without an event yet are absent."""

_SAMPLE = regex(r"(coredns_\w+)(?:\{(.*)\})? ([0-9][0-9.e+]*)(?: [0-9]+)?")
_SERVFAIL = regex(r'(?:^|,)rcode="SERVFAIL"(?:,|$)')


def counts_of(text: str) -> Counts:
    """The counters in Prometheus's text format.

    Raises:
        UnexpectedReplyError: It is not the text of a CoreDNS.
    """
    found, is_coredns = dict.fromkeys(OwnCounter, 0), False
    for line in text.splitlines():
        sample = _SAMPLE.fullmatch(line)
        if sample is None:
            continue
        name, labels, value = sample[1], sample[2] or "", sample[3]
        is_coredns = is_coredns or name == _PRESENT
        counter = _COUNTERS.get(name)
        if counter is not None and (counter is not OwnCounter.SERVFAIL or _SERVFAIL.search(labels)):
            found[counter] += int(float(value))
    if not is_coredns:
        raise UnexpectedReplyError("not the metrics of a CoreDNS")
    return found


@dataclass(slots=True)
class OwnCounters:
    """Reads the counters of all pods before and after, and those of ending pods as long as they answer.

    No method raises for what a cluster answers: what cannot be read is a reason in `found`.
    """

    _first: dict[str, Counts] = field(init=False, default_factory=dict)
    _last: dict[str, Counts] = field(init=False, default_factory=dict)
    _names: dict[str, str] = field(init=False, default_factory=dict)
    _again: set[str] = field(init=False, default_factory=set)
    _unread: dict[str, str] = field(init=False, default_factory=dict)
    _port: int = field(init=False, default=0)
    _given_up: str = field(init=False, default="")

    def begin(self, client: Client) -> None:
        """Read each pod for the first time."""
        try:
            config = client.get(ConfigMap, NAME, namespace=NAMESPACE)
            port = metrics_port(parse((config.data or {}).get("Corefile", "")))
        except FAULTS as error:
            self._given_up = f"the port of CoreDNS's metrics is unknown: {not_checked(error).reason}"
            return
        if port is None:
            self._given_up = "the Corefile has no prometheus plugin with an address outside the pod"
            return
        self._port = port
        self._read_all(client, self._pods(client))
        self._first = dict(self._last)
        self._again.clear()

    def watch(self, client: Client) -> None:
        """Read the pods that are ending: their counters go with them."""
        ending = [pod for pod in self._pods(client) if pod.metadata and pod.metadata.deletionTimestamp]
        self._read_all(client, ending)

    def finish(self, client: Client) -> None:
        """Read each pod for the last time."""
        pods = self._pods(client)
        self._read_all(client, pods)
        here = {pod.metadata.uid for pod in pods if pod.metadata}
        for uid in self._first:
            if uid not in self._again and uid not in here:
                self._unread.setdefault(uid, f"pod {self._names[uid]} ended before they were read again")

    def found(self) -> OwnCounts:
        """The rises up to the newest reading."""
        last, reasons = dict(self._last), tuple(self._unread.values())  # another thread may be reading
        unread = self._given_up or next(iter(reasons), "")
        return OwnCounts(len(last), rises(self._first, last), unread)

    def _pods(self, client: Client) -> Sequence[Pod]:
        if self._given_up:
            return ()
        try:
            return [*_running(client.list(Pod, namespace=NAMESPACE, labels=dict(SELECTOR)))]
        except FAULTS as error:
            self._given_up = not_checked(error).reason
            return ()

    def _read_all(self, client: Client, pods: Sequence[Pod]) -> None:
        silent = 0
        for pod in pods:
            silent += not self._read(client, pod)
            if silent == MOST_SILENT or self._given_up:
                return

    def _read(self, client: Client, pod: Pod) -> bool:
        if pod.metadata is None:
            return False
        name, uid = pod.metadata.name or "", pod.metadata.uid or ""
        self._names[uid] = name
        try:
            counts = counts_of(metrics_of(client, name, self._port))
        except ApiError as error:
            if error.response.status_code in _FORBIDDEN:
                self._given_up = DENIED
            self._unread[uid] = f"port {self._port} of pod {name} did not answer through the API server"
            return False
        except FAULTS as error:
            self._unread[uid] = f"pod {name}: {not_checked(error).reason}"
            return False
        self._unread.pop(uid, None)
        self._last[uid] = counts
        self._again.add(uid)
        return True


def _running(pods: Iterable[Pod]) -> Iterator[Pod]:
    """Pods that can answer."""
    for pod in pods:
        if pod.status is not None and pod.status.phase == "Running":
            yield pod


def metrics_of(client: Client, pod: str, port: int) -> str:
    """The metrics of a pod, by `GET pods/NAME:PORT/proxy/metrics`.

    Raises:
        ApiError: Access is denied, or the API server cannot reach the pod (503).
    """
    path = f"api/v1/namespaces/{NAMESPACE}/pods/{pod}:{port}/proxy/metrics"
    answer = http_of(client).get(path, timeout=REQUEST_SECONDS)
    client._client.raise_for_status(answer)  # type: ignore[no-untyped-call]  # noqa: SLF001  # as clusters.py
    return answer.text
