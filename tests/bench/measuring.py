"""One run of one program, measured from outside, and the runs of a program together."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from tests.bench.contenders import Contender
from tests.bench.serving import Simulator
from tests.support.paths import ROOT

_KIB = 1 if sys.platform != "darwin" else 1024
"""Of ru_maxrss: kibibytes, but bytes on a Mac."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program took once.

    Attributes:
        wall: Seconds.
        cpu: Seconds, user and system, with those of its children.
        memory: MiB at the peak, of its largest process.
        calls: To AWS and Kubernetes, by operation.
        load: Processes that waited for a CPU before it started, averaged over a minute.
    """

    wall: float
    cpu: float
    memory: float
    calls: Mapping[str, int]
    connections: int
    load: float

    @property
    def call_count(self) -> int:
        return sum(self.calls.values())


@dataclass(frozen=True, slots=True)
class Figure:
    """A median with the least and the greatest value."""

    middle: float
    least: float
    most: float


Measure = Callable[[Run], float]


@dataclass(frozen=True, slots=True)
class Series:
    """The runs of one program, one a turn.

    Attributes:
        clusters: How many it reads.
    """

    name: str
    clusters: int
    runs: tuple[Run, ...]

    def figure(self, measure: Measure) -> Figure:
        return _figure([measure(each) for each in self.runs])

    def ratio(self, base: "Series", measure: Measure) -> Figure:
        """Compare per cluster and within a turn, which a busy machine disturbs least.

        A program that ran in the first turn only is compared with that turn.
        """
        pairs = zip(self.runs, base.runs, strict=False)
        return _figure(
            [(measure(own) / self.clusters) / (measure(other) / base.clusters) for own, other in pairs]
        )


def _figure(values: list[float]) -> Figure:
    return Figure(median(values), min(values), max(values))


class WrongCountError(Exception):
    """A program that has not read every cluster is not worth measuring."""


def measure(contender: Contender, simulator: Simulator, env: Mapping[str, str], clusters: int) -> Run:
    """Run a program to its end.

    Raises:
        WrongCountError: It fails, or has read fewer or more clusters than there are.
    """
    expected = min(clusters, contender.limit or clusters)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before, load = simulator.counts(), os.getloadavg()[0]
        started = time.perf_counter()
        process = subprocess.Popen(contender.command, stdout=out, stderr=err, env=dict(env), cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        found = contender.count(out.read().decode()) if process.returncode in contender.codes else 0
        if found != expected:
            tail = err.read().decode()[-2000:]
            message = (
                f"{contender.name} read {found} of {expected} clusters, exit {process.returncode}: {tail}"
            )
            raise WrongCountError(message)
    counts = simulator.counts().since(before)
    memory = usage.ru_maxrss / 1024 / _KIB
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, memory, counts.calls, counts.connections, load)
