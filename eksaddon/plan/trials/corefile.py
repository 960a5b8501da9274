"""Corefiles to try in a real CoreDNS before they are applied, and what the trials make of a plan; pure."""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.corefile.syntax.versions import show_version
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import ClusterPlan, Plan
from eksaddon.domain.probing.trial import Judged, NotTried
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.draft import COREFILE
from eksaddon.plan.trials.dry_run import blocked
from eksaddon.schema import parse_version
from eksaddon.values import Values, parse_values

RULE, NOT_TRIED = "corefile-try", "corefile-not-tried"
"""Rules of trials that failed, and of those that could not be made."""


@dataclass(frozen=True, slots=True)
class CorefileMove:
    """A Corefile that an update brings into force.

    Attributes:
        coredns: Version that reads it after the update, such as `1.11.4`.
        before: The Corefile in force; None if not known.
    """

    coredns: str
    before: str | None
    after: str


def corefile_move(cluster: ClusterPlan) -> CorefileMove | None:
    """The Corefile to try; None if neither the Corefile nor the CoreDNS changes."""
    if cluster.write is None or cluster.basis is None:
        return None
    version = parse_version(cluster.write.version or cluster.version)
    after = parse_values(cluster.write.text)
    stored = after.tree.get(COREFILE) if isinstance(after, Values) else None
    text = stored if isinstance(stored, str) and stored.strip() else cluster.basis.corefile
    is_moved = bool(cluster.write.version) and cluster.write.version != cluster.version
    if version is None or text is None or (text == cluster.basis.corefile and not is_moved):
        return None
    return CorefileMove(show_version(version.coredns), cluster.basis.corefile, text)


def with_corefile_trials(plan: Plan, found: Mapping[ClusterRef, Judged]) -> Plan:
    """Block the clusters whose Corefile failed its trial, and note the trials that could not be made."""
    if not found:
        return plan
    clusters = tuple(
        _tried(each, found[each.target.ref]) if each.target.ref in found else each for each in plan.clusters
    )
    return replace(plan, clusters=clusters, digest=plan_digest(clusters))


def _tried(cluster: ClusterPlan, judged: Judged) -> ClusterPlan:
    if isinstance(judged, NotTried):
        summary = f"the Corefile was not tried: {judged.reason}"
        note = Diagnostic(Severity.WARNING, NOT_TRIED, summary, "set --coredns to a CoreDNS of that version")
        return replace(cluster, diagnostics=(*cluster.diagnostics, note))
    if not judged.failures:
        summary = (
            f"CoreDNS {judged.coredns} starts with the new Corefile and answers every query of the trial"
        )
        return replace(cluster, diagnostics=(*cluster.diagnostics, Diagnostic(Severity.INFO, RULE, summary)))
    summary = f"a real CoreDNS {judged.coredns} fails with the new Corefile: {'; '.join(judged.failures)}"
    return blocked(cluster, RULE, summary, "`eksdns corefile try` shows every answer")
