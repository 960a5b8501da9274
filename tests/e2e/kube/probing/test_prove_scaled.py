"""`prove --scale-to 0` on a real API server: how long lookups were answered, and the replicas afterwards."""

from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.domain.probing.verdict import ProbeWord
from tests.e2e.kube.cluster.control_plane import Server
from tests.e2e.kube.probing.test_prove import GATE, LAMEDUCK, cluster, proven

pytestmark = pytest.mark.e2e


def test_a_scaling_to_0_and_back_restores_the_replicas_and_says_how_long_lookups_were_answered(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eksaddon.app.probing.prove.QUIET_SECONDS", 2.0)
    with cluster(server, tmp_path, 0.5) as dns:
        proof = proven(server, replace(GATE, timeout=2.0), scale_to=0)
        live = server.api().get("Deployment", "coredns")
        assert live["spec"]["replicas"] == 2
        assert "eksdns.dev/scaled" not in live["metadata"].get("annotations", {})
        assert proof.judged.word is ProbeWord.FAIL
        assert proof.answered_for is not None
        assert proof.answered_for >= LAMEDUCK
        assert {each.pod for each in proof.losses} == {""}
        assert {each.pod for each in proof.deletions} == set(dns.deleted)
        given = sum(len(node.lost) for node in dns.balancer.nodes.values())
        assert 0 < proof.reading.figures.lost <= given
