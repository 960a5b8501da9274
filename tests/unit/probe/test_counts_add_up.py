"""Every lookup ends in one way, whatever a server does with its packets."""

import math
import random
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import dns.flags
import dns.message
import dns.rcode
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.probing.expectation import read_expectation
from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.probing.lookup import PortMode
from eksaddon.domain.probing.verdict import ProbeWord, Thresholds, judge_figures
from eksaddon.probe.ask import Question
from eksaddon.probe.channels import Channel, Datagrams, UdpChannels
from eksaddon.probe.check import Probe
from eksaddon.probe.engine import Engine, Load
from eksaddon.probe.packets import Packets
from eksaddon.probe.samples import NoReply, Sample
from eksaddon.probe.seconds import Seconds
from eksaddon.probe.totals import Totals
from tests.support.examples import examples
from tests.support.network.dns_server import with_address
from tests.support.network.refusing import refusing_port

MODES = (PortMode.WALKED, PortMode.KEPT, PortMode.RANDOM)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stall of this machine is no part of what these tests are about."""
    monkeypatch.setattr("eksaddon.probe.engine.TOO_LATE", math.inf)


class Answering(socket.socket):
    """A server whose turn is taken by the test: no thread, no waiting."""

    def __init__(self, acts: Sequence[str]) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_DGRAM)
        self.bind(("127.0.0.1", 0))
        self.setblocking(False)
        self.acts = acts
        self.queries = 0
        self.late: list[tuple[bytes, tuple[str, int]]] = []

    @property
    def port(self) -> int:
        return int(self.getsockname()[1])

    def turn(self) -> None:
        while True:
            try:
                query, sender = self.recvfrom(65_535)
            except BlockingIOError:
                return
            act = self.acts[self.queries % len(self.acts)]
            self.queries += 1
            for reply in REPLIES[act](query):
                self.sendto(reply, sender)
            if act == "late":
                self.late.append((with_address(query), sender))


def _with(query: bytes, change: Callable[[dns.message.Message], object]) -> bytes:
    message = dns.message.from_wire(with_address(query))
    change(message)
    return message.to_wire()


def _truncated(message: dns.message.Message) -> None:
    message.flags |= dns.flags.TC


REPLIES: dict[str, Callable[[bytes], list[bytes]]] = {
    "answer": lambda query: [with_address(query)],
    "twice": lambda query: [with_address(query)] * 2,
    "two answers": lambda query: [with_address(query), with_address(query, "10.0.0.9")],
    "silence": lambda _query: [],
    "late": lambda _query: [],
    "other id": lambda query: [bytes([query[0] ^ 1]) + with_address(query)[1:]],
    "other question": lambda query: [with_address(query).replace(b"default", b"another")],
    "its own query": lambda query: [query],
    "servfail": lambda query: [_with(query, lambda one: one.set_rcode(dns.rcode.SERVFAIL))],
    "nxdomain": lambda query: [_with(query, lambda one: one.set_rcode(dns.rcode.NXDOMAIN))],
    "truncated": lambda query: [_with(query, _truncated)],
    "wrong address": lambda query: [with_address(query, "10.0.0.9")],
    "cut": lambda query: [with_address(query)[:-3]],
    "short": lambda _query: [b"", b"\0"],
}
FAILURES = {
    "silence": "timeout",
    "late": "timeout",
    "other id": "timeout",
    "other question": "timeout",
    "its own query": "timeout",
    "short": "timeout",
    "servfail": "SERVFAIL",
    "nxdomain": "NXDOMAIN",
    "truncated": "truncated",
    "wrong address": "wrong-answer",
    "cut": "unreadable-reply",
}


def asked(
    server: Answering, lookups: int, mode: PortMode, load: Load
) -> tuple[Totals, list[Sample], Seconds]:
    """The server's turn comes between those of the prober, on a clock that runs a hundred times faster."""
    found, samples, by_second = Totals(), list[Sample](), Seconds()

    def seen(sample: Sample) -> None:
        found.add(sample)
        samples.append(sample)
        by_second.add(sample)

    channels = UdpChannels(("127.0.0.1", server.port), mode, random.Random(1))
    packets = Packets(Question("127.0.0.1").query().to_wire(), read_expectation(["A=10.0.0.1"]))
    engine = Engine(packets, channels, load, seen)
    while engine.scheduled < lookups:
        engine.run(lambda: engine.scheduled >= lookups)
    found.scheduled, found.missed = engine.scheduled, engine.missed
    return found, samples, by_second


