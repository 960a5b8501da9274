"""The prober against servers on the loopback that keep their own count."""

import random
import selectors
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from eksaddon.domain.probing.expectation import ANY_ANSWER
from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.probing.lookup import PortMode, Transport
from eksaddon.domain.probing.verdict import is_silent
from eksaddon.probe.ask import Question
from eksaddon.probe.channels import TcpChannels, UdpChannels
from eksaddon.probe.check import Probe, measure_load
from eksaddon.probe.engine import Engine, Load
from eksaddon.probe.packets import Packets
from eksaddon.probe.ports import port_range, walk
from eksaddon.probe.samples import NoReply, Sample
from eksaddon.probe.totals import Totals
from tests.support.network.refusing import refusing_port

MOST_LOOKUPS = 20_000

Serve = Callable[[int, bytes], bytes | None]
"""The reply to the n-th query, from 0; None for silence."""


def echo(_number: int, query: bytes) -> bytes:
    return query[:2] + bytes([query[2] | 0x80]) + query[3:]


@dataclass
class Server:
    """A UDP server on a thread, with the ground truth of what reached it.

    Attributes:
        ports: Source ports, in the order of their queries.
    """

    port: int
    queries: list[bytes] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)


@contextmanager
def udp(serve: Serve, host: str = "127.0.0.1") -> Iterator[Server]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 0))
        server, done = Server(sock.getsockname()[1]), threading.Event()

        def run() -> None:
            while not done.is_set():
                query, sender = sock.recvfrom(65_535)
                if done.is_set():
                    return
                server.queries.append(query)
                server.ports.append(sender[1])
                if (reply := serve(len(server.queries) - 1, query)) is not None:
                    sock.sendto(reply, sender)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield server
        finally:
            done.set()
            sock.sendto(b"", sock.getsockname())
            thread.join()


def asked(
    port: int,
    lookups: int,
    *,
    ports: PortMode = PortMode.WALKED,
    tcp: bool = False,
    load: Load | None = None,
    host: str = "127.0.0.1",
    watch: Callable[[Totals], None] = lambda _: None,
    until: Callable[[Totals], bool] = lambda _: True,
) -> tuple[Totals, list[Sample]]:
    """Ask so many lookups as fast as the load says, and more `until` it is true, but not for ever.

    Args:
        watch: Called after each completed lookup.
    """
    found, samples = Totals(), list[Sample]()

    def count(sample: Sample) -> None:
        found.add(sample)
        samples.append(sample)
        watch(found)

    channels = TcpChannels((host, port)) if tcp else UdpChannels((host, port), ports, random.Random(1))
    packets = Packets(Question("127.0.0.1").query().to_wire(), ANY_ANSWER)
    engine = Engine(packets, channels, load or Load(4000, timeout=30.0), count, found.add_late)
    engine.run(lambda: engine.scheduled >= (lookups if until(found) else MOST_LOOKUPS))
    found.scheduled, found.missed = engine.scheduled, engine.missed
    return found, samples


@pytest.mark.slow
@pytest.mark.parametrize("ports", PortMode)
def test_the_prober_counts_what_the_server_counts(ports: PortMode) -> None:
    with udp(lambda number, query: None if number % 7 == 3 else echo(number, query)) as server:
        found, _ = asked(server.port, 300, ports=ports, load=Load(2000, timeout=1.0))
    silent = sum(1 for number in range(len(server.queries)) if number % 7 == 3)
    assert found.asked == found.sent == len(server.queries) == 300
    assert found.losses == Counter({"timeout": silent})
    assert found.good == 300 - silent


def test_a_walk_repeats_no_port_and_a_kept_one_repeats_always() -> None:
    with udp(echo) as server:
        asked(server.port, 200, ports=PortMode.WALKED)
    assert len(set(server.ports)) == 200
    first, last = port_range()
    count = last - first + 1
    steps = Counter((later - sooner) % count for sooner, later in pairwise(server.ports))
    assert steps.most_common(1)[0][0] == 1
    with udp(echo) as server:
        asked(server.port, 50, ports=PortMode.KEPT)
    assert len(set(server.ports)) == 1


def test_the_walk_goes_through_the_whole_range_and_begins_again() -> None:
    first, last = port_range()
    seen = [port for port, _ in zip(walk(random.Random(1)), range(2 * (last - first + 1)), strict=False)]
    assert Counter(seen) == Counter(dict.fromkeys(range(first, last + 1), 2))


