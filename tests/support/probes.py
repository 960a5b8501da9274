"""Probes that find what a test says, on the clock of the run."""

from collections.abc import Callable
from dataclasses import dataclass, field

from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.ports.probes import ProbeReading, ProbeRequest, RunningProbe

Count = Callable[[ClusterRef, float], ProbeReading | NotChecked]
"""What a cluster's probe has counted so many seconds after its start; NotChecked where it cannot start."""


def good(seconds: float, rate: int = 20) -> ProbeReading:
    """Every lookup was answered."""
    asked = int(seconds * rate)
    return ProbeReading(Figures(asked, 0, asked, asked), measured_at="a test")


def losing(lost: int, seconds: float, rate: int = 20) -> ProbeReading:
    asked = int(seconds * rate)
    failures = (("timeout", lost),) if lost else ()
    return ProbeReading(Figures(asked, 0, asked, asked - lost, failures, lost / rate), measured_at="a test")


@dataclass(slots=True)
class FakeProbe:
    count: Callable[[float], ProbeReading]
    now: Callable[[], float]
    began: float = field(init=False)
    ended: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.began = self.now()

    def read(self) -> ProbeReading:
        return self.count((self.now() if self.ended is None else self.ended) - self.began)

    def stop(self) -> None:
        self.ended = self.now() if self.ended is None else self.ended

    def end(self) -> ProbeReading:
        self.stop()
        return self.read()


@dataclass(slots=True)
class FakeProbes:
    """Attributes: requests: In the order in which probes were started."""

    count: Count
    now: Callable[[], float]
    requests: list[ProbeRequest] = field(default_factory=list)
    running: list[FakeProbe] = field(default_factory=list)

    def start(self, request: ProbeRequest) -> RunningProbe | NotChecked:
        self.requests.append(request)
        first = self.count(request.ref, 0.0)
        if isinstance(first, NotChecked):
            return first

        def counted(seconds: float) -> ProbeReading:
            found = self.count(request.ref, seconds)
            assert isinstance(found, ProbeReading)
            return found

        self.running.append(FakeProbe(counted, self.now))
        return self.running[-1]
