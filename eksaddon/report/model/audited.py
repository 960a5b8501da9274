"""The verdicts of an audit."""

from collections.abc import Sequence
from typing import assert_never

from eksaddon.domain.audit.verdict import AuditWord, Verdict
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    RegionUnavailable,
    Unreachable,
)
from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import Kind


@dataclass(frozen=True, slots=True)
class Examined:
    """One target with its verdict."""

    target: Target
    observed: Observed
    verdict: Verdict


def audit_model(rows: Sequence[Examined], created_at: str) -> ReportModel:
    return ReportModel(Kind.AUDIT, created_at, tuple(_entry(one) for one in rows))


def _entry(one: Examined) -> Entry:
    observed, verdict = one.observed, one.verdict
    trouble = observed.trouble if isinstance(observed, Unreachable) else None
    return Entry(
        ref=one.target.ref,
        state=verdict.word.value,
        reason=_reason(one),
        account_name=one.target.account_name,
        labels=one.target.labels,
        version=observed.version if isinstance(observed, Managed) else "",
        cause=trouble.cause.value if trouble else "",
        hint=trouble.hint if trouble else verdict.first,
        diagnostics=verdict.reasons,
        grade=verdict.grade.value if verdict.grade else "",
        unread=verdict.unread,
    )


def _reason(one: Examined) -> str:
    """The grade, or why there is none."""
    match one.observed:
        case Unreachable(trouble=trouble):
            return trouble.message
        case RegionUnavailable(trouble=trouble):
            return f"the region is not available: {trouble}"
        case AutoMode():
            return "EKS Auto Mode provides its own cluster DNS"
        case NotActive(status=status):
            return f"the cluster is {status}"
        case Connected():
            return "EKS does not run the cluster"
        case Managed() | NotInstalled():
            is_unread = one.verdict.word is AuditWord.UNVERIFIED
            return "" if is_unread or one.verdict.grade is None else f"grade {one.verdict.grade}"
        case _:
            assert_never(one.observed)
