"""A probe in a cluster on a real API server: its Job, its pods as processes, its rights verb by verb."""

import copy
import functools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.probing.running import KubeProbe, KubeProbes
from eksaddon.ports.probes import ProbeRequest
from tests.e2e.kube.cluster.access import EFFECT_SECONDS, Grant, allowed
from tests.e2e.kube.cluster.adapters import REF, adapter
from tests.e2e.kube.cluster.addon_objects import SELECTOR
from tests.e2e.kube.cluster.api import NAMESPACE as KUBE_SYSTEM
from tests.e2e.kube.cluster.api import Api, Document, RefusedError
from tests.e2e.kube.cluster.control_plane import EKSDNS, Server
from tests.e2e.kube.cluster.probe_host import NAMESPACE, ProbeHost, hosting
from tests.e2e.kube.cluster.processes import until
from tests.support.network.balancer import Balancer
from tests.support.network.dns_server import dns_server
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

MANIFEST = ROOT / "configs" / "access" / "probe.yaml"
GATE = ProbeGate(ProbeFrom.CLUSTER, rate=50, image="eksdns", nodes=2)
SECONDS = 60.0
COUNTERS = ("configmaps", "pods/proxy")
"""What the optional Role grants."""


@dataclass(frozen=True, slots=True)
class Stage:
    server: Server
    host: ProbeHost
    balancer: Balancer

    @property
    def api(self) -> Api:
        return self.server.api()

    @property
    def probes(self) -> KubeProbes:
        return KubeProbes(adapter(self.server))

    def open(self, gate: ProbeGate = GATE, *, with_pods: bool = False) -> KubeProbe | NotChecked:
        detailed = ProbeRequest(REF, gate, "run/1", seconds=600, with_pods=with_pods, with_traces=with_pods)
        return self.probes.open(detailed)

    def jobs(self) -> list[Document]:
        return self.api.items("Job", NAMESPACE)


@pytest.fixture
def stage(server: Server, tmp_path: Path) -> Iterator[Stage]:
    api = server.api()
    install_roles(api)
    _service(api)
    with dns_server() as port, Balancer({"node-a": 0.0, "node-b": 0.0}) as balancer:
        balancer.add("pod-1", port, at_once=True)
        host = ProbeHost(api, {name: node.port for name, node in balancer.nodes.items()}, {"coredns-1": port})
        with hosting(host, tmp_path):
            yield Stage(server, host, balancer)
            for job in api.items("Job", NAMESPACE):
                api.delete("Job", str(job["metadata"]["name"]), NAMESPACE)
            until(lambda: not left(api), seconds=SECONDS, what="the pods are gone")


def left(api: Api) -> list[Document]:
    for pod in api.items("Pod", NAMESPACE):
        with suppress(RefusedError):
            api.delete("Pod", str(pod["metadata"]["name"]), NAMESPACE)
    return api.items("Pod", NAMESPACE)


def _service(api: Api) -> None:
    port = {"name": "dns", "port": 53, "protocol": "UDP"}
    spec = {"clusterIP": "172.20.0.10", "selector": {"k8s-app": "kube-dns"}, "ports": [port]}
    with suppress(RefusedError):
        api.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "kube-dns"}, "spec": spec})


@functools.cache
def manifests() -> tuple[Document, ...]:
    return tuple(YAML(typ="safe", pure=True).load_all(MANIFEST))


@functools.cache
def grants() -> tuple[tuple[str, Grant], ...]:
    """Every verb of both Roles, with its namespace."""
    found = (
        (str(role["metadata"]["namespace"]), Grant(verb, group, resource, name))
        for role in manifests()
        if role["kind"] == "Role"
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames", [""])
        for verb in rule["verbs"]
    )
    return tuple(sorted(found))


def needed() -> list[tuple[str, Grant]]:
    """Without one of these nothing is measured; CoreDNS's own counters are an addition."""
    return [each for each in grants() if each[1].resource not in COUNTERS]


def install_roles(api: Api, without: tuple[str, Grant] | None = None) -> None:
    for document in manifests():
        api.apply(_less(document, without) if document["kind"] == "Role" else document, "kubectl", force=True)
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _in_namespace("default")}
    api.apply(account, "kubectl")
    until(lambda: _in_force(api, without), seconds=EFFECT_SECONDS, what="the Roles are in force")


def _in_namespace(name: str) -> Document:
    return {"name": name, "namespace": NAMESPACE}


def _in_force(api: Api, without: tuple[str, Grant] | None) -> bool:
    return all(
        allowed(api, grant, namespace=namespace) is ((namespace, grant) != without)
        for namespace, grant in grants()
    )


def _less(role: Document, without: tuple[str, Grant] | None) -> Document:
    left = copy.deepcopy(role)
    if without is None or role["metadata"]["namespace"] != without[0]:
        return left
    for rule in left["rules"]:
        if without[1].resource in rule["resources"]:
            rule["verbs"].remove(without[1].verb)
    left["rules"] = [rule for rule in left["rules"] if rule["verbs"]]
    return left


