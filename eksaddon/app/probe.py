"""Probes one server, from options to text output."""

import asyncio
from collections.abc import Callable, Iterator
from typing import assert_never

from eksaddon.app.exit_table import Result, Tally, decide
from eksaddon.corefile import NotADuration, parse_duration
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.server import DnsServer, read_server
from eksaddon.domain.probing.verdict import Thresholds, read_share
from eksaddon.domain.termination import SECOND
from eksaddon.probe.ask import Question
from eksaddon.probe.check import Probe, check, reasons, word
from eksaddon.probe.document import PERCENTILES
from eksaddon.probe.histogram import Histogram
from eksaddon.probe.samples import Sample
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict

WATCH_EVERY = 0.5
"""Seconds."""


def read_question(place: str, name: str = "") -> Question:
    """Read `ADDRESS[:PORT]`.

    Args:
        name: Name to look up; empty for the API server's name.

    Raises:
        EksdnsError: Invalid address.
    """
    return question_of(read_server(place), name)


def question_of(server: DnsServer, name: str = "") -> Question:
    if not name:
        return Question(server.address, server.port)
    return Question(server.address, server.port, name)


def read_thresholds(max_lost: int | None, max_loss: str | None, max_outage: str | None) -> Thresholds:
    """Parse the thresholds of the command line; by default no lookup may fail.

    Raises:
        EksdnsError: Invalid percentage or duration.
    """
    share = None if max_loss is None else read_share(max_loss)
    lost = 0 if max_lost is None and share is None else max_lost
    return Thresholds(lost, share, None if max_outage is None else _seconds(max_outage))


def _seconds(text: str) -> float:
    found = parse_duration(text)
    if isinstance(found, NotADuration) or found < 0:
        raise EksdnsError(f"invalid duration {text!r}", hint="example: 1s", exit_code=ExitCode.USAGE)
    return found / SECOND


def probe_now(
    probe: Probe,
    thresholds: Thresholds,
    seconds: float,
    *,
    seen: Callable[[Sample], None] = lambda _: None,
    late: Callable[[], None] = lambda: None,
    watch: Callable[[], None] = lambda: None,
) -> ProbeVerdict:
    """Probe one server now.

    Args:
        seen: Called with each completed lookup, on another thread.
        late: Called there for each lookup that was answered after it was counted as timed out.
        watch: Called several times a second, on this thread.
    """

    async def watched() -> ProbeVerdict:
        probing = asyncio.ensure_future(check(probe, thresholds, seconds=seconds, seen=seen, late=late))
        try:
            while not (await asyncio.wait({probing}, timeout=WATCH_EVERY))[0]:
                watch()
        finally:
            probing.cancel()
        return await probing

    return asyncio.run(watched())


def lines(probe: Probe, verdict: ProbeVerdict) -> Iterator[str]:
    """Text output; the verdict comes first."""
    question, found = probe.question, verdict.totals
    yield f"{word(verdict)}: {question.name} {question.record_type} at {question.server}:{question.port}"
    yield from (f"  {why}" for why in reasons(verdict))
    yield f"  {found.good:,} of {found.asked:,} lookups answered, longest outage {found.longest_outage:.1f} s"
    if found.missed:
        yield f"  {found.missed:,} of {found.scheduled:,} lookups were not sent in time by this host"
    if found.took.counts:
        yield f"  answers: {_times(found.took)}"
    if found.asked:
        yield f"  sent: {found.sent:,} packets, behind schedule by {_times(found.late)}"
    yield from (f"  failed: {count:,} {kind}" for kind, count in found.by_loss())


def _times(found: Histogram) -> str:
    parts = [
        f"{name} {1000 * (found.percentile(share) or 0.0):.1f} ms" for name, share in PERCENTILES.items()
    ]
    return ", ".join((*parts, f"max {1000 * found.slowest:.1f} ms"))


def probe_exit_code(verdict: ProbeVerdict) -> ExitCode:
    """An inconclusive probe counts as inconclusive, never as passed."""
    match verdict:
        case Pass():
            return decide(Result.PROBE, Tally())
        case Fail():
            return decide(Result.PROBE, Tally(lost=1))
        case Inconclusive():
            return decide(Result.PROBE, Tally(unverified=1))
        case _:
            assert_never(verdict)
