"""replicas-under-autoscaling: every update first resets the replicas to replicaCount."""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import Facts, Finding
from eksaddon.rules.pdb_effect import DEFAULT_REPLICAS

RULE = "replicas-under-autoscaling"


def replicas_under_autoscaling(facts: Facts) -> Iterator[Finding]:
    """With autoScaling, each update reduces the replicas to replicaCount before they grow again.

    Source: aws/containers-roadmap#2540. If the current number is unknown, it is between minReplicas and
    maxReplicas.
    """
    scaling = facts.group("autoScaling")
    if scaling.get("enabled") is not True or not facts.touched:
        return
    count = facts.integer("replicaCount")
    after = DEFAULT_REPLICAS if count is None else count
    running, is_known = _running(facts)
    if after < running:
        summary = (
            f"autoScaling is enabled: this update would first scale down from {running} or more "
            f"replicas to {after}"
        )
        yield _finding(
            Severity.ERROR, summary, f"set replicaCount to {running} or more in the same update", facts
        )
    elif not is_known and after < _max_replicas(facts):
        summary = (
            f"autoScaling is enabled: this update first sets CoreDNS to {after} replicas, regardless of "
            "the current count"
        )
        yield _finding(
            Severity.WARNING, summary, "set replicaCount to at least the current replica count", facts
        )


def _running(facts: Facts) -> tuple[int, bool]:
    """Lower bound of the current replicas, and whether they were counted."""
    if facts.live_replicas is not None:
        return facts.live_replicas, True
    least = facts.group("autoScaling").get("minReplicas")
    return (least if isinstance(least, int) else DEFAULT_REPLICAS), False


def _max_replicas(facts: Facts) -> float:
    most = facts.group("autoScaling").get("maxReplicas")
    return most if isinstance(most, int) else float("inf")


def _finding(severity: Severity, summary: str, detail: str, facts: Facts) -> Finding:
    return Finding(Diagnostic(severity, RULE, summary, detail), tuple(facts.touched))
