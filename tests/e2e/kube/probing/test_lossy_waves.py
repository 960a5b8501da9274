"""Waves that lose lookups: a write of eksdns restarts real CoreDNS, and nodes learn of it too late."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from eksaddon.app.runs.exit_codes import of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.probing.figures import together
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.run.outcome import Changed, RolledBack
from eksaddon.domain.run.result import RunResult, RunState
from eksaddon.kube.probing.running import KubeProbes
from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Ran, render
from tests.e2e.kube.cluster.access import EFFECT_SECONDS, allowed
from tests.e2e.kube.cluster.api import NAMESPACE as KUBE_SYSTEM
from tests.e2e.kube.cluster.control_plane import Server
from tests.e2e.kube.cluster.dns_host import DnsHost
from tests.e2e.kube.cluster.probe_host import NAMESPACE, ProbeHost, hosting
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.probing.test_probe import SECONDS, grants, install_roles, left
from tests.e2e.kube.probing.test_prove import kube_dns_ready
from tests.e2e.kube.test_both_planes import Stage, stage_of
from tests.support.network.balancer import Balancer

pytestmark = pytest.mark.e2e

PROPAGATION, LAMEDUCK = 2.0, 0
BEFORE, AFTER = 30, 45
FLEET = """
version: 1
coredns: {terminationGracePeriod: 45s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
rollout:
  waves:
    - name: all
      onFailure: ON_FAILURE
      gates: [{type: probe, from: cluster, rate: 50, image: eksdns, nodes: 2, baseline: 1s, timeout: 2s}]
"""


@contextmanager
def cluster(server: Server, folder: Path, propagation: float) -> Iterator[tuple[Stage, Balancer]]:
    api = server.api()
    install_roles(api)
    with Balancer({"node-a": propagation, "node-b": propagation}) as balancer:
        dns = DnsHost(api, balancer, folder, LAMEDUCK)
        try:
            with stage_of(server, dns) as stage:
                until(lambda: len(kube_dns_ready(api)) == 2, seconds=30, what="two CoreDNS are ready")
                host = ProbeHost(api, {name: node.port for name, node in balancer.nodes.items()}, dns.ports)
                with hosting(host, folder):
                    kube = stage.session.workloads
                    probes = KubeProbes(kube, start_seconds=20.0)  # type: ignore[arg-type]  # it is the real one
                    stage.session = replace(stage.session, probes=probes)
                    yield stage, balancer
                    until(lambda: not left(api), seconds=SECONDS, what="the pods of the probe are gone")
        finally:
            dns.close()


def run(stage: Stage, on_failure: str) -> RunResult:
    return stage.run(stage.plan(FLEET.replace("ON_FAILURE", on_failure)), "probed")


@pytest.mark.parametrize(
    ("on_failure", "ended", "grace"),
    [
        ("pause", (RunState.PAUSED, ExitCode.PAUSED), AFTER),
        ("stop", (RunState.STOPPED, ExitCode.PARTIAL), AFTER),
        ("rollback-wave", (RunState.ROLLED_BACK, ExitCode.ERROR), BEFORE),
    ],
)
def test_a_wave_that_loses_lookups_ends_as_its_on_failure_says_with_the_figures_in_every_report(
    server: Server, tmp_path: Path, on_failure: str, ended: tuple[RunState, ExitCode], grace: int
) -> None:
    with cluster(server, tmp_path, PROPAGATION) as (stage, balancer):
        result = run(stage, on_failure)
        assert stage.live()[0] == grace
        assert server.api().items("Job", NAMESPACE) == []
    assert (result.state, of_run(result)) == ended
    (one,) = result.results
    assert isinstance(one.outcome, RolledBack if grace == BEFORE else Changed)
    probe = result.waves[0].probe
    assert probe is not None
    figures = together(each.figures for each in probe.clusters)
    assert probe.verdict is ProbeWord.FAIL
    swallowed = sum(len(node.lost) for node in balancer.nodes.values())
    assert 0 < figures.lost <= swallowed
    series, (write, *_) = probe.series, probe.writes
    assert (sum(series.asked), sum(series.lost)) == (figures.asked, figures.lost)
    first_loss = next(at for at, _, lost in series.rows() if lost)
    assert write.span.began < first_loss + series.length
    told = f"{figures.lost:,} ({figures.causes})"
    for format_ in (Format.TABLE, Format.MARKDOWN, Format.HTML):
        assert told in render(Ran(result), format_, RenderOptions(width=200)), format_
    document = json.loads(render(Ran(result), Format.JSON, RenderOptions()))
    assert document["waves"][0]["probe"]["clusters"][0]["lost"] == dict(figures.failures)


def test_a_wave_whose_pods_answer_for_long_enough_passes(server: Server, tmp_path: Path) -> None:
    with cluster(server, tmp_path, 0.0) as (stage, _):
        result = run(stage, "stop")
    probe = result.waves[0].probe
    assert probe is not None
    assert (result.state, probe.verdict) == (RunState.SUCCEEDED, ProbeWord.PASS), probe.reasons


def test_a_probe_that_may_create_no_job_pauses_before_anything_is_written(
    server: Server, tmp_path: Path
) -> None:
    with cluster(server, tmp_path, PROPAGATION) as (stage, _):
        api = server.api()
        (create,) = [one for one in grants() if (one[1].verb, one[1].resource) == ("create", "jobs")]
        install_roles(api, without=create)
        until(lambda: not allowed(api, create[1], namespace=NAMESPACE), seconds=EFFECT_SECONDS, what="denied")
        result = run(stage, "rollback-wave")
        assert stage.live()[0] == BEFORE
        assert len(api.items("Pod", KUBE_SYSTEM)) == 2
        install_roles(api)
    assert (result.state, of_run(result)) == (RunState.PAUSED, ExitCode.PAUSED)
    probe = result.waves[0].probe
    assert probe is not None
    assert 'cannot create resource "jobs"' in probe.reasons[0]
