"""CoreDNS's own counters, over a Kubernetes API that answers what a test says."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from lightkube import Client

from eksaddon.domain.probing.own_counts import OwnCounter, OwnCounts
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.kube.network.replies import UnexpectedReplyError
from eksaddon.kube.probing.metrics import OwnCounters, counts_of
from eksaddon.ports import Reach
from tests.support.rollouts import refs_of

(REF,) = refs_of(1)
TEXT = """\
# HELP coredns_panics_total A metrics that counts the number of panics.
# TYPE coredns_panics_total counter
coredns_build_info{goversion="go1.26",revision="",version="1.14.7"} 1
coredns_panics_total 3
coredns_dns_responses_total{plugin="",rcode="NOERROR",server="dns://:53",view="",zone="."} 1.2e+03
coredns_dns_responses_total{plugin="",rcode="SERVFAIL",server="dns://:53",view="",zone="."} 4
coredns_dns_responses_total{plugin="forward",rcode="SERVFAIL",server="dns://:53",zone="a,b."} 5 1767258000
coredns_dns_responses_total{server="dns://:53",zone="xrcode=\\"SERVFAIL\\""} 9
coredns_reload_failed_total 1
coredns_health_request_failures_total 2
coredns_proxy_healthcheck_failures_total{proxy_name="forward",to="10.0.0.2:53"} 6
coredns_forward_healthcheck_failures_total{to="10.0.0.2:53"} 7
coredns_forward_healthcheck_broken_total 8
go_goroutines 41
process_cpu_seconds_total NaN
"""


def test_the_counters_of_errors_are_read_with_all_their_labels() -> None:
    assert counts_of(TEXT) == {
        OwnCounter.PANICS: 3,
        OwnCounter.SERVFAIL: 9,
        OwnCounter.FAILED_RELOADS: 1,
        OwnCounter.FAILED_HEALTH_CHECKS: 2,
        OwnCounter.FAILED_UPSTREAM_CHECKS: 13,
        OwnCounter.NO_HEALTHY_UPSTREAM: 8,
    }


def test_a_counter_without_an_event_is_absent_and_counts_as_none() -> None:
    assert set(counts_of("coredns_build_info 1\n").values()) == {0}


@pytest.mark.parametrize("text", ["", "go_goroutines 41\n", "coredns_panics_total 1\n", "<html></html>"])
def test_the_metrics_of_another_program_are_none(text: str) -> None:
    with pytest.raises(UnexpectedReplyError):
        counts_of(text)


@dataclass
class Pods:
    """What the API server answers.

    Attributes:
        metrics: By pod: a text, or the code of an error; 0 for no answer.
        codes: Of other requests, by the end of their path.
    """

    metrics: dict[str, str | int] = field(default_factory=dict)
    ending: set[str] = field(default_factory=set)
    codes: dict[str, int] = field(default_factory=dict)
    corefile: str = ".:53 {\n    prometheus :9153\n}\n"
    asked: list[str] = field(default_factory=list)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        for part, code in self.codes.items():
            if path.endswith(part):
                return httpx2.Response(code, json={"kind": "Status", "code": code, "message": "no"})
        if path == "/version":
            return httpx2.Response(200, json={"major": "1", "minor": "33"})
        if path.endswith("/pods"):
            return httpx2.Response(
                200, json={"kind": "PodList", "items": [self.pod(each) for each in self.metrics]}
            )
        if path.endswith("/configmaps/coredns"):
            document = {
                "kind": "ConfigMap",
                "metadata": {"name": "coredns"},
                "data": {"Corefile": self.corefile},
            }
            return httpx2.Response(200, json=document)
        name, _, rest = path.removeprefix("/api/v1/namespaces/kube-system/pods/").partition(":")
        assert rest == "9153/proxy/metrics"
        self.asked.append(name)
        found = self.metrics[name]
        if found == 0:
            raise httpx2.ReadTimeout("silent")
        if isinstance(found, int):
            return httpx2.Response(found, json={"kind": "Status", "code": found, "message": "no"})
        return httpx2.Response(200, text=found)

    def pod(self, name: str) -> dict[str, Any]:
        metadata: dict[str, Any] = {"name": name, "uid": f"uid-{name}"}
        if name in self.ending:
            metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        return {"metadata": metadata, "spec": {"containers": []}, "status": {"phase": "Running"}}


def panics(count: int) -> str:
    return f"coredns_build_info 1\ncoredns_panics_total {count}\n"


class Directory:
    def reach(self, _: object) -> Reach:
        return Reach("https://kubernetes.invalid", "", lambda: "token")


@pytest.fixture
def connected() -> Iterator[Any]:
    opened: list[KubeWorkloads] = []

    def of(pods: Pods) -> Client:
        kube = KubeWorkloads(Directory(), time.time, transport=httpx2.MockTransport(pods.handle))
        opened.append(kube)
        client = kube.client(REF)
        assert not isinstance(client, NotChecked)
        return client

    yield of
    for each in opened:
        each.close()


def test_rises_are_summed_over_pods_of_before_and_after(connected: Any) -> None:
    pods = Pods({"a": panics(1), "b": panics(5)})
    client, own = connected(pods), OwnCounters()
    own.begin(client)
    assert own.found() == OwnCounts(2)
    pods.metrics = {"a": panics(2), "b": panics(5), "new": panics(3)}
    own.finish(client)
    assert own.found() == OwnCounts(3, (("panics", 4),))


def test_an_ending_pod_is_read_until_it_is_gone(connected: Any) -> None:
    pods = Pods({"a": panics(0), "b": panics(0)}, ending={"a"})
    client, own = connected(pods), OwnCounters()
    own.begin(client)
    pods.metrics["a"] = panics(7)
    own.watch(client)
    assert pods.asked == ["a", "b", "a"]
    del pods.metrics["a"]
    own.finish(client)
    assert own.found() == OwnCounts(2, (("panics", 7),))


def test_a_pod_that_went_unread_is_named(connected: Any) -> None:
    pods = Pods({"a": panics(0), "b": panics(0)})
    client, own = connected(pods), OwnCounters()
    own.begin(client)
    del pods.metrics["a"]
    own.finish(client)
    assert own.found() == OwnCounts(2, (), "pod a ended before they were read again")


@pytest.mark.parametrize(
    ("pods", "unread", "asked"),
    [
        (Pods({"a": 403, "b": panics(0)}), "pods/proxy is not granted in kube-system", 1),
        (Pods({"a": 503, "b": panics(0)}), "port 9153 of pod a did not answer through the API server", 2),
        (Pods({"a": 503, "b": 0, "c": panics(0)}), "port 9153 of pod a did not answer", 2),
        (Pods({"a": 0}), "pod a: the Kubernetes API did not respond in time", 1),
        (
            Pods({"a": "go_goroutines 1\n"}),
            "pod a: invalid response from the Kubernetes API (not the metrics",
            1,
        ),
        (
            Pods({"a": panics(0)}, codes={"/configmaps/coredns": 403}),
            "port of CoreDNS's metrics is unknown: access",
            0,
        ),
        (Pods({"a": panics(0)}, codes={"/pods": 403}), "access denied by the Kubernetes API", 0),
        (Pods({"a": panics(0)}, corefile=".:53 {\n    errors\n}\n"), "has no prometheus plugin", 0),
    ],
    ids=[
        "denied",
        "one silent",
        "two silent",
        "late",
        "another program",
        "no ConfigMap",
        "no pods",
        "no plugin",
    ],
)
def test_what_cannot_be_read_is_a_reason(connected: Any, pods: Pods, unread: str, asked: int) -> None:
    own = OwnCounters()
    client = connected(pods)
    own.begin(client)
    assert unread in own.found().unread
    assert len(pods.asked) == asked
    own.watch(client)
    own.finish(client)
    assert unread in own.found().unread


def test_a_pod_that_answers_again_is_read_again(connected: Any) -> None:
    pods = Pods({"a": 503})
    client, own = connected(pods), OwnCounters()
    own.begin(client)
    pods.metrics["a"] = panics(2)
    own.finish(client)
    assert own.found() == OwnCounts(1, (("panics", 2),))
