"""What a plan takes from lint: what CoreDNS refuses, and the queries that a Corefile fails."""

from collections.abc import Iterator
from dataclasses import replace

from eksaddon.corefile.lint.findings import RULES, Group
from eksaddon.corefile.lint.start import linted, query_failures, start_errors
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Diagnostic, Severity

_JUDGED_ELSEWHERE = frozenset({"eks-ready", "eks-health", "lameduck-off", "lameduck-sum"})
"""What `probe-endpoints` and `termination-budget` say with the Deployment's values."""


def corefile_findings(
    before: str | None, after: str, coredns: Version, *, touched: bool, installed: Version | None = None
) -> Iterator[Diagnostic]:
    """What is wrong with the Corefile that a plan leads to.

    Errors about a Corefile that is not changed are only warnings, and so are queries that failed before. What
    CoreDNS refuses is an error even if it refused it before: it would not read the edit, either. Of likely
    mistakes, those that the plan adds are reported.

    Args:
        before: The Corefile in force; None where it is not known.
        touched: New pods start with it: the plan changes the Corefile or the add-on version.
        installed: Version of CoreDNS before the plan; None if it stays.
    """
    known = (
        {one.summary for one in query_failures(before, installed or coredns)} if before is not None else set()
    )
    for one in start_errors(after, coredns):
        yield one if touched else replace(one, severity=Severity.WARNING)
    if touched:
        yield from _new_warnings(before, after, coredns)
    for one in query_failures(after, coredns):
        is_new = touched and one.summary not in known
        yield one if is_new else replace(one, severity=Severity.WARNING)


def _new_warnings(before: str | None, after: str, coredns: Version) -> Iterator[Diagnostic]:
    """Likely mistakes that only the text after the plan has; those about queries are not included."""
    old = linted(before, coredns) if before is not None else ()
    known = {(one.rule, one.diagnostic.summary) for one in old}
    for one in linted(after, coredns):
        is_mistake = one.severity is Severity.WARNING and RULES[one.rule].group is not Group.RESOLUTION
        is_new = (one.rule, one.diagnostic.summary) not in known
        if is_mistake and is_new and one.rule not in _JUDGED_ELSEWHERE:
            yield one.diagnostic


def live_failures(live: str, coredns: Version) -> Iterator[Diagnostic]:
    """The queries that the Corefile that runs fails; only warnings, since a plan may be what repairs it."""
    for one in query_failures(live, coredns):
        summary = f"the live Corefile fails queries: {one.summary}"
        yield replace(one, severity=Severity.WARNING, summary=summary)
