"""`prove` on a real API server: real CoreDNS behind a load balancer whose propagation is known."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.app.probing.proof_report import document
from eksaddon.app.probing.prove import Proof, plan_proof, prove
from eksaddon.app.runtime import SystemClock
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.proof import propagations
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.target import Target
from eksaddon.kube.probing.running import KubeProbes
from eksaddon.ports import WorkloadApi
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.adapters import REF, adapter
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import Api, Document
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.cluster.dns_host import DnsHost, looking_after
from tests.e2e.kube.cluster.probe_host import NAMESPACE, ProbeHost, hosting
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.probing.test_probe import SECONDS, install_roles, left
from tests.support.network.balancer import Balancer
from tests.support.simulation import self_managed, simulate

pytestmark = pytest.mark.e2e

GATE = ProbeGate(ProbeFrom.CLUSTER, rate=50, image="eksdns", nodes=2, baseline=2)
LAMEDUCK = 1
ATTEMPTS = 3
"""A host that is too busy to measure makes a proof inconclusive."""


@contextmanager
def cluster(server: Server, folder: Path, propagation: float) -> Iterator[DnsHost]:
    """Two CoreDNS pods of the add-on's Deployment, and two nodes that learn of changes after a while."""
    api, over = server.api(), threading.Event()
    install(api)
    install_roles(api)
    with Balancer({"node-a": propagation, "node-b": propagation}) as balancer:
        dns = DnsHost(api, balancer, folder, LAMEDUCK)
        update(server.api(EKS), Release(), ResolveConflicts.OVERWRITE)
        thread = threading.Thread(target=looking_after, args=(dns, over))
        thread.start()
        host = ProbeHost(api, {name: node.port for name, node in balancer.nodes.items()}, dns.ports)
        try:
            until(lambda: len(kube_dns_ready(api)) == 2, seconds=30, what="two CoreDNS are ready")
            with hosting(host, folder):
                yield dns
                until(lambda: not left(api), seconds=SECONDS, what="the pods of the probe are gone")
        finally:
            over.set()
            thread.join()
            dns.close()


def kube_dns_ready(api: Api) -> list[Document]:
    def is_ready(pod: Document) -> bool:
        return any(one["type"] == "Ready" for one in pod["status"].get("conditions", []))

    return [pod for pod in api.items("Pod") if is_ready(pod)]


def proven(server: Server, gate: ProbeGate = GATE, *, scale_to: int | None = None) -> Proof:
    """By a user who has the rights of the two manifests in configs/access, and no other."""
    unproven: list[Proof] = []
    while len(unproven) < ATTEMPTS:
        found = attempted(server, gate, scale_to)
        if found.judged.word is not ProbeWord.INCONCLUSIVE:
            return found
        unproven.append(found)
    raise AssertionError([each.judged.reasons for each in unproven])


def attempted(server: Server, gate: ProbeGate, scale_to: int | None) -> Proof:
    kube = adapter(server)
    base = simulate(self_managed(".:53 {\n}\n")).session
    workloads: WorkloadApi = kube
    session = replace(
        base,
        workloads=workloads,
        restarts=kube,
        probes=KubeProbes(kube),
        clock=SystemClock(),
        run=asyncio.run,
    )
    plan = plan_proof(session, Target(REF), gate, scale_to)
    assert len(plan.pods) == 2
    notes: list[str] = []
    found = prove(session, plan, run_id="proof", note=notes.append)
    assert bool(found.restarted) == (
        ("restarted CoreDNS" if scale_to is None else "restored 2 replicas") in notes
    )
    return found


def swallowed(dns: DnsHost) -> dict[str, float]:
    """Seconds from a pod's deletion to the last lookup that each node sent to it in vain."""
    return {
        name: max(
            each.at - dns.deleted[each.endpoint]
            for each in node.given
            if each.is_swallowed and each.endpoint in dns.deleted
        )
        for name, node in dns.balancer.nodes.items()
    }


@pytest.mark.parametrize("propagation", [2.0, 5.0, 10.0])
def test_the_propagation_of_the_load_balancer_is_measured(
    propagation: float, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eksaddon.app.probing.prove.QUIET_SECONDS", 2.0)
    with cluster(server, tmp_path, propagation) as dns:
        proof = proven(server)
        assert proof.judged.word is ProbeWord.FAIL, proof.judged
        assert propagations(proof.losses) == pytest.approx(swallowed(dns), abs=0.5)
        assert min(swallowed(dns).values()) > propagation / 2
        for each in proof.deletions:
            assert each.deleted == pytest.approx(dns.deleted[each.pod], abs=0.5)
        assert {each.pod for each in proof.losses} <= {*dns.deleted, ""}
        assert document(proof)["lost"] == proof.reading.figures.lost
        assert server.api().items("Job", NAMESPACE) == []


def test_nothing_is_lost_where_pods_answer_for_longer(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eksaddon.app.probing.prove.QUIET_SECONDS", 2.0)
    with cluster(server, tmp_path, 0.1):
        proof = proven(server, replace(GATE, timeout=5.0))
    assert proof.reading.figures.lost == 0, proof.losses
    assert propagations(proof.losses) == {}
