"""The check `dns-probe` of a wave: ask the DNS servers that somebody named for its clusters."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from eksaddon.app.runtime import SystemClock
from eksaddon.apply.checks import FAIL, INCONCLUSIVE, PASS
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.selection import ClusterPattern, read_cluster_pattern
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import Clock
from eksaddon.probe.ask import Question, Transport
from eksaddon.probe.check import check, reasons, word
from eksaddon.probe.prober import Pace
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict, Thresholds

NAME = "dns-probe"
DEFAULT_PORT = 53

SECONDS, PACE = 10.0, Pace()
"""Of one look."""

_WORD = r"[^:\[\]]*"
_PLACE = re.compile(
    rf"(?:\[(?P<bracketed>[^\[\]]*)\]|(?P<plain>{_WORD}))(?::(?P<port>[0-9]{{1,5}}))?"
    rf"|(?P<bare>{_WORD}:[^\[\]]*:[^\[\]]*)"
)
_USAGE = "write it as 10.0.0.10, 10.0.0.10:53, [fd00::a]:53, or CLUSTER=10.0.0.10"


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
        raise _usage(f"{pattern!r} names no cluster")
    return Server(read_question(place, name), clusters)


def read_question(place: str, name: str = "") -> Question:
    """Read `ADDRESS[:PORT]`; see `read_server`."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise _usage(f"{place!r} is no address with a port")
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
    """

    servers: Sequence[Server]
    clock: Clock
    seconds: float = SECONDS
    pace: Pace = PACE
    _answered: set[Question] = field(init=False, default_factory=set)

    async def __call__(self, run_progress: RunProgress, wave: WaveProgress) -> tuple[str, str]:
        """The verdict, and what to tell people."""
        questions = tuple(dict.fromkeys(self._questions(run_progress, wave)))
        if not questions:
            return INCONCLUSIVE, "no --dns-server answers for a cluster of this wave"
        found = await asyncio.gather(*(self._one(question) for question in questions))
        for bad in (FAIL, INCONCLUSIVE):
            if said := [why for verdict, why in found if verdict == bad]:
                return bad, "; ".join(said)
        return PASS, f"{len(questions)} server{'s' if len(questions) > 1 else ''} asked"

    def _questions(self, run_progress: RunProgress, wave: WaveProgress) -> Iterator[Question]:
        for ref in wave.members:
            account_name = run_progress.targets[ref].plan.target.account_name
            yield from (one.question for one in self.servers if one.answers_for(ref, account_name))

    async def _one(self, question: Question) -> tuple[str, str]:
        verdict = await check(
            question,
            self.pace,
            Thresholds(),
            self.clock,
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


def asked(
    place: str, name: str, *, record_type: str, transport: str, seconds: float, rate: int
) -> tuple[Question, ProbeVerdict]:
    """Probe one server now.

    Raises:
        EksdnsError: Address, name or type make no query.
    """
    plain = read_question(place, name)
    question = replace(plain, record_type=record_type, transport=Transport(transport))
    clock = SystemClock()
    return question, asyncio.run(check(question, Pace(rate), Thresholds(), clock, seconds=seconds))


def lines(question: Question, verdict: ProbeVerdict) -> Iterator[str]:
    """For people; the verdict first."""
    found = verdict.summary
    yield f"{word(verdict)}: {question.name} {question.record_type} at {question.server}:{question.port}"
    yield from (f"  {why}" for why in reasons(verdict))
    yield f"  {found.answered:,} of {found.sent:,} answered, longest gap {found.longest_gap:.1f} s"
    if found.median_ms is not None and found.slowest_ms is not None:
        yield f"  median {found.median_ms:.1f} ms, slowest {found.slowest_ms:.1f} ms"
    yield from (f"  lost: {count:,} {loss}" for loss, count in found.losses)


def probe_exit_code(verdict: ProbeVerdict) -> ExitCode:
    """What proves nothing is no success."""
    match verdict:
        case Pass():
            return ExitCode.DONE
        case Fail():
            return ExitCode.ERROR
        case Inconclusive():
            return ExitCode.PARTIAL
        case _:
            assert_never(verdict)
