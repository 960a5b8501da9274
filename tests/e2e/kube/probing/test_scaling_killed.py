"""`prove --scale-to 0` is killed on a real API server; another process restores what it left."""

import signal
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.kube.scaling import SCALED
from eksaddon.rules.audit.commands import with_name
from eksaddon.rules.scaled_down import scaled_down
from eksaddon.sim.http.server import running
from eksaddon.sim.resources import Endpoint
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.adapters import REF, adapter, seen
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import Document
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.cluster.kubelet import Kubelet, working
from tests.e2e.kube.cluster.probe_host import NAMESPACE, ProbeHost, hosting
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.probing.test_probe import SECONDS, install_roles, left
from tests.e2e.kube.probing.test_prove import ATTEMPTS
from tests.support.child import environment, finish, read_until, start
from tests.support.network.balancer import Balancer
from tests.support.network.dns_server import dns_server

pytestmark = pytest.mark.e2e

SCENARIO = f"""
version: 1
accounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]
clusters: [{{name: {REF.name}, region: {REF.region}, addon: v1.14.7-eksbuild.10, kubernetes: "1.36"}}]
"""
FLEET = f"""
version: 1
coredns: {{terminationGracePeriod: 45s}}
accounts: [{{id: "{REF.account}", regions: [{REF.region}]}}]
"""
ON_CLUSTER = ("--cluster", REF.name, "--account", REF.account, "--region", REF.region)
PROVE = ("prove", *ON_CLUSTER, "--image", "eksdns", "--scale-to", "0", "--test-cluster")
CALM = ("--rate", "10", "--timeout", "5", "--confirm-name", REF.name)
SHORT = """\
from inspect import signature
from eksaddon.domain.probing.gate import ProbeGate

signature(ProbeGate)  # compiles its __init__
ProbeGate.__init__.__defaults__ = tuple(2 if each == 5 else each for each in ProbeGate.__init__.__defaults__)
"""
"""Of the baseline, in seconds."""


@contextmanager
def cluster(server: Server, folder: Path) -> Iterator[Mapping[str, str]]:
    """Two pods, nodes for a probe, and what a process needs to reach them."""
    api = server.api()
    install(api)
    install_roles(api)
    update(server.api(EKS), Release(), ResolveConflicts.OVERWRITE)
    place = Endpoint(server.url, server.authority.read_text())
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"), endpoint_of=lambda _: place)
    (folder / "fleet.yaml").write_text(FLEET)
    with (
        dns_server() as port,
        Balancer({"node-a": 0.0, "node-b": 0.0}) as balancer,
        working(Kubelet(api)),
        running(world.handle) as address,
    ):
        balancer.add("pod-1", port, at_once=True)
        host = ProbeHost(
            api, {name: node.port for name, node in balancer.nodes.items()}, defaultdict(lambda: port)
        )
        with hosting(host, folder):
            until(lambda: not seen(adapter(server)).unfinished, seconds=30, what="the add-on runs")
            try:
                yield environment(folder, address.url, EKSDNS_CONFIG=str(folder / "fleet.yaml"))
            finally:
                for job in api.items("Job", NAMESPACE):
                    api.delete("Job", str(job["metadata"]["name"]), NAMESPACE)
                until(lambda: not left(api), seconds=SECONDS, what="the pods of the probe are gone")


def deployment(server: Server) -> tuple[int, Document]:
    found = server.api().get("Deployment", "coredns")
    return found["spec"]["replicas"], found["metadata"].get("annotations", {})


def run(env: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    return finish(start(*words, env=env))


def kill_once_scaled(env: Mapping[str, str], before: int) -> None:
    """A host that is too busy to measure ends a proof before the scaling, which changes nothing."""
    told: list[str] = []
    while len(told) < ATTEMPTS:
        with start(*PROVE, *CALM, env=env, before=SHORT) as child:
            try:
                read_until(child, f"scaled CoreDNS from {before} to 0 replicas")
            except AssertionError as ended:
                told.append(str(ended))
                continue
            child.kill()
        assert child.returncode == -signal.SIGKILL
        return
    raise AssertionError(told)


def test_a_killed_proof_leaves_its_record_and_the_documented_command_restores_the_replicas(
    server: Server, tmp_path: Path
) -> None:
    with cluster(server, tmp_path) as env:
        before, _ = deployment(server)
        kill_once_scaled(env, before)
        replicas, annotations = deployment(server)
        assert (replicas, annotations[SCALED]) == (0, f"{before} to 0")
        live = seen(adapter(server))
        finding = scaled_down(live)
        assert finding is not None
        command = with_name(finding.detail, REF).split("`")[1]
        assert command == f"eksdns prove --cluster {REF} --restore"
        code, _, err = run(env, *command.split()[1:])
        assert (code, f"restored the {before} replicas" in err) == (0, True), err
        replicas, annotations = deployment(server)
        assert (replicas, SCALED in annotations) == (before, False)
