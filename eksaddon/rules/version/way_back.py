"""What a move to another add-on version makes impossible; pure."""

from collections.abc import Iterator

from eksaddon.domain.cause import Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.versions.offered import Offered, VersionMove, VersionsSeen
from eksaddon.rules.version.choice import latest

CLUSTER_ROLLBACK = "version-cluster-rollback"
NO_WAY_BACK = "version-no-rollback"

ROLLBACK_DAYS = 7
"""Days after an upgrade in which EKS rolls back a cluster's Kubernetes version (source: EKS user guide,
rollback-cluster)."""


def way_back(move: VersionMove, seen: VersionsSeen) -> Iterator[Diagnostic]:
    """Findings about a rollback of the move, and about one of the cluster's Kubernetes version."""
    if not isinstance(seen, Offered):
        return
    current = seen.current
    if move.before not in current.versions:
        summary = (
            f"EKS no longer offers {move.before} for Kubernetes {current.kubernetes}: "
            "`eksdns rollback` cannot restore it"
        )
        yield Diagnostic(Severity.WARNING, NO_WAY_BACK, summary, "a rollback restores nothing and reports it")
    if isinstance(seen.previous, Trouble) or not seen.previous.versions:
        return
    previous = seen.previous
    if move.after not in previous.versions:
        summary = f"EKS does not offer {move.after} for Kubernetes {previous.kubernetes}"
        shared = latest(each for each in current.versions if each in previous.versions)
        use = f"; {shared} is offered for both" if shared else ""
        detail = (
            f"a rollback of the cluster to {previous.kubernetes}, possible for {ROLLBACK_DAYS} days after "
            f"its upgrade, requires a downgrade of the add-on first{use}"
        )
        yield Diagnostic(Severity.INFO, CLUSTER_ROLLBACK, summary, detail)
