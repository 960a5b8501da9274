"""The program in the pods of a probe, against servers on the loopback."""

import math

import pytest

from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.lines import read_lines
from eksaddon.domain.probing.server import DnsServer
from eksaddon.probe.agent import Agent
from eksaddon.probe.live import probe_of
from tests.support.network.dns_server import dns_server, with_address


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr("eksaddon.probe.engine.TOO_LATE", math.inf)


def test_every_server_is_counted_apart_and_failures_are_listed(monkeypatch):
    monkeypatch.setattr("eksaddon.probe.agent.LINE_EVERY", 0.05)
    lines: list[str] = []
    gate = ProbeGate(rate=200, timeout=30.0, expect=("A=10.0.0.1",))
    with dns_server() as good, dns_server(lambda query: with_address(query, "10.0.0.9")) as wrong:
        servers = {"kube-dns": good, "pod/a": wrong}
        probes = {name: probe_of(gate, DnsServer("127.0.0.1", port)) for name, port in servers.items()}
        Agent(probes, lines.append).run(0.3)
    found = read_lines("\n".join(lines))
    assert len(found) == len(lines)
    last = found[-1]
    assert last.is_last
    assert last.servers["kube-dns"].good == last.servers["kube-dns"].asked > 0
    assert last.servers["pod/a"].failures == (("wrong-answer", last.servers["pod/a"].asked),)
    listed = [one for each in found for one in each.failures]
    assert len(listed) + sum(each.omitted for each in found) == last.servers["pod/a"].asked
    assert {one.server for one in listed} == {"pod/a"}


def test_a_stop_ends_it_with_a_last_line():
    lines: list[str] = []
    with dns_server() as port:
        agent = Agent({"kube-dns": probe_of(ProbeGate(), DnsServer("127.0.0.1", port))}, lines.append)
        agent.stopped.set()
        agent.run(3600)
    (last,) = read_lines("\n".join(lines))
    assert last.is_last
