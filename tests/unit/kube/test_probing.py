"""A probe in a cluster, over a Kubernetes API that answers what a test says."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.lines import FailedLookup, ProbeLine, to_line
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.kube.probing.job import ProbeJob, arguments, manifest
from eksaddon.kube.probing.pod_log import PodLog
from eksaddon.kube.probing.running import KubeProbe, KubeProbes, label_of, place_of
from eksaddon.ports import Reach
from eksaddon.ports.probes import ProbeRequest
from tests.support.rollouts import refs_of

(REF,) = refs_of(1)
GATE = ProbeGate(ProbeFrom.CLUSTER, image="registry.example/eksdns@sha256:1", nodes=1, timeout=0.01)
EXITED = {"exitCode": 64, "reason": "Error"}
REQUEST = ProbeRequest(REF, GATE, "run:1", seconds=60)


def line(number: int, asked: int = 100, lost: int = 0) -> str:
    figures = Figures(asked, 0, asked, asked - lost, (("timeout", lost),) if lost else ())
    failures = tuple(FailedLookup("kube-dns", 1.0, "timeout") for _ in range(lost))
    return to_line(ProbeLine(number, time.time(), {"kube-dns": figures}, failures)) + "\n"


@dataclass
class Api:
    """Attributes: refused: Parts of paths that answer 403."""

    log: str = field(default_factory=lambda: line(1))
    service: dict[str, Any] = field(default_factory=lambda: {"clusterIP": "172.20.0.10"})
    pods: list[dict[str, Any]] = field(default_factory=lambda: [pod("probe-1")])
    dns_pods: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    metrics: str = "coredns_build_info 1\n"
    calls: list[str] = field(default_factory=list)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        path, method = request.url.path, request.method
        self.calls.append(f"{method} {path.rsplit('/', 2)[-1]}")
        if any(each in f"{method} {path}" for each in self.refused):
            status = {"kind": "Status", "code": 403, "message": f"cannot {method} {path}"}
            return httpx2.Response(403, json=status)
        if path == "/version":
            return httpx2.Response(200, json={"major": "1", "minor": "33"})
        if path.endswith(":9153/proxy/metrics"):
            return httpx2.Response(200, text=self.metrics)
        if path.endswith("/log"):
            return httpx2.Response(200, text=self.log)
        return httpx2.Response(200, json=self.document(method, path, request))

    def document(self, method: str, path: str, request: httpx2.Request) -> dict[str, Any]:
        match method, path.rsplit("/", 1)[-1]:
            case "GET", "coredns":
                data = {"Corefile": ".:53 {\n    prometheus :9153\n}\n"}
                return {"kind": "ConfigMap", "metadata": {"name": "coredns"}, "data": data}
            case "GET", "kube-dns":
                return {"kind": "Service", "metadata": {"name": "kube-dns"}, "spec": self.service}
            case "GET", "pods":
                return {"kind": "PodList", "items": self.dns_pods if "kube-system" in path else self.pods}
            case "GET", "jobs":
                return {"kind": "JobList", "items": self.jobs}
            case "POST", "jobs":
                self.jobs.append(json.loads(request.content))
                return self.jobs[-1]
            case "DELETE", name:
                self.jobs = [each for each in self.jobs if each["metadata"]["name"] != name]
                assert "Background" in f"{request.url.params} {request.content!r}"
                return {"kind": "Status"}
        raise AssertionError(f"{method} {path}")


def pod(name: str, **status: Any) -> dict[str, Any]:
    found = {"phase": "Running", "containerStatuses": [container(running={})], **status}
    return {"metadata": {"name": name}, "spec": {"nodeName": "node-a", "containers": []}, "status": found}


def container(**state: Any) -> dict[str, Any]:
    return {"name": "probe", "image": "", "imageID": "", "ready": True, "restartCount": 0, "state": state}


class Directory:
    def reach(self, _: object) -> Reach:
        return Reach("https://kubernetes.invalid", "", lambda: "token")


@pytest.fixture
def probes() -> Any:
    opened: list[KubeWorkloads] = []

    def of(api: Api, **options: Any) -> KubeProbes:
        kube = KubeWorkloads(Directory(), time.time, transport=httpx2.MockTransport(api.handle))
        opened.append(kube)
        return KubeProbes(kube, sleep=lambda _: None, **options)

    yield of
    for each in opened:
        each.close()


Make = Callable[..., KubeProbes]


def opened(probes: KubeProbes, request: ProbeRequest = REQUEST) -> KubeProbe:
    found = probes.start(request)
    assert isinstance(found, KubeProbe), found
    return found


def test_figures_are_those_of_the_newest_line_of_each_pod(probes: Make) -> None:
    api = Api()
    probe = opened(probes(api), replace(REQUEST, with_traces=True))
    api.log = line(1) + line(3, 300, 2) + line(2, 200)
    probe.stop()
    found = probe.end()
    assert (found.figures.asked, found.figures.lost, found.measured_at) == (300, 2, "node-a")
    assert probe.end() == found
    assert api.jobs == []
    assert len(probe.logs["probe-1"].failures) == 2


@pytest.mark.parametrize(
    ("refused", "unread"), [((), ""), (("proxy",), "pods/proxy is not granted in kube-system")]
)
def test_corednss_own_counters_are_read_before_and_after(probes: Make, refused, unread) -> None:
    api = Api(dns_pods=[pod("coredns-1", podIP="10.0.0.2")], refused=refused)
    probe = opened(probes(api))
    api.metrics += "coredns_panics_total 2\n"
    found = probe.end()
    assert found.trouble == ""
    assert found.own is not None
    assert (found.own.rises, unread in found.own.unread) == (() if unread else (("panics", 2),), True)


def test_each_coredns_pod_is_asked_where_that_is_wanted(probes: Make) -> None:
    ending = pod("going", podIP="10.0.0.3")
    ending["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    api = Api(dns_pods=[pod("coredns-1", podIP="10.0.0.2"), ending, pod("new")])
    probe = opened(probes(api), replace(REQUEST, with_pods=True, with_traces=True))
    assert probe.job.servers == {"kube-dns": "172.20.0.10:53", "pod/coredns-1": "10.0.0.2:53"}
    api.log = line(2, 300, 2)
    found = probe.end()
    assert [(part.node, part.server, part.figures.asked) for part in found.parts] == [
        ("node-a", "kube-dns", 300)
    ]
    (trace,) = found.traces
    assert (trace.node, len(trace.failures), trace.points[-1].lost) == ("node-a", 2, 2)


def test_a_probe_of_a_wave_keeps_no_lookup_however_long_it_runs(probes: Make) -> None:
    api = Api(dns_pods=[pod("coredns-1", podIP="10.0.0.2")])
    probe = opened(probes(api), replace(REQUEST, with_pods=True))
    api.log = line(2, 300, 2)
    found = probe.end()
    assert (found.figures.lost, found.traces) == (2, ())
    assert [(len(log.failures), len(log.points)) for log in probe.logs.values()] == [(0, 0)]


@pytest.mark.parametrize(("ahead", "moved"), [(0.5, 0.0), (-0.5, -0.5), (60.0, 60.0)])
def test_only_clocks_that_are_apart_are_moved(ahead: float, moved: float) -> None:
    log = PodLog("p", "n")
    assert log.trace().points == ()
    lost = FailedLookup("kube-dns", 100.0, "timeout")
    log.add([ProbeLine(1, 100.0, {}, (lost,))], 0.0, 100.0 + ahead)
    trace = log.trace()
    assert trace.failures[0].sent == trace.points[0].at == 100.0 + moved


@pytest.mark.parametrize(
    ("api", "why"),
    [
        (Api(refused=("services",)), "access denied"),
        (Api(refused=("POST",)), "access denied"),
        (Api(refused=("eksdns-probe/pods",)), "access denied"),
        (Api(refused=("/log",)), "the log of pod probe-1 cannot be read: access denied"),
        (Api(refused=("version",)), "access denied"),
        (Api(service={"clusterIP": "None"}), "has no address"),
        (Api(pods=[]), "the Job has no pods"),
        (Api(log="a warning\n"), "pod probe-1 has printed nothing"),
        (
            Api(pods=[pod("p", containerStatuses=[container(waiting={"reason": "ErrImagePull"})])]),
            "pod p: ErrImagePull",
        ),
        (
            Api(
                pods=[pod("p", containerStatuses=[container(terminated={"exitCode": 64, "reason": "Error"})])]
            ),
            "pod p ended with 64: Error",
        ),
        (
            Api(
                pods=[
                    pod(
                        "p",
                        phase="Pending",
                        containerStatuses=None,
                        conditions=[
                            {"type": "PodScheduled", "status": "True"},
                            {"type": "x", "status": "False", "reason": "Unschedulable", "message": "no node"},
                        ],
                    )
                ]
            ),
            "pod p: Unschedulable: no node",
        ),
        (Api(pods=[pod("p", phase="Pending", containerStatuses=None)]), "pod p is not scheduled yet"),
        (
            Api(pods=[pod("p", phase="Failed", containerStatuses=None, reason="Evicted", message="low")]),
            "pod p: Evicted: low",
        ),
        (Api(pods=[{"metadata": {"name": "p"}, "spec": {"containers": []}}]), "pod p has no status yet"),
    ],
)
def test_a_probe_that_cannot_run_has_a_reason_and_leaves_no_job(api: Api, why: str, probes: Make) -> None:
    found = probes(api, start_seconds=0.01).start(REQUEST)
    assert isinstance(found, NotChecked)
    assert why in found.reason
    assert api.jobs == []


def test_a_pod_that_prints_nothing_any_more_is_a_trouble(probes: Make, monkeypatch) -> None:
    api = Api()
    probe = opened(probes(api))
    assert probe.read().trouble == ""
    monkeypatch.setattr("eksaddon.kube.probing.running.QUIET_SECONDS", -1.0)
    assert probe.read().trouble == "pod probe-1 has stopped printing"
    api.refused = ("version", "pods")
    probe.collect()
    assert "access denied" in probe.read().trouble
    api.refused = ()
    monkeypatch.setattr("eksaddon.kube.probing.running.ENDED_SECONDS", -1.0)
    assert probe.end().trouble != ""


def test_a_pod_that_stopped_shortly_before_the_end_is_a_trouble_and_stays_one(probes: Make) -> None:
    probe = opened(probes(Api()))
    probe.logs["probe-1"].heard -= 10.0
    assert probe.read().trouble == ""
    assert probe.end().trouble == "pod probe-1 has stopped printing"
    assert probe.end().trouble == "pod probe-1 has stopped printing"


def test_a_pod_of_another_version_is_named_as_that(probes: Make) -> None:
    api = Api(log='{"eksdnsProbe":1,"sequence":1}\n')
    found = replace(probes(api), start_seconds=0.01).start(REQUEST)
    assert isinstance(found, NotChecked)
    assert found.reason == "pod probe-1 runs another version of eksdns; use the image of this version"


def test_a_pod_that_failed_just_before_the_end_is_a_trouble(probes: Make) -> None:
    api = Api()
    probe = opened(probes(api))
    status = {"name": "probe", "image": "", "imageID": "", "ready": False, "restartCount": 0}
    killed = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
    api.pods[0]["status"] = {"phase": "Failed", "containerStatuses": [{**status, "state": killed}]}
    assert probe.end().trouble == "pod probe-1 ended with 137: OOMKilled"


def test_clean_removes_the_jobs_of_a_run_or_of_all(probes: Make) -> None:
    api = Api(jobs=[{"metadata": {"name": "one"}, "spec": {"template": {}}}])
    assert probes(api).clean(REF, "eksdns-probe", "run:1") == ("one",)
    assert api.jobs == []
    assert probes(api).clean(REF, "eksdns-probe") == ()


@pytest.mark.parametrize("refused", ["version", "GET", "DELETE"])
def test_clean_says_what_it_may_not_do(refused: str, probes: Make) -> None:
    api = Api(jobs=[{"metadata": {"name": "one"}, "spec": {"template": {}}}], refused=(refused,))
    assert isinstance(probes(api).clean(REF, "eksdns-probe"), NotChecked)


def test_the_clock_of_a_node_is_compared_with_ours() -> None:
    log = PodLog("p", "n")
    log.add([ProbeLine(1, 100.0, {}), ProbeLine(2, 101.0, {})], 0.0, 103.0)
    assert log.offset == 2.0


def test_the_pods_of_a_job_are_told_everything_that_the_gate_asks_for() -> None:
    gate = replace(GATE, name="example.org.", expect=("A=10.0.0.1", "NODATA"), rate=99)
    job = ProbeJob("j", "run-1", gate, {"kube-dns": "172.20.0.10:53"}, 60)
    words = arguments(job)
    assert words[:3] == ["probe-agent", "--server", "kube-dns=172.20.0.10:53"]
    assert {"--rate=99", "--expect", "A=10.0.0.1", "--name", "example.org."} <= set(words)
    made: Any = manifest(job)
    assert made["spec"]["activeDeadlineSeconds"] > 60
    assert made["spec"]["template"]["spec"]["containers"][0]["image"] == gate.image


@pytest.mark.parametrize(
    ("run_id", "label"), [("20260101-1", "20260101-1"), ("a:b/c", "a-b-c"), ("x" * 99, "x" * 63), ("/", "")]
)
def test_a_run_id_becomes_a_label(run_id: str, label: str) -> None:
    assert label_of(run_id) == label


def test_an_address_of_ipv6_is_bracketed() -> None:
    assert (place_of("fd00::a"), place_of("10.0.0.1")) == ("[fd00::a]:53", "10.0.0.1:53")
