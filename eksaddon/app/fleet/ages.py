"""Reads how far each cluster is behind, and when its Kubernetes version leaves support."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from eksaddon.app.session import Session
from eksaddon.domain.cause import Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.report.model.status import Row
from eksaddon.rules.version.support import BEHIND, age_findings, newer_versions, support_findings


@dataclass(frozen=True, slots=True)
class Age:
    """The versions of one cluster.

    Attributes:
        kubernetes: Empty if it could not be read.
        behind: Number of newer versions that EKS offers; None if that is not known.
    """

    kubernetes: str
    behind: int | None
    findings: tuple[Diagnostic, ...]


def read_ages(installed: Mapping[ClusterRef, str], session: Session) -> Mapping[ClusterRef, Age]:
    """Read Kubernetes and offered versions: one DescribeCluster for each cluster.

    Args:
        installed: Add-on versions by cluster.
    """
    today = datetime.fromtimestamp(session.clock.now(), UTC).date()

    def read(ref: ClusterRef) -> Age:
        kubernetes = session.versions.kubernetes(ref)
        if isinstance(kubernetes, Trouble):
            return _unread("", kubernetes)
        support = tuple(support_findings(kubernetes, today))
        offer = session.versions.offered(ref.scope, kubernetes)
        if isinstance(offer, Trouble):
            unread = _unread(kubernetes, offer)
            return replace(unread, findings=(*unread.findings, *support))
        newer = newer_versions(installed[ref], offer)
        findings = (*age_findings(installed[ref], offer), *support)
        return Age(kubernetes, None if newer is None else len(newer), findings)

    return dict(session.executor.each(installed, read, lane=lambda ref: ref.scope))


def _unread(kubernetes: str, trouble: Trouble) -> Age:
    summary = f"how far the add-on is behind could not be read: {trouble}"
    return Age(kubernetes, None, (Diagnostic(Severity.WARNING, BEHIND, summary, trouble.hint),))


def rows_with_ages(rows: Iterable[Row], session: Session) -> tuple[Row, ...]:
    """The rows of `status` with their ages."""
    rows = tuple(rows)
    ages = read_ages({one.target.ref: one.version for one in rows if one.version}, session)
    return tuple(_aged(one, ages.get(one.target.ref)) for one in rows)


def _aged(row: Row, age: Age | None) -> Row:
    if age is None:
        return row
    held = replace(row.held, kubernetes=age.kubernetes, behind=age.behind)
    return replace(row, held=held, diagnostics=(*row.diagnostics, *age.findings))


def plan_with_ages(plan: Plan, session: Session) -> Plan:
    """The plan of `drift` with the ages as findings."""
    ages = read_ages({one.target.ref: one.version for one in plan.clusters if one.version}, session)
    clusters = tuple(
        replace(one, diagnostics=(*one.diagnostics, *ages[one.target.ref].findings))
        if one.target.ref in ages
        else one
        for one in plan.clusters
    )
    return replace(plan, clusters=clusters)
