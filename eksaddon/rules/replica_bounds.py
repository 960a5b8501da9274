"""replica-count: no schema limits replicaCount, so 0 and -5 are valid there."""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import Facts, Finding

RULE = "replica-count"
PATHS = ("replicaCount",)
WIDE = 1000
"""Above this, a typo is likely: EKS's autoscaler uses 1,000 replicas for 16,000 nodes."""


def replica_bounds(facts: Facts) -> Iterator[Finding]:
    count = facts.integer("replicaCount")
    if count is None:
        return
    if count < 1:
        yield _finding(Severity.ERROR, f"replicaCount {count} disables cluster DNS", "set it to 2 or more")
    elif count == 1:
        yield _finding(
            Severity.WARNING,
            "replicaCount 1 interrupts DNS whenever the only pod restarts or moves",
            "set it to 2 or more",
        )
    elif count > WIDE:
        yield _finding(Severity.ERROR, f"replicaCount {count} is above {WIDE}", "check for a typo")


def _finding(severity: Severity, summary: str, detail: str) -> Finding:
    return Finding(Diagnostic(severity, RULE, summary, detail), PATHS)
