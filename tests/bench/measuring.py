"""One run of one program, measured from outside."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.bench.contenders import Contender
from tests.bench.serving import Counts, Simulator
from tests.support.paths import ROOT

_KIB = 1 if sys.platform != "darwin" else 1024
"""Of ru_maxrss: kibibytes, but bytes on a Mac."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a program took.

    Attributes:
        wall: Seconds.
        cpu: Seconds, user and system, with those of its children.
        memory: MiB at the peak, of its largest process.
    """

    name: str
    clusters: int
    wall: float
    cpu: float
    memory: float
    counts: Counts

    @property
    def calls(self) -> int:
        return sum(self.counts.calls.values())


class WrongCountError(Exception):
    """A program that has not read every cluster is not worth measuring."""


def measure(contender: Contender, simulator: Simulator, env: Mapping[str, str], clusters: int) -> Measurement:
    """Run a program to its end.

    Raises:
        WrongCountError: It fails, or has read fewer or more clusters than there are.
    """
    expected = min(clusters, contender.limit or clusters)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before = simulator.counts()
        started = time.perf_counter()
        process = subprocess.Popen(contender.command, stdout=out, stderr=err, env=dict(env), cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        found = contender.count(out.read().decode()) if process.returncode == 0 else 0
        if found != expected:
            tail = err.read().decode()[-2000:]
            message = (
                f"{contender.name} read {found} of {expected} clusters, exit {process.returncode}: {tail}"
            )
            raise WrongCountError(message)
    counts = simulator.counts().since(before)
    memory = usage.ru_maxrss / 1024 / _KIB
    return Measurement(contender.name, found, wall, usage.ru_utime + usage.ru_stime, memory, counts)


def best(runs: list[Measurement]) -> Measurement:
    """Take the least of each figure, which is what others on the machine have disturbed least."""
    return replace(
        runs[0],
        wall=min(each.wall for each in runs),
        cpu=min(each.cpu for each in runs),
        memory=min(each.memory for each in runs),
    )
