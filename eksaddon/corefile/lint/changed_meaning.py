"""Changes of CoreDNS's behaviour for the same Corefile, by version.

Source: release notes and plugin sources of CoreDNS 1.8.0 to 1.14.7, with the numbers of its pull requests
and issues.
"""

from collections.abc import Iterator

from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.syntax.tree import ServerBlock
from eksaddon.corefile.syntax.versions import ENDLESS, Version, show_version
from eksaddon.domain.diagnostic import Severity
from eksaddon.frozen import dataclass

CHANGED_MEANING = "changed-meaning"


@dataclass(frozen=True, slots=True)
class MeaningChange:
    """A behaviour of some versions.

    Attributes:
        directives: All of them must be in one server block; the finding is at the first one.
        holds: What is the case with the change, as a clause.
        source: Number of the pull request or issue, or the release notes.
        until: The first version without it again.
        word: A word that one of the directives must have, such as a property; empty for none.
        severity: Of the finding.
    """

    since: Version
    directives: tuple[str, ...]
    holds: str
    source: str
    until: Version = ENDLESS
    word: str = ""
    severity: Severity = Severity.INFO

    def is_in(self, version: Version) -> bool:
        return self.since <= version < self.until


CHANGES: tuple[MeaningChange, ...] = (
    MeaningChange(
        (1, 8, 1),
        ("forward",),
        "queries above max_concurrent are answered with REFUSED instead of SERVFAIL",
        "notes 1.8.1",
        word="max_concurrent",
    ),
    MeaningChange(
        (1, 8, 7),
        ("kubernetes",),
        "reverse lookups can fail after scaling",
        "#5593",
        until=(1, 9, 2),
        severity=Severity.WARNING,
    ),
    MeaningChange((1, 9, 0), ("kubernetes",), "wildcard queries such as *.svc are NXDOMAIN", "#6202"),
    MeaningChange(
        (1, 9, 3),
        ("template",),
        "a name in the zone that no regular expression matches is SERVFAIL without fallthrough, not NXDOMAIN",
        "#5180",
    ),
    MeaningChange((1, 11, 0), ("bufsize",), "the default is 1232 bytes instead of 512", "notes 1.11.0"),
    MeaningChange(
        (1, 11, 0),
        ("forward", "prometheus"),
        "the metrics of forward's health checks and connections are named coredns_proxy_*",
        "notes 1.11.0",
    ),
    MeaningChange(
        (1, 11, 2), ("cache",), "queries with and without the CD bit are cached separately", "notes 1.11.2"
    ),
    MeaningChange(
        (1, 11, 4),
        ("kubernetes",),
        "the address of an endpoint without a hostname has no PTR record",
        "#6898, #7177",
        until=(1, 12, 1),
        severity=Severity.WARNING,
    ),
    MeaningChange(
        (1, 12, 3),
        ("file",),
        "a name outside of the zones of `file` is REFUSED instead of SERVFAIL if no plugin follows",
        "notes 1.12.3",
    ),
    MeaningChange(
        (1, 14, 3),
        ("rewrite", "acl"),
        "`acl` sees the name that `rewrite` wrote, not the original one",
        "#7882",
        severity=Severity.WARNING,
    ),
    MeaningChange((1, 14, 4), ("cache",), "a TTL above 3600 s is used instead of capped", "notes 1.14.4"),
    MeaningChange(
        (1, 14, 5),
        ("hosts",),
        "with fallthrough, TXT, HTTPS, SVCB and MX queries for a name in `hosts` go to the next plugin, so "
        "internal names reach the upstream",
        "#8193, #8282",
        until=(1, 14, 7),
        word="fallthrough",
        severity=Severity.WARNING,
    ),
    MeaningChange((1, 14, 5), ("hosts",), "a name such as *.a.example is a wildcard", "notes 1.14.5"),
    MeaningChange(
        (1, 14, 7),
        ("forward",),
        "a query is tried at most twice for each upstream unless max_connect_attempts is set",
        "notes 1.14.7",
    ),
)
"""Oldest first."""


def changed_meaning(subject: Subject, installed: Version) -> Iterator[Finding]:
    """Findings about directives that mean something else than with the installed version.

    Args:
        subject: The Corefile, with the target version.
        installed: The version before.
    """
    for change in CHANGES:
        before, after = change.is_in(installed), change.is_in(subject.version)
        if before == after:
            continue
        for block in subject.corefile.blocks:
            if _concerns(change, block):
                yield _finding(subject, change, block, is_now=after)
                break


def _concerns(change: MeaningChange, block: ServerBlock) -> bool:
    if not all(block.named(name) for name in change.directives):
        return False
    words = {token.text for each in block.named(change.directives[0]) for token in each.tokens}
    return not change.word or change.word in words


def _finding(subject: Subject, change: MeaningChange, block: ServerBlock, *, is_now: bool) -> Finding:
    token = block.named(change.directives[0])[0].tokens[0]
    version = show_version(subject.version)
    summary = (
        f"in CoreDNS {version}, {change.holds}"
        if is_now
        else f"in CoreDNS {version}, it is no longer the case that {change.holds}"
    )
    severity = change.severity if is_now else Severity.INFO
    return subject.at(severity, CHANGED_MEANING, token, summary, f"source: CoreDNS {change.source}")
