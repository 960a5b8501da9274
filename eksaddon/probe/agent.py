"""The probe that runs in a pod: queries several servers concurrently, prints counts every second."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import field

from eksaddon.domain.probing.lines import FailedLookup, ProbeLine, to_line
from eksaddon.frozen import dataclass
from eksaddon.probe.check import Probe
from eksaddon.probe.live import LiveProbe
from eksaddon.probe.samples import Sample

LINE_EVERY = 1.0


@dataclass(slots=True)
class Agent:
    """Prints counts until it is stopped.

    Attributes:
        probes: By the server's name.
        put: Writes a line immediately.
    """

    probes: Mapping[str, Probe]
    put: Callable[[str], None]
    stopped: threading.Event = field(default_factory=threading.Event)
    _failures: deque[FailedLookup] = field(init=False, default_factory=deque)

    def run(self, seconds: float) -> None:
        """Probe for the given seconds; returns after the last answers."""
        live = {name: LiveProbe(probe, seen=self._watch(name)) for name, probe in self.probes.items()}
        end = time.monotonic() + seconds
        sequence = 0
        while not self.stopped.wait(min(LINE_EVERY, max(0.0, end - time.monotonic()))):
            sequence += 1
            self._print(sequence, live)
            if time.monotonic() >= end:
                break
        for each in live.values():
            each.stop()
        for each in live.values():
            each.join()
        self._print(sequence + 1, live, is_last=True)

    def _watch(self, name: str) -> Callable[[Sample], None]:
        def seen(sample: Sample) -> None:
            if sample.failure:
                self._failures.append(FailedLookup(name, sample.sent, sample.failure))

        return seen

    def _print(self, sequence: int, live: Mapping[str, LiveProbe], *, is_last: bool = False) -> None:
        failures = tuple(self._failures.popleft() for _ in range(len(self._failures)))
        figures = {name: each.figures() for name, each in live.items()}
        self.put(to_line(ProbeLine(sequence, time.time(), figures, failures, is_last=is_last)))