def opened(stage: Stage, *, with_pods: bool = False) -> KubeProbe:
    found = stage.open(with_pods=with_pods)
    assert isinstance(found, KubeProbe), found
    return found


def test_pods_on_two_nodes_count_what_the_nodes_were_given_and_leave_nothing(stage: Stage) -> None:
    probe = opened(stage)
    until(lambda: probe.read().figures.asked > 400, seconds=SECONDS, what="lookups are counted for seconds")
    found = probe.end()
    assert (found.trouble, found.measured_at) == ("", "node-a, node-b")
    assert found.figures.good == found.figures.asked
    until(lambda: not stage.api.items("Pod", NAMESPACE), seconds=SECONDS, what="the pods are gone")
    assert stage.jobs() == []
    last = [each.newest.servers["kube-dns"].asked for each in probe.logs.values() if each.newest]
    given = [len(node.given) for node in stage.balancer.nodes.values()]
    assert all(count > 25 for count in last)
    assert sum(given) >= found.figures.asked


def test_each_pod_is_asked_apart_from_the_service(stage: Stage) -> None:
    metadata = {"name": "coredns-1", "namespace": KUBE_SYSTEM, "labels": SELECTOR}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
    with suppress(RefusedError):
        stage.api.create(account)
    container = {"name": "coredns", "image": "x"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}
    stage.api.create(pod)
    status = {"podIP": "10.1.2.3", "podIPs": [{"ip": "10.1.2.3"}]}
    stage.api.patch(pod | {"status": status}, "kubelet", part="status")
    probe = opened(stage, with_pods=True)
    until(lambda: probe.read().figures.asked > 20, seconds=SECONDS, what="lookups are counted")
    found = probe.end()
    named = {(part.node, part.server) for part in found.parts if part.figures.good}
    assert named == {(node, name) for node in ("node-a", "node-b") for name in ("kube-dns", "pod/coredns-1")}
    assert sum(part.figures.asked for part in found.parts if part.server == "kube-dns") == found.figures.asked
    assert {trace.node for trace in found.traces} == {"node-a", "node-b"}


def test_pods_meet_the_restricted_standard_and_end_by_themselves(stage: Stage) -> None:
    probe = opened(stage)
    (job,) = stage.jobs()
    assert job["metadata"]["labels"]["eksdns.dev/run"] == "run-1"
    assert job["spec"]["activeDeadlineSeconds"] >= 600
    for pod in stage.host.seen:
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True
    probe.end()


def test_an_image_that_cannot_be_pulled_is_a_reason_and_leaves_no_job(
    stage: Stage,
) -> None:
    stage.host.starts_pods = False
    probes = replace(stage.probes, start_seconds=3.0)
    found = probes.open(ProbeRequest(REF, GATE, "run/1", seconds=600))
    assert isinstance(found, NotChecked)
    assert "ErrImagePull" in found.reason
    until(lambda: not stage.jobs(), seconds=SECONDS, what="the Job is gone")


def test_jobs_of_a_killed_process_are_found_by_run_and_removed(stage: Stage) -> None:
    opened(stage)  # and never ended
    assert stage.probes.clean(REF, NAMESPACE, "another") == ()
    names = stage.probes.clean(REF, NAMESPACE, "run/1")
    assert isinstance(names, tuple)
    assert len(names) == 1
    until(lambda: not stage.jobs(), seconds=SECONDS, what="the Job is gone")


@pytest.mark.parametrize("missing", needed(), ids=lambda each: f"{each[0]}: {each[1]}")
def test_without_any_one_verb_there_is_a_reason_and_no_figures(
    stage: Stage, missing: tuple[str, Grant]
) -> None:
    install_roles(stage.api, without=missing)
    verb, resource = missing[1].verb, missing[1].resource
    if resource == "jobs" and verb in {"list", "delete"}:
        opened(stage)
        found: object = stage.probes.clean(REF, NAMESPACE)
    else:
        found = stage.open(with_pods=True)
    assert isinstance(found, NotChecked), found
    assert f'cannot {verb} resource "{resource}"' in found.reason
    install_roles(stage.api)


def test_a_user_without_any_access_is_told_the_reason(stage: Stage) -> None:
    assert EKSDNS
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "rules": []}
    named = ((NAMESPACE, "eksdns-probe"), (KUBE_SYSTEM, "eksdns-probe"), (KUBE_SYSTEM, "eksdns-metrics"))
    for namespace, name in named:
        empty = role | {"metadata": {"name": name, "namespace": namespace}}
        stage.api.apply(empty, "kubectl", force=True)
    until(
        lambda: not any(allowed(stage.api, grant, namespace=place) for place, grant in grants()),
        seconds=EFFECT_SECONDS,
        what="nothing is allowed",
    )
    found = stage.open(replace(GATE, nodes=1))
    assert isinstance(found, NotChecked)
    assert "access denied" in found.reason
