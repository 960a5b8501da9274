"""What a change of the readiness probe means for terminating pods, so that a plan shows both sides of it."""

from collections.abc import Iterator

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.kube.readiness import unready_after
from eksaddon.domain.termination import SECOND, in_seconds
from eksaddon.domain.workload import Workload

RULE = "readiness-probe"


def readiness_effect(desired: DesiredState, workload: Workload) -> Iterator[Diagnostic]:
    """Silent if the probe does not change.

    A terminating pod that is no longer serving loses its kept UDP flows (kube-proxy from 1.32 on), and
    it no longer is the last resort of nodes where no pod is ready (source: kubernetes 1.36.3,
    pkg/proxy/conntrack/cleanup.go and topology.go).
    """
    after = desired.readiness.over(workload.readiness)
    if after == workload.readiness:
        return
    least, most = unready_after(after)
    was_least, was_most = unready_after(workload.readiness)
    carried = in_seconds(most * SECOND + desired.propagation.nanoseconds)
    summary = (
        f"terminating pods stop serving {least} to {most} s after SIGTERM, not {was_least} to {was_most} s: "
        f"a lameduck of {carried} s protects clients that keep a source port, with kube-proxy 1.32 or later"
    )
    detail = (
        "new flows do not depend on it; if all pods end at the same time, nodes reject lookups from then on "
        "although the pods still answer"
    )
    if after.failure_threshold == 1:
        detail += "; one failed probe takes a running pod out of the Service"
    yield Diagnostic(Severity.INFO, RULE, summary, detail)