def test_a_server_of_ipv6_is_asked() -> None:
    with udp(echo, "::1") as server:
        found, _ = asked(server.port, 20, host="::1")
    assert (found.good, len(server.queries)) == (20, 20)


@pytest.mark.slow
def test_each_try_is_a_packet_of_the_same_lookup_from_the_same_port() -> None:
    packets = Counter[bytes]()

    def third_time(number: int, query: bytes) -> bytes | None:
        packets[query] += 1
        return echo(number, query) if packets[query] == 3 else None

    with udp(third_time) as server:
        found, samples = asked(server.port, 5, load=Load(50, timeout=1.0, tries=3))
    assert (found.asked, found.sent, found.good) == (5, 15, 5)
    assert {sample.tries for sample in samples} == {3}
    assert set(Counter(server.ports).values()) == {3}


def test_a_reply_of_another_id_or_question_is_not_an_answer() -> None:
    def wrong(number: int, query: bytes) -> bytes:
        reply = echo(number, query)
        return bytes([reply[0] ^ 1]) + reply[1:] if number % 2 else reply.replace(b"default", b"another")

    with udp(wrong) as server:
        found, _ = asked(server.port, 10, load=Load(500, timeout=0.05))
    assert found.losses == Counter({"timeout": 10})


@pytest.mark.parametrize("ports", PortMode)
def test_a_port_that_no_one_listens_on_is_a_refusal_and_no_timeout(ports: PortMode) -> None:
    with refusing_port() as port:
        found, _ = asked(port, 20, ports=ports)
    assert found.losses == Counter({Loss.REFUSED.value: 20})


class _Unsendable(UdpChannels):
    def take(self, _selector: selectors.BaseSelector) -> OSError:
        return OSError(101, "Network is unreachable")


def test_unsent_lookups_are_distinguished_from_lost_ones() -> None:
    found = Totals()
    channels = _Unsendable(("127.0.0.1", 1), PortMode.RANDOM, random.Random(1))
    engine = Engine(
        Packets(Question("127.0.0.1").query().to_wire(), ANY_ANSWER), channels, Load(500), found.add
    )
    engine.run(lambda: engine.scheduled >= 5)
    assert found.losses == Counter({Loss.NOT_SENT.value: 5})


@pytest.mark.impatient
def test_a_lookup_that_is_too_late_is_missed_and_not_sent_in_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.probe.engine.TOO_LATE", -1.0)
    with udp(echo) as server:
        found, _ = asked(server.port, 10)
    assert (found.scheduled, found.missed, found.asked, server.queries) == (10, 10, 0, [])


