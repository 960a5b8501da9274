"""autoscaling-bounds: the schema does not compare minReplicas with maxReplicas."""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import Facts, Finding

RULE = "autoscaling-bounds"


def autoscaling_bounds(facts: Facts) -> Iterator[Finding]:
    scaling = facts.group("autoScaling")
    least, most = scaling.get("minReplicas"), scaling.get("maxReplicas")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        summary = f"autoScaling.minReplicas {least} is above maxReplicas {most}"
        yield Finding(
            Diagnostic(Severity.ERROR, RULE, summary, "swap them, or raise maxReplicas"), ("autoScaling",)
        )
