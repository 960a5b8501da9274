"""What a plan takes from lint: what CoreDNS refuses, and the queries that a Corefile fails."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from eksaddon.corefile.lint.findings import RULES, Finding, Group
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Diagnostic, Severity


def corefile_findings(
    before: str | None, after: str, coredns: Version, *, touched: bool
) -> Iterator[Diagnostic]:
    """What is wrong with the Corefile that a plan leads to.

    Errors about a Corefile that is left alone are only warnings, and so are queries that failed before. What
    CoreDNS refuses is an error even if it refused it before: it would not read the edit, either.

    Args:
        before: The Corefile in force; None where it is not known.
    """
    known = {one.summary for one in _failures(before, coredns)} if before is not None else set()
    for one in refusals(after, coredns):
        yield one if touched else replace(one, severity=Severity.WARNING)
    for one in _failures(after, coredns):
        is_new = touched and one.summary not in known
        yield one if is_new else replace(one, severity=Severity.WARNING)


def live_failures(live: str, coredns: Version) -> Iterator[Diagnostic]:
    """The queries that the Corefile that runs fails; only warnings, since a plan may be what repairs it."""
    for one in _failures(live, coredns):
        summary = f"the live Corefile fails queries: {one.summary}"
        yield replace(one, severity=Severity.WARNING, summary=summary)


def refusals(text: str, coredns: Version) -> tuple[Diagnostic, ...]:
    """Why CoreDNS would not start with a Corefile."""
    return tuple(
        one.diagnostic
        for one in _linted(text, coredns)
        if one.severity is Severity.ERROR and not _is_about_queries(one)
    )


def _failures(text: str, coredns: Version) -> tuple[Diagnostic, ...]:
    return tuple(one.diagnostic for one in _linted(text, coredns) if _is_about_queries(one))


def _is_about_queries(finding: Finding) -> bool:
    return RULES[finding.rule].group is Group.RESOLUTION


@lru_cache(maxsize=512)  # builds of one CoreDNS say the same, and a fleet shares texts
def _linted(text: str, coredns: Version) -> tuple[Finding, ...]:
    return lint(text, version=coredns)
