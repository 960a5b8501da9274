"""CoreDNS's own counters, through the proxy of a real API server to real CoreDNS, right by right."""

import socket
from collections.abc import Iterator
from pathlib import Path

import dns.message
import pytest

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.probing.own_counts import OwnCounts
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.probing.metrics import DENIED, OwnCounters
from eksaddon.probe.coredns import LOOPBACK
from tests.e2e.kube.cluster.access import Grant
from tests.e2e.kube.cluster.adapters import REF, adapter
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import NAMESPACE, place
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.cluster.dns_host import DnsHost
from tests.e2e.kube.cluster.kubelet import working
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.probing.test_probe import COUNTERS, grants, install_roles
from tests.e2e.kube.probing.test_prove import kube_dns_ready
from tests.support.network.balancer import Balancer

pytestmark = pytest.mark.e2e

LAMEDUCK = 4


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Iterator[DnsHost]:
    install_roles(server.api())
    with Balancer({"node-a": 0.0}) as balancer:
        dns_host = DnsHost(server.api(), balancer, tmp_path, LAMEDUCK, network=server.pod_network)
        update(server.api(EKS), Release(), ResolveConflicts.OVERWRITE)
        try:
            with working(dns_host):
                until(lambda: len(ready(server)) == 2, seconds=30, what="two CoreDNS run")
                yield dns_host
        finally:
            dns_host.close()


def fail(port: int, times: int) -> None:
    """So many lookups that CoreDNS answers with SERVFAIL."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        for _ in range(times):
            sock.sendto(dns.message.make_query("servfail.test.", "A").to_wire(), (LOOPBACK, port))
            assert dns.message.from_wire(sock.recv(512)).rcode() == dns.rcode.SERVFAIL


def client(server: Server):  # lightkube's
    found = adapter(server).client(REF)
    assert not isinstance(found, NotChecked), found
    return found


def all_pods(server: Server) -> set[str]:
    return {str(pod["metadata"]["name"]) for pod in server.api().items("Pod")}


def ready(server: Server) -> set[str]:
    return {str(pod["metadata"]["name"]) for pod in kube_dns_ready(server.api())}


def test_the_rise_is_what_coredns_answered_also_by_a_pod_that_ended_meanwhile(
    server: Server, host: DnsHost
) -> None:
    own, api = OwnCounters(), client(server)
    first, second = host.ports
    fail(host.ports[first], 3)
    own.begin(api)
    assert own.found() == OwnCounts(2)
    fail(host.ports[first], 2)
    fail(host.ports[second], 1)
    server.api().call("DELETE", place("Pod", first, NAMESPACE))
    until(lambda: first in host.deleted, seconds=10, what="the pod is ending")
    fail(host.ports[first], 4)
    own.watch(api)
    until(lambda: len(ready(server) - {first, second}) == 1, seconds=30, what="another pod is ready")
    (third,) = ready(server) - {first, second}
    fail(host.ports[third], 5)
    until(lambda: first not in all_pods(server), seconds=30, what="the first pod is gone")
    own.finish(api)
    assert own.found() == OwnCounts(3, (("servfail", 2 + 1 + 4 + 5),))


@pytest.mark.parametrize(
    "missing", [each for each in grants() if each[1].resource in COUNTERS], ids=lambda each: f"{each[1]}"
)
def test_without_a_right_nothing_is_read_and_the_report_says_so(
    server: Server, host: DnsHost, missing: tuple[str, Grant]
) -> None:
    assert len(host.ports) == 2
    own = OwnCounters()
    install_roles(server.api(), without=missing)
    own.begin(client(server))
    own.finish(client(server))
    found = own.found()
    assert (found.pods, found.rises) == (0, ())
    said = DENIED if missing[1].resource == "pods/proxy" else 'cannot get resource "configmaps"'
    assert said in found.unread
