"""One probe from question to verdict, as a rollout gate and `eksdns probe` use it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, assert_never

from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.encoding.codec import KEY
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.ports import Clock
from eksaddon.probe.ask import Question, Transport, asking
from eksaddon.probe.prober import Pace, lasting, probe
from eksaddon.probe.samples import Sample
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict, Summary, Thresholds, judge


async def check(
    question: Question,
    pace: Pace,
    thresholds: Thresholds,
    clock: Clock,
    *,
    seconds: float,
    known_reachable: bool = False,
    seen: Callable[[Sample], None] = lambda _: None,
) -> ProbeVerdict:
    """Query for so many seconds and judge.

    Args:
        known_reachable: The server answered from here before, so that silence is a failure.
        seen: Called with every sample as it comes.
    """
    samples = await probe(asking(question), pace, clock, lasting(seconds, clock), seen=seen)
    return judge(samples, thresholds, known_reachable=known_reachable)


def word(verdict: ProbeVerdict) -> Literal["pass", "fail", "inconclusive"]:
    """Published in JSON output and taken by gates: pass, fail or inconclusive."""
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
    """Why it is no pass; one sentence each."""
    return () if isinstance(verdict, Pass) else verdict.reasons


@dataclass(frozen=True, slots=True)
class SummaryView:
    sent: Count
    answered: Count
    lost: Annotated[Mapping[str, int], "By kind of loss, or by rcode; most frequent first."]
    longest_gap_milliseconds: Annotated[Count, "From a lost query to the next good answer."]
    last_answer: Annotated[float | None, "Seconds since the epoch; null where none came."]
    median_milliseconds: float | None
    slowest_milliseconds: float | None


@dataclass(frozen=True, slots=True)
class ProbeDocument:
    schema_version: Version
    kind: Literal["probe"]
    server: str
    port: int
    transport: Transport
    name: str
    record_type: str = field(metadata={KEY: "type"})
    verdict: Literal["pass", "fail", "inconclusive"]
    reasons: Annotated[tuple[str, ...], "Why it is no pass; one sentence each."]
    summary: SummaryView


def document(question: Question, verdict: ProbeVerdict) -> JsonObject:
    """What `-o json` prints; milliseconds are rounded to microseconds."""
    made = ProbeDocument(
        SCHEMA_VERSION,
        "probe",
        server=question.server,
        port=question.port,
        transport=question.transport,
        name=question.name,
        record_type=question.record_type,
        verdict=word(verdict),
        reasons=tuple(reasons(verdict)),
        summary=_summary(verdict.summary),
    )
    return as_json(made)


def _summary(summary: Summary) -> SummaryView:
    return SummaryView(
        summary.sent,
        summary.answered,
        dict(summary.losses),
        longest_gap_milliseconds=round(summary.longest_gap * 1000),
        last_answer=summary.last_answer,
        median_milliseconds=_rounded(summary.median_ms),
        slowest_milliseconds=_rounded(summary.slowest_ms),
    )


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 3)
