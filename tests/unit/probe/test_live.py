"""Probes that run beside a change, against a server on the loopback."""

import math
import threading

import pytest

from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.server import DnsServer, read_server
from eksaddon.domain.workload import NotChecked
from eksaddon.ports.probes import ProbeReading, ProbeRequest
from eksaddon.probe.live import LocalProbes
from eksaddon.probe.samples import NoReply, Reply, Sample
from eksaddon.probe.totals import Totals, totals
from tests.support.network.dns_server import dns_server, with_address
from tests.support.rollouts import refs_of

REF, OTHER = refs_of(2)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A stall of this machine is no part of what these tests are about."""
    monkeypatch.setattr("eksaddon.probe.engine.TOO_LATE", math.inf)


def request(*ports: int, **gate: object) -> ProbeRequest:
    settings = {"rate": 1000, "timeout": 30.0, **gate}
    servers = tuple(DnsServer("127.0.0.1", port) for port in ports)
    return ProbeRequest(REF, ProbeGate(**settings), "run", servers)  # type: ignore[arg-type]  # by name


def measured(wanted: ProbeRequest, until: threading.Event) -> ProbeReading:
    running = LocalProbes().start(wanted)
    assert not isinstance(running, NotChecked)
    assert until.wait(60)
    running.read()
    running.stop()
    found = running.end()
    assert running.end() == found
    return found


def counting(queries: list[bytes], enough: threading.Event, most: int = 40):
    def serve(query: bytes) -> bytes:
        queries.append(query)
        if len(queries) >= most:
            enough.set()
        return with_address(query)

    return serve


def test_every_lookup_is_counted_once_and_every_answer_waited_for():
    queries, enough = list[bytes](), threading.Event()
    with dns_server(counting(queries, enough)) as port:
        found = measured(request(port), enough)
    assert found.figures.good == found.figures.asked == len(queries)
    assert (found.trouble, found.measured_at) == ("", "this host")


def test_the_servers_of_a_cluster_are_added_up_and_asked_once_each():
    queries, enough = list[bytes](), threading.Event()
    with dns_server(counting(queries, enough)) as one, dns_server(counting(queries, enough)) as two:
        wanted = request(one, two, servers=(f"127.0.0.1:{one}", f"{OTHER.name}=127.0.0.1:9"))
        assert measured(wanted, enough).figures.asked == len(queries)


def test_an_unexpected_answer_is_a_failure():
    queries, enough = list[bytes](), threading.Event()
    with dns_server(counting(queries, enough)) as port:
        found = measured(request(port, expect=("A=10.0.0.9",)), enough)
    assert found.figures.failures == (("wrong-answer", found.figures.asked),)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (request(), "no DNS server is known"),
        (request(53, record_type="ODD"), "cannot query"),
        (request(53, servers=("x",)), "'x' is not an IP address"),
    ],
)
def test_what_cannot_be_asked_is_a_reason_and_no_error(wanted, why):
    found = LocalProbes().start(wanted)
    assert isinstance(found, NotChecked)
    assert why in found.reason


def test_a_server_that_is_named_for_other_clusters_is_not_asked():
    assert not read_server(f"{OTHER.name}=127.0.0.1").answers_for(REF, "")


def test_forgetting_quiet_times_changes_no_outage():
    lost, good = NoReply(Loss.TIMEOUT), Reply("NOERROR")
    failing = {*range(300, 330), 345, 700, 1490}
    samples = [Sample(at / 10, 0.1, lost if at in failing else good) for at in range(1500)]
    kept = Totals()
    for number, sample in enumerate(samples):
        kept.add(sample)
        if number % 7 == 0:
            kept.forget_quiet()
    assert kept.outages() == totals(samples).outages()
    assert len(kept.slots) < 200
    Totals().forget_quiet()
