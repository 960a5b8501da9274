"""One probe from question to verdict, as a rollout gate and `eksdns probe` use it."""

from collections.abc import Callable, Sequence
from typing import assert_never

from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.ports import Clock
from eksaddon.probe.ask import Question, asking
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


def word(verdict: ProbeVerdict) -> str:
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


def document(question: Question, verdict: ProbeVerdict) -> JsonObject:
    """What `-o json` prints; milliseconds are rounded to microseconds."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "probe",
        "server": question.server,
        "port": question.port,
        "transport": question.transport.value,
        "name": question.name,
        "type": question.record_type,
        "verdict": word(verdict),
        "reasons": list(reasons(verdict)),
        "summary": _summary(verdict.summary),
    }


def _summary(summary: Summary) -> JsonObject:
    return {
        "sent": summary.sent,
        "answered": summary.answered,
        "lost": dict(summary.losses),
        "longestGapMilliseconds": round(summary.longest_gap * 1000),
        "lastAnswer": summary.last_answer,
        "medianMilliseconds": _rounded(summary.median_ms),
        "slowestMilliseconds": _rounded(summary.slowest_ms),
    }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 3)
