"""What `eksdns probe` sends and costs at each rate: `python -m tests.bench.rates`.

Asks a real CoreDNS on the loopback interface, which shares the CPUs. The prober runs as a process of its own,
so that its CPU time and memory are its own. Prints a Markdown table; nothing is asserted on time.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.probing.lookup import Transport
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.coredns import LOOPBACK, free_port, running
from tests.e2e.coredns_release import CURRENT, coredns
from tests.support.paths import ROOT

RATES = (10, 200, 500, 1000, 2000)
NAME = "eksdns.invalid"
COREFILE = """\
.:{port} {{
    bind 127.0.0.1
    hosts {{
        10.0.0.1 eksdns.invalid
    }}
}}
"""
HEADING = (
    "lookups/s",
    "transport",
    "scheduled",
    "sent",
    "lost",
    "CPU s",
    "MiB",
    "ms behind schedule, p50 / p99",
    "load",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of the prober.

    Attributes:
        found: Its JSON document.
        cpu: Seconds, user and system, of the whole process.
        memory: MiB at the peak.
        load: Processes that waited for a CPU before it started, averaged over a minute.
    """

    found: dict[str, Any]
    cpu: float
    memory: float
    load: float


def measured(port: int, rate: int, transport: Transport, seconds: int) -> Measured:
    command = (
        *(sys.executable, "-m", "eksaddon", "probe", f"{LOOPBACK}:{port}", "--name", NAME, "--quiet"),
        *("--rate", str(rate), "--transport", transport.value, "--seconds", str(seconds), "--output", "json"),
    )
    load = os.getloadavg()[0]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        found = json.loads(out.read())
    return Measured(found, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, load)


def row(rate: int, transport: Transport, run: Measured) -> str:
    totals = run.found["summary"]
    delay = totals["sendDelayMilliseconds"]
    cells = (
        f"{rate:,}",
        transport.value.upper(),
        f"{totals['scheduled']:,}",
        f"{totals['asked']:,}",
        f"{totals['asked'] - totals['good']:,}",
        f"{run.cpu:.2f}",
        f"{run.memory:.0f}",
        f"{delay['p50']:.2f} / {delay['p99']:.2f}",
        f"{run.load:.1f}",
    )
    return f"| {' | '.join(cells)} |\n"


async def table(rates: Sequence[int], seconds: int) -> None:
    port = free_port()
    question = Question(LOOPBACK, port, f"{NAME}.")
    corefile = COREFILE.format(port=port)
    async with running(coredns(CURRENT), corefile, asking(question), SystemClock()):
        for rate, transport in product(rates, Transport):
            run = await asyncio.to_thread(measured, port, rate, transport, seconds)
            sys.stdout.write(row(rate, transport, run))
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rates", description=__doc__)
    parser.add_argument("--rate", type=int, action="append", help="repeatable; default: 10 to 2,000")
    parser.add_argument("--seconds", type=int, default=8, help="of each run; default: 8")
    options = parser.parse_args()
    sys.stdout.write(f"| {' | '.join(HEADING)} |\n| {' | '.join(['---'] * len(HEADING))} |\n")
    asyncio.run(table(options.rate or RATES, options.seconds))


if __name__ == "__main__":
    main()
