"""propagation: a deleted pod must answer until all nodes have stopped sending new flows to it."""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.propagation import recommended_calculation, recommended_values
from eksaddon.domain.termination import (
    PROPAGATION_MARGIN_SECONDS,
    TerminationSettings,
    Timeline,
    Verdict,
    in_seconds,
    timeline,
)
from eksaddon.rules.facts import Facts, Finding
from eksaddon.rules.termination_budget import PATHS

RULE = "propagation"


def propagation(facts: Facts) -> Iterator[Finding]:
    """No finding if nothing is set, which termination-budget reports."""
    if facts.corefile is None:
        return
    line = timeline(
        TerminationSettings(
            facts.pre_stop_seconds,
            facts.corefile.lameducks,
            facts.grace_seconds,
            propagation_ns=facts.propagation.nanoseconds,
        )
    )
    if line.verdict is not Verdict.TOO_SHORT:
        return
    length = facts.propagation.nanoseconds
    detail = f"set {recommended_values(length)} ({recommended_calculation(length)})"
    yield Finding(Diagnostic(Severity.WARNING, RULE, _summary(facts, line), detail), PATHS)


def _summary(facts: Facts, line: Timeline) -> str:
    parts = [f"preStop {facts.pre_stop_seconds} s"] if facts.pre_stop_seconds else []
    if line.settings.lameduck_ns:
        parts.append(f"lameduck {in_seconds(line.settings.lameduck_ns)} s")
    cut = f", cut off by the grace period of {facts.grace_seconds} s" if line.cut_ns else ""
    return (
        f"a deleted pod answers for {in_seconds(line.answers_ns)} s ({' + '.join(parts)}{cut}), too short "
        f"for {facts.propagation} and a margin of {PROPAGATION_MARGIN_SECONDS} s"
    )
