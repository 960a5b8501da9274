"""node-shutdown: a graceful node shutdown limits the grace of critical pods, regardless of their template.

The kubelet uses the smaller of the pod's grace and that of its priority class; CoreDNS is
`system-cluster-critical` (source: kubernetes 1.36.3, pkg/kubelet/nodeshutdown). EKS's AL2023 AMIs enable
graceful shutdown since Kubernetes 1.34, with 30 s for critical pods (source: awslabs/amazon-eks-ami#2390).
"""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.termination import TerminationSettings, Timeline, in_seconds, timeline
from eksaddon.rules.facts import Facts, Finding

RULE = "node-shutdown"
SINCE = (1, 34)
CRITICAL_SECONDS = 30


def node_shutdown(facts: Facts) -> Iterator[Finding]:
    """No finding for an unknown Kubernetes version, or if a node shutdown cuts off nothing more."""
    if facts.corefile is None or facts.kubernetes < SINCE or facts.grace_seconds <= CRITICAL_SECONDS:
        return
    lameducks = facts.corefile.lameducks
    as_set, capped = (_timeline(facts, lameducks, each) for each in (facts.grace_seconds, CRITICAL_SECONDS))
    if capped.cut_ns <= as_set.cut_ns:
        return
    is_short = capped.answers_ns < capped.settings.answers_needed_ns
    enough = "too short" if is_short else "still long enough"
    summary = (
        f"on AL2023 nodes a node shutdown gives CoreDNS {CRITICAL_SECONDS} s instead of the grace period of "
        f"{facts.grace_seconds} s and cuts off {in_seconds(capped.cut_ns)} s: "
        f"{enough} for {facts.propagation}"
    )
    detail = "drain nodes before they stop, or lower preStop and lameduck to 30 s in total"
    severity = Severity.WARNING if is_short else Severity.INFO
    yield Finding(Diagnostic(severity, RULE, summary, detail))


def _timeline(facts: Facts, lameducks: tuple[int, ...], grace_seconds: int) -> Timeline:
    return timeline(
        TerminationSettings(
            facts.pre_stop_seconds,
            lameducks,
            grace_seconds,
            propagation_ns=facts.propagation.nanoseconds,
        )
    )
