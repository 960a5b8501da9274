"""Probes that run in the background and are read while they run."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import field
from itertools import chain

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.probing.expectation import read_expectation
from eksaddon.domain.probing.figures import Figures, together
from eksaddon.domain.probing.gate import API_SERVER, ProbeGate
from eksaddon.domain.probing.server import DnsServer, read_server
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports.probes import ProbeReading, ProbeRequest, RunningProbe
from eksaddon.probe.ask import Question
from eksaddon.probe.check import Probe, open_engine
from eksaddon.probe.engine import Engine
from eksaddon.probe.samples import Sample
from eksaddon.probe.totals import Totals

NO_SERVER = "no DNS server is known for this cluster (set --dns-server, or `servers` of the gate)"
HERE = "this host"


@dataclass(slots=True)
class LiveProbe:
    """The probe of one server, on its own thread.

    Attributes:
        seen: Called on that thread with each completed lookup.
    """

    probe: Probe
    seen: Callable[[Sample], None] = lambda _: None
    _totals: Totals = field(init=False, default_factory=Totals)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _stopped: threading.Event = field(init=False, default_factory=threading.Event)
    _ended: float = field(init=False, default=0.0)
    _engine: Engine = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._engine = open_engine(self.probe, self._count, self._count_late)
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._engine.run(self._stopped.is_set)
        self._ended = time.time()

    def _count(self, sample: Sample) -> None:
        with self._lock:
            self._totals.add(sample)
        self.seen(sample)

    def _count_late(self) -> None:
        with self._lock:
            self._totals.add_late()

    def figures(self) -> Figures:
        """Counts so far."""
        with self._lock:
            self._totals.scheduled, self._totals.missed = self._engine.scheduled, self._engine.missed
            self._totals.forget_quiet()
            return self._totals.figures()

    @property
    def counted_until(self) -> float:
        """Seconds since the epoch."""
        return self._ended or time.time()

    def stop(self) -> None:
        self._stopped.set()

    def join(self) -> None:
        """Wait for the last answers, at most the timeout of every try."""
        self.stop()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class LiveProbes:
    """Probes of all servers of one cluster."""

    probes: Sequence[LiveProbe]

    def read(self) -> ProbeReading:
        until = min(each.counted_until for each in self.probes)
        return ProbeReading(together(each.figures() for each in self.probes), "", HERE, until)

    def stop(self) -> None:
        for each in self.probes:
            each.stop()

    def end(self) -> ProbeReading:
        self.stop()
        for each in self.probes:
            each.join()
        return self.read()


class LocalProbes:
    """Probes from this host."""

    def start(self, request: ProbeRequest) -> RunningProbe | NotChecked:
        """Start the probes; failures are returned as NotChecked."""
        try:
            servers = servers_of(request)
            probes = [probe_of(request.gate, one) for one in servers]
        except EksdnsError as error:
            return NotChecked(str(error), error.hint)
        return LiveProbes([LiveProbe(each) for each in probes]) if probes else NotChecked(NO_SERVER)


def servers_of(request: ProbeRequest) -> tuple[DnsServer, ...]:
    """Distinct servers, those of the request first.

    Raises:
        EksdnsError: A server of the gate is invalid.
    """
    named = (read_server(text) for text in request.gate.servers)
    own = (one for one in named if one.answers_for(request.ref, ""))
    found = {(one.address, one.port): one for one in chain(request.servers, own)}
    return tuple(found.values())


def probe_of(gate: ProbeGate, server: DnsServer) -> Probe:
    """The probe of a gate for a server.

    Raises:
        EksdnsError: Invalid name, type or expectation.
    """
    question = Question(
        server.address, server.port, gate.name or API_SERVER, gate.record_type, gate.transport, gate.timeout
    )
    return Probe(question, gate.rate, gate.tries, gate.ports, read_expectation(gate.expect))
