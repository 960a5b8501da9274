"""The check `dns-probe` of a wave: ask the DNS servers that somebody named for its clusters."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from eksaddon.apply.checks import FAIL, INCONCLUSIVE, PASS
from eksaddon.corefile import NotADuration, parse_duration
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.rollout.strategy import DNS_PROBE
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.selection import ClusterPattern, read_cluster_pattern
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.termination import SECOND
from eksaddon.probe.ask import Question
from eksaddon.probe.check import Probe, check, reasons, word
from eksaddon.probe.document import PERCENTILES
from eksaddon.probe.histogram import Histogram
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict, Thresholds, read_share

NAME = DNS_PROBE
DEFAULT_PORT = 53

SECONDS, RATE = 10.0, 10.0
"""Duration in seconds and lookups per second of one probe of the check."""

_WORD = r"[^:\[\]]*"
_PLACE = re.compile(
    rf"(?:\[(?P<bracketed>[^\[\]]*)\]|(?P<plain>{_WORD}))(?::(?P<port>[0-9]{{1,5}}))?"
    rf"|(?P<bare>{_WORD}:[^\[\]]*:[^\[\]]*)"
)
_USAGE = "examples: 10.0.0.10, 10.0.0.10:53, [fd00::a]:53, CLUSTER=10.0.0.10"


@dataclass(frozen=True, slots=True)
class Server:
    """Attributes: clusters: Those that it answers for; None for all."""

    question: Question
    clusters: ClusterPattern | None = None

    def answers_for(self, ref: ClusterRef, account_name: str) -> bool:
        return self.clusters is None or self.clusters.matches(ref, account_name)


def read_server(text: str, name: str = "") -> Server:
    """Read `[CLUSTER=]ADDRESS[:PORT]`.

    Args:
        name: What is asked for; empty for the API server's own name.

    Raises:
        EksdnsError: It is none.
    """
    pattern, _, place = text.rpartition("=")
    clusters = read_cluster_pattern(pattern) if pattern else None
    if pattern and clusters is None:
        raise _usage(f"invalid cluster name {pattern!r}")
    return Server(read_question(place, name), clusters)


def read_question(place: str, name: str = "") -> Question:
    """Read `ADDRESS[:PORT]`; see `read_server`."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise _usage(f"invalid address {place!r}")
    address = found["bracketed"] or found["plain"] or found["bare"] or ""
    port = int(found["port"]) if found["port"] else DEFAULT_PORT
    return Question(address, port, name) if name else Question(address, port)


def _usage(message: str) -> EksdnsError:
    return EksdnsError(message, hint=_USAGE, exit_code=ExitCode.USAGE)


@dataclass(slots=True)
class WaveProbe:
    """Asks every server of a wave's members at once; a server that has answered before may not fall silent.

    Attributes:
        seconds: Of one look.
        rate: Lookups a second for each server.
        timeout: Seconds until a lookup counts as lost.
    """

    servers: Sequence[Server]
    seconds: float = SECONDS
    rate: float = RATE
    timeout: float = 1.0
    _answered: set[Question] = field(init=False, default_factory=set)

    async def __call__(self, run_progress: RunProgress, wave: WaveProgress) -> tuple[str, str]:
        """The verdict, and what to tell people."""
        questions = tuple(dict.fromkeys(self._questions(run_progress, wave)))
        if not questions:
            return INCONCLUSIVE, "no --dns-server matches a cluster of this wave"
        found = await asyncio.gather(*(self._one(question) for question in questions))
        for bad in (FAIL, INCONCLUSIVE):
            if said := [why for verdict, why in found if verdict == bad]:
                return bad, "; ".join(said)
        return PASS, f"{len(questions)} server{'s' if len(questions) > 1 else ''} queried"

    def _questions(self, run_progress: RunProgress, wave: WaveProgress) -> Iterator[Question]:
        for ref in wave.members:
            account_name = run_progress.targets[ref].plan.target.account_name
            yield from (one.question for one in self.servers if one.answers_for(ref, account_name))

    async def _one(self, question: Question) -> tuple[str, str]:
        verdict = await check(
            Probe(replace(question, timeout=self.timeout), self.rate),
            Thresholds(),
            seconds=self.seconds,
            known_reachable=question in self._answered,
        )
        where = f"{question.server}: {'; '.join(reasons(verdict))}"
        match verdict:
            case Pass():
                self._answered.add(question)
                return PASS, where
            case Fail():
                return FAIL, where
            case _:
                return INCONCLUSIVE, where


def read_thresholds(max_lost: int | None, max_loss: str | None, max_outage: str | None) -> Thresholds:
    """The limits of the command line; without any, no lookup may fail.

    Raises:
        EksdnsError: A percentage or a duration cannot be read.
    """
    share = None if max_loss is None else read_share(max_loss)
    lost = 0 if max_lost is None and share is None else max_lost
    return Thresholds(lost, share, None if max_outage is None else _seconds(max_outage))


def _seconds(text: str) -> float:
    found = parse_duration(text)
    if isinstance(found, NotADuration) or found < 0:
        raise EksdnsError(f"invalid duration {text!r}", hint="example: 1s", exit_code=ExitCode.USAGE)
    return found / SECOND


def probe_now(probe: Probe, thresholds: Thresholds, seconds: float) -> ProbeVerdict:
    """Probe one server now."""
    return asyncio.run(check(probe, thresholds, seconds=seconds))


def lines(probe: Probe, verdict: ProbeVerdict) -> Iterator[str]:
    """For people; the verdict first."""
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
            return ExitCode.DONE
        case Fail():
            return ExitCode.ERROR
        case Inconclusive():
            return ExitCode.PARTIAL
        case _:
            assert_never(verdict)
