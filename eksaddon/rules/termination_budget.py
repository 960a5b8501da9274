"""termination-budget: the grace period must cover preStop, every lameduck and a margin."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.domain.basis import GraceSource
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.termination import SECOND, Suggestion, TerminationSettings, Timeline, Verdict, timeline
from eksaddon.rules.facts import Facts, Finding

RULE = "termination-budget"
PRE_STOP = "lifecycle.preStop.sleep.seconds"
PATHS = ("corefile", "terminationGracePeriodSeconds", PRE_STOP)

WHOSE = {
    GraceSource.DESIRED: "",
    GraceSource.LIVE: ", from the live Deployment",
    GraceSource.STOCK: ", the default: the workload plane was not checked",
}


def termination_budget(facts: Facts) -> Iterator[Finding]:
    if facts.corefile is None:
        return
    lameducks = facts.corefile.lameducks
    line = timeline(TerminationSettings(facts.pre_stop_seconds, lameducks, facts.grace_seconds))
    if line.suggestion is None:
        return
    severity = Severity.ERROR if _asks_too_much(facts, line) else Severity.WARNING
    detail = _fix_hint(line.suggestion) if line.answers_ns else "set lameduck, for example to 20s"
    yield Finding(Diagnostic(severity, RULE, _summary(facts, line), detail), PATHS)


def _asks_too_much(facts: Facts, line: Timeline) -> bool:
    """Whether the settings exceed a default grace period; an explicit one may be too short."""
    if facts.grace_source is GraceSource.DESIRED or line.verdict is not Verdict.CUT:
        return False
    before, after = (
        sum(max(0, one) for one in lameducks)
        for lameducks in (
            (facts.corefile.lameducks_before, facts.corefile.lameducks) if facts.corefile else ((), ())
        )
    )
    return after > before or PRE_STOP in facts.touched


def _summary(facts: Facts, line: Timeline) -> str:
    match line.verdict:
        case Verdict.UNPROTECTED:
            return "neither lameduck nor preStop is set, so a pod stops answering as soon as it is deleted"
        case Verdict.CUT:
            return f"{_sum(facts)}: the last {line.cut_seconds} s are cut off"
        case Verdict.TIGHT | Verdict.FITS | Verdict.TOO_SHORT:  # the last one only with a propagation time
            spare = facts.grace_seconds - _seconds(line.answers_ns)
            return f"{_sum(facts)}: {spare:g} s are left for a clean shutdown, 10 s are recommended"
        case _:
            assert_never(line.verdict)


def _sum(facts: Facts) -> str:
    """The comparison as text, such as `preStop 5 s + lameduck 30 s against a grace period of 30 s`."""
    lameducks = facts.corefile.lameducks if facts.corefile else ()
    parts = [f"preStop {facts.pre_stop_seconds} s"] if facts.pre_stop_seconds else []
    parts += [f"lameduck {_seconds(one):g} s" for one in lameducks if one > 0]
    return f"{' + '.join(parts)} against a grace period of {facts.grace_seconds} s{WHOSE[facts.grace_source]}"


def _seconds(nanoseconds: int) -> float:
    return nanoseconds / SECOND


def _fix_hint(suggestion: Suggestion) -> str:
    grace = f"raise terminationGracePeriod to {suggestion.grace_seconds}s"
    if not suggestion.lameduck_seconds:
        return grace
    each = " in each block" if suggestion.blocks > 1 else ""
    return f"{grace}, or lower lameduck to {suggestion.block_seconds}s{each}"