class Stream:
    """A TCP server that answers all, or does what a test says with a connection's n-th query."""

    def __init__(self, act: Callable[[int], str] = lambda _: "answer") -> None:
        self.act = act
        self.queries = 0
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Stream":
        self._start(self._accept)
        return self

    def _start(self, target: Callable[..., None], *args: object) -> None:
        self._threads.append(threading.Thread(target=target, args=args, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        received, number = bytearray(), 0
        with sock, suppress(ConnectionError):  # of a prober that has ended
            while data := sock.recv(65_535):
                received += data
                while len(received) >= 2 and len(received) >= (end := 2 + int.from_bytes(received[:2])):
                    query = bytes(received[2:end])
                    del received[:end]
                    self.queries += 1
                    match self.act(number):
                        case "close":
                            return
                        case "answer":
                            reply = echo(0, query)
                            sock.sendall(len(reply).to_bytes(2) + reply)
                    number += 1

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def test_lookups_by_tcp_share_a_few_connections() -> None:
    with Stream() as server:
        found, _ = asked(server.port, 200, tcp=True)
        assert (found.good, found.sent, server.queries) == (200, 200, 200)
        assert server.connections == 4


def test_a_connection_that_is_closed_loses_its_lookups_and_is_opened_again() -> None:
    with Stream(lambda number: "close" if number == 9 else "answer") as server:
        load = Load(1000, timeout=30.0)
        found, _ = asked(server.port, 100, tcp=True, load=load, until=lambda _: server.connections > 4)
        assert set(found.losses) <= {Loss.BROKEN.value}
        assert found.good + found.lost == found.asked
        assert found.good > 0 < found.lost


def test_a_connection_on_which_a_lookup_times_out_is_replaced() -> None:
    with Stream(lambda number: "silence" if number == 2 else "answer") as server:
        load = Load(1000, timeout=0.05)
        found, _ = asked(server.port, 40, tcp=True, load=load, until=lambda _: server.connections > 4)
        assert found.losses[Loss.TIMEOUT.value] >= 1
        assert server.connections > 4


def test_a_tcp_port_that_no_one_listens_on_refuses() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    found, _ = asked(port, 12, tcp=True)
    assert found.losses == Counter({Loss.REFUSED.value: 12})


def test_a_stopped_measurement_ends_and_waits_for_the_last_answers() -> None:
    stopped = threading.Event()

    def serve(number: int, query: bytes) -> bytes:
        if number == 3:
            stopped.set()
        return echo(number, query)

    with udp(serve) as server:
        probe = Probe(Question("127.0.0.1", server.port, timeout=30.0), 200, expectation=ANY_ANSWER)
        found = measure_load(probe, 3600, stopped)
    assert found.good == found.asked == len(server.queries) >= 4


@dataclass
class Held:
    """A UDP server that keeps its first answers until a test releases them, and gives all others at once."""

    count: int
    kept: list[tuple[bytes, tuple[str, int]]] = field(default_factory=list)
    is_released: bool = False

    def __enter__(self) -> "Held":
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self.port = self._sock.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self) -> None:
        while True:
            query, sender = self._sock.recvfrom(65_535)
            if self._done.is_set():
                return
            if len(self.kept) < self.count:
                self.kept.append((echo(0, query), sender))
            else:
                self._sock.sendto(echo(0, query), sender)

    def release_after(self, found: Totals, numbers: slice = slice(None)) -> None:
        """Send kept answers, once all of their lookups have timed out: they were sent before all others."""
        if not self.is_released and found.losses[Loss.TIMEOUT.value] >= self.count == len(self.kept):
            self.is_released = True
            for reply, sender in self.kept[numbers]:
                self._sock.sendto(reply, sender)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._sock.sendto(b"", self._sock.getsockname())
        self._thread.join()
        self._sock.close()


def is_late(count: int) -> Callable[[Totals], bool]:
    return lambda found: found.losses[Loss.LATE.value] >= count


@pytest.mark.parametrize("ports", PortMode)
def test_an_answer_after_the_timeout_is_late_and_no_lookup_is_counted_twice(ports: PortMode) -> None:
    with Held(3) as server:
        load, first_two = Load(1000, timeout=0.05), slice(2)
        found, samples = asked(
            server.port,
            20,
            ports=ports,
            load=load,
            watch=lambda found: server.release_after(found, first_two),
            until=is_late(2),
        )
    assert found.losses[Loss.LATE.value] >= 2
    assert found.losses[Loss.TIMEOUT.value] >= 1
    assert found.asked == len(samples)
    lost = found.losses[Loss.LATE.value] + found.losses[Loss.TIMEOUT.value]
    assert (found.asked - found.good, found.lost, found.asked - found.answered) == (lost, lost, lost)


def test_a_late_answer_proves_that_the_server_is_there() -> None:
    with Held(1) as server:
        load = Load(1000, timeout=0.05)
        found, _ = asked(server.port, 20, load=load, watch=server.release_after, until=is_late(1))
    assert not is_silent(found.figures())


def test_only_some_are_waited_for_and_none_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.probe.engine.MOST_LATE", 2)
    with Held(10) as server:
        load = Load(1000, timeout=0.05)
        found, _ = asked(server.port, 20, load=load, watch=server.release_after, until=is_late(1))
    assert server.is_released
    assert found.losses[Loss.TIMEOUT.value] >= 8
    monkeypatch.setattr("eksaddon.probe.engine.LATE_SECONDS", 0.0)
    with Held(1) as server:
        found, _ = asked(server.port, 100, ports=PortMode.KEPT, load=load, watch=server.release_after)
    assert found.losses[Loss.TIMEOUT.value] >= 1
    assert Loss.LATE.value not in found.losses


def test_the_load_must_be_possible() -> None:
    for bad in ({"rate": 0}, {"timeout": 0}, {"tries": 0}):
        with pytest.raises(ValueError, match="impossible load"):
            Load(**bad)


def test_transports_are_asked_as_they_are_named() -> None:
    with Stream() as server:
        stopped = threading.Event()
        question = Question("127.0.0.1", server.port, transport=Transport.TCP, timeout=30.0)
        seen: list[Sample] = []

        def watch(sample: Sample) -> None:
            seen.append(sample)
            stopped.set()

        found = measure_load(Probe(question, 200, expectation=ANY_ANSWER), 3600, stopped, watch)
        assert found.good == len(seen) == server.queries
        assert not any(isinstance(sample.result, NoReply) for sample in seen)