def run(
    acts: Sequence[str], lookups: int, mode: PortMode, tries: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[Totals, list[Sample], Seconds, Answering]:
    """Let a server answer in turn with the prober: after each of its steps, everything sent is served."""
    with Answering(acts) as server:
        now = [1000.0]

        def select(self: selectors.EpollSelector, timeout: float | None = None) -> object:
            server.turn()
            now[0] += 0.002 + min(timeout or 0.0, 0.01)
            for reply, sender in server.late if now[0] > 1000.5 else ():
                server.sendto(reply, sender)
            return real(self, 0.0)

        real = selectors.EpollSelector.select
        stand_in = SimpleNamespace(
            monotonic=lambda: now[0],
            time=time.time,
            sleep=lambda seconds: now.__setitem__(0, now[0] + seconds),
        )
        monkeypatch.setattr("eksaddon.probe.engine.time", stand_in)
        monkeypatch.setattr(selectors.EpollSelector, "select", select)
        return (*asked(server, lookups, mode, Load(200, timeout=0.1, tries=tries)), server)


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.sampled_from(sorted(REPLIES)), min_size=1, max_size=6),
    mode=st.sampled_from(MODES),
    tries=st.integers(1, 3),
)
def test_lookups_are_sent_or_missed_and_answered_or_lost(acts: list[str], mode: PortMode, tries: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eksaddon.probe.engine.TOO_LATE", math.inf)
        found, samples, by_second, server = run(acts, 12, mode, tries, patch)
    assert found.scheduled == found.asked + found.missed == 12
    assert found.asked == len(samples) == found.good + sum(found.losses.values())
    assert found.sent == server.queries == sum(one.tries for one in samples)
    assert found.asked == found.good + found.lost
    figures, rows = found.figures(), by_second.rows()
    assert (figures.lost, figures.unsent) == (found.lost, 0)
    assert (sum(row[1] for row in rows), sum(row[2] for row in rows)) == (found.asked, found.lost)
    assert (by_second.figures().asked, by_second.figures().lost) == (found.asked, found.lost)
    if tries == 1 and mode is not PortMode.KEPT:
        expected = Counter(FAILURES[act] for act in (acts * 12)[:12] if act in FAILURES)
        assert found.losses == expected


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tries", [1, 2, 3])
def test_a_refusal_takes_every_try_and_is_one_lost_lookup(mode: PortMode, tries: int) -> None:
    found, samples = Totals(), list[Sample]()

    def seen(sample: Sample) -> None:
        found.add(sample)
        samples.append(sample)

    packets = Packets(Question("127.0.0.1").query().to_wire(), read_expectation([]))
    with refusing_port() as port:
        channels = UdpChannels(("127.0.0.1", port), mode, random.Random(1))
        engine = Engine(packets, channels, Load(500, timeout=30.0, tries=tries), seen)
        engine.run(lambda: engine.scheduled >= 20)
    assert found.losses == Counter({Loss.REFUSED.value: 20})
    assert {one.tries for one in samples} == {tries}


def test_answers_that_arrived_during_a_pause_of_this_process_are_no_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pause = [0.0]
    stand_in = SimpleNamespace(
        monotonic=lambda: time.monotonic() + pause[0], time=time.time, sleep=time.sleep
    )
    monkeypatch.setattr("eksaddon.probe.engine.time", stand_in)
    with Answering(["answer"]) as server:
        found = Totals()
        channels = UdpChannels(("127.0.0.1", server.port), PortMode.KEPT, random.Random(1))
        packets = Packets(Question("127.0.0.1").query().to_wire(), read_expectation([]))
        engine = Engine(packets, channels, Load(5000, timeout=30.0), found.add)

        def is_over() -> bool:
            if engine.scheduled < 150:
                return False
            server.turn()
            pause[0] = 60.0
            return True

        engine.run(is_over)
    assert (found.good, found.lost) == (150, 0)


class _Unreachable(Datagrams):
    def receive(self) -> Sequence[bytes]:
        raise OSError(113, "No route to host")


class _Rejecting(UdpChannels):
    def _opened(self) -> Datagrams:
        return _Unreachable(super()._opened().sock)


def test_an_icmp_error_for_a_packet_that_was_sent_is_a_loss() -> None:
    samples: list[Sample] = []
    with Answering(["answer"]) as server:
        channels = _Rejecting(("127.0.0.1", server.port), PortMode.RANDOM, random.Random(1))
        packets = Packets(Question("127.0.0.1").query().to_wire(), read_expectation([]))
        engine = Engine(packets, channels, Load(500, timeout=30.0), samples.append)

        def is_over() -> bool:
            server.turn()
            return engine.scheduled >= 5

        while engine._open or engine.scheduled < 5:
            engine.run(is_over)
            break
    assert [one.result for one in samples] == [NoReply(Loss.UNREACHABLE, "[Errno 113] No route to host")] * 5


def test_unsent_lookups_are_neither_outage_nor_packet() -> None:
    class Unsendable(UdpChannels):
        def take(self, _selector: selectors.BaseSelector) -> Channel | OSError:
            return OSError(101, "Network is unreachable")

    found, by_second = Totals(), Seconds()

    def seen(sample: Sample) -> None:
        found.add(sample)
        by_second.add(sample)

    channels = Unsendable(("127.0.0.1", 1), PortMode.RANDOM, random.Random(1))
    packets = Packets(Question("127.0.0.1").query().to_wire(), read_expectation([]))
    engine = Engine(packets, channels, Load(500, tries=2), seen)
    engine.run(lambda: engine.scheduled >= 5)
    assert (found.asked, found.lost, found.sent, found.longest_outage) == (5, 0, 0, 0.0)
    assert (found.figures().unsent, by_second.rows(), by_second.figures().unsent) == (5, (), 5)


def test_more_lookups_at_once_than_ids_are_refused() -> None:
    with pytest.raises(EksdnsError, match="lookups per second, each waiting up to 60 s, are up to 120,000"):
        Probe(Question("127.0.0.1", timeout=30.0), 2000.0, tries=2)


@pytest.mark.skipif("sys.platform != 'linux'", reason="the kernel's count of dropped packets")
def test_replies_that_this_host_drops_are_not_the_servers_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buffer takes a few replies; the others are dropped before the prober reads."""
    monkeypatch.setattr("eksaddon.probe.channels.BUFFER_BYTES", 1)
    found, pause = Totals(), [0.0]
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + pause[0], time=time.time, sleep=time.sleep)
    monkeypatch.setattr("eksaddon.probe.engine.time", clock)
    with Answering(["answer"]) as server:
        channels = UdpChannels(("127.0.0.1", server.port), PortMode.KEPT, random.Random(1))
        packets = Packets(Question("127.0.0.1").query().to_wire(), read_expectation([]))
        engine = Engine(packets, channels, Load(5000, timeout=30.0), found.add)

        def is_over() -> bool:
            if engine.scheduled == 100:
                server.turn()
            if engine.scheduled < 101:
                return False
            server.turn()
            pause[0] = 60.0
            return True

        real = Engine._read_all
        monkeypatch.setattr(
            Engine, "_read_all", lambda self, seconds: self.scheduled >= 100 and real(self, seconds)
        )
        engine.run(is_over)
    assert found.asked == found.good + found.losses[Loss.DROPPED.value] + found.losses[Loss.TIMEOUT.value]
    assert found.losses[Loss.DROPPED.value] > 0
    assert found.lost == found.losses[Loss.TIMEOUT.value]
    judged = judge_figures(found.figures(), Thresholds(max_lost=None))
    assert judged.word is ProbeWord.INCONCLUSIVE
