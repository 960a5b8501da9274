"""Runs a probe from query to verdict, for rollout gates and `eksdns probe`."""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal, assert_never

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.expectation import DATA, Expectation
from eksaddon.domain.probing.lookup import PortMode, Transport
from eksaddon.domain.probing.verdict import Thresholds
from eksaddon.frozen import dataclass
from eksaddon.probe.ask import Question
from eksaddon.probe.channels import Channels, TcpChannels, UdpChannels
from eksaddon.probe.engine import MOST_LATE, Engine, Load
from eksaddon.probe.packets import Packets
from eksaddon.probe.ports import allow_descriptors
from eksaddon.probe.samples import Sample
from eksaddon.probe.totals import Totals
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict, judge

MOST_WAITING = 65_536
"""Ids of queries (source: RFC 1035, section 4.1.1)."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe: query, rate and expected answers.

    Attributes:
        rate: Lookups per second.
        tries: Packets per lookup; each waits for the query's timeout.
        ports: UDP source ports; TCP uses a few connections.
    """

    question: Question
    rate: float = 10.0
    tries: int = 1
    ports: PortMode = PortMode.WALKED
    expectation: Expectation = DATA

    def __post_init__(self) -> None:
        """Raises EksdnsError if more lookups would wait in parallel than ids can distinguish."""
        seconds = self.question.timeout * self.tries
        waiting = self.rate * seconds
        if waiting >= MOST_WAITING:
            raise EksdnsError(
                f"{self.rate:g} lookups per second, each waiting up to {seconds:g} s, "
                f"are up to {waiting:,.0f} concurrent lookups; DNS ids distinguish {MOST_WAITING:,}",
                hint="lower the rate, the timeout or the tries",
                exit_code=ExitCode.USAGE,
            )

    @property
    def load(self) -> Load:
        return Load(self.rate, self.question.timeout, self.tries)


def _ignore(_: Sample) -> None:
    """Default callback."""


async def check(
    probe: Probe,
    thresholds: Thresholds,
    *,
    seconds: float,
    known_reachable: bool = False,
    seen: Callable[[Sample], None] = _ignore,
    late: Callable[[], None] = lambda: None,
) -> ProbeVerdict:
    """Probe for the given seconds and judge; a cancelled check stops sending.

    Args:
        known_reachable: The server has answered from here before, so no answer is a failure.
        seen: Called with each completed lookup, on another thread.
        late: Called there for each lookup that was answered after it was counted as timed out.
    """
    stopped = threading.Event()
    try:
        found = await asyncio.to_thread(measure_load, probe, seconds, stopped, seen, late)
    finally:
        stopped.set()
    return judge(found, thresholds, known_reachable=known_reachable)


def measure_load(
    probe: Probe,
    seconds: float,
    stopped: threading.Event,
    seen: Callable[[Sample], None] = _ignore,
    late: Callable[[], None] = lambda: None,
) -> Totals:
    """Probe on this thread for the given seconds, or until `stopped`; then wait for the last answers."""
    found = Totals()

    def count(sample: Sample) -> None:
        found.add(sample)
        seen(sample)

    def count_late() -> None:
        found.add_late()
        late()

    engine = open_engine(probe, count, count_late)
    end = time.monotonic() + seconds
    engine.run(lambda: stopped.is_set() or time.monotonic() >= end)
    found.scheduled, found.missed = engine.scheduled, engine.missed
    return found


def open_engine(probe: Probe, seen: Callable[[Sample], None], late: Callable[[], None]) -> Engine:
    """Create an engine, which can run on any thread.

    Args:
        seen: See Engine, as `late`.
    """
    load = probe.load
    allow_descriptors(round(load.rate * load.timeout * load.tries) + MOST_LATE)
    packets = Packets(probe.question.query().to_wire(), probe.expectation)
    return Engine(packets, _channels(probe), load, seen, late)


def _channels(probe: Probe) -> Channels:
    address = (probe.question.server, probe.question.port)
    match probe.question.transport:
        case Transport.UDP:
            return UdpChannels(address, probe.ports, random.Random())  # noqa: S311 - a place to start from
        case Transport.TCP:
            return TcpChannels(address)
        case _:
            assert_never(probe.question.transport)


def word(verdict: ProbeVerdict) -> Literal["pass", "fail", "inconclusive"]:
    """Verdict as pass, fail or inconclusive; published in JSON output and used by gates."""
    match verdict:
        case Pass():
            return "pass"
        case Fail():
            return "fail"
        case Inconclusive():
            return "inconclusive"
        case never:
            assert_never(never)


def reasons(verdict: ProbeVerdict) -> Sequence[str]:
    """Why the probe did not pass; one sentence for each reason."""
    return () if isinstance(verdict, Pass) else verdict.reasons
