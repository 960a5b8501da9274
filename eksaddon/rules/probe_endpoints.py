"""probe-endpoints: the Deployment's probes use :8181/ready and :8080/health, regardless of the Corefile."""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import CorefileFacts, Facts, Finding, Listener

RULE = "probe-endpoints"
READY_SINCE = {(1, 9, 3): 3, (1, 10, 1): 6}
"""First build of a CoreDNS version whose readiness probe uses :8181/ready (source: aws/aws-cli#8192);
all later versions do, earlier ones do not.
"""
ANY_HOST = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # compared with, not bound to


def probe_endpoints(facts: Facts) -> Iterator[Finding]:
    if facts.corefile is None:
        return
    if not _serves(facts.corefile.health, "8080"):
        yield _finding(
            "no `health` on :8080, so the liveness probe restarts every new pod",
            "add `health` to a block",
            facts,
        )
    if needs_ready(facts) and not _serves(facts.corefile.ready, "8181"):
        yield _finding(
            "no `ready` on :8181, so new pods never become ready",
            "add `ready` to the main server block",
            facts,
        )


def needs_ready(facts: Facts) -> bool:
    """Whether the readiness probe of this add-on version uses :8181."""
    if facts.coredns is None:
        return True
    first = READY_SINCE.get(facts.coredns)
    if first is not None:
        return facts.build >= first
    return facts.coredns > min(READY_SINCE)


def _serves(listeners: tuple[Listener, ...], port: str) -> bool:
    return any(listener.port == port and listener.host in ANY_HOST for listener in listeners)


def _finding(summary: str, detail: str, facts: Facts) -> Finding:
    corefile: CorefileFacts | None = facts.corefile
    hidden = corefile is not None and corefile.may_be_overridden
    severity = Severity.WARNING if hidden else Severity.ERROR
    return Finding(Diagnostic(severity, RULE, f"the Corefile has {summary}", detail), ("corefile",))
