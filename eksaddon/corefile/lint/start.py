"""Whether CoreDNS would start with a Corefile, and which queries of a cluster it would then fail."""

from functools import lru_cache

from eksaddon.corefile.lint.findings import RULES, Finding, Group
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Diagnostic, Severity


def start_errors(text: str, coredns: Version) -> tuple[Diagnostic, ...]:
    """Why CoreDNS of a version would not start with a Corefile; empty if it would."""
    return tuple(one.diagnostic for one in linted(text, coredns) if prevents_start(one))


def query_failures(text: str, coredns: Version) -> tuple[Diagnostic, ...]:
    """Errors and warnings about the queries of every cluster; empty if CoreDNS would not start."""
    return tuple(one.diagnostic for one in linted(text, coredns) if _is_about_queries(one))


def prevents_start(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and not _is_about_queries(finding)


def _is_about_queries(finding: Finding) -> bool:
    return RULES[finding.rule].group is Group.RESOLUTION


@lru_cache(maxsize=512)  # builds of one CoreDNS say the same, and a fleet shares texts
def linted(text: str, coredns: Version) -> tuple[Finding, ...]:
    """Everything that lint finds in a Corefile of the add-on's pod."""
    return lint(text, version=coredns)
