"""Lints a Corefile for a given CoreDNS version."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from eksaddon.corefile.editing.layout import Layout
from eksaddon.corefile.editing.spans import Planner
from eksaddon.corefile.lint.eks import lint_eks
from eksaddon.corefile.lint.findings import RULES, Finding, Group
from eksaddon.corefile.lint.plugins import lint_plugins
from eksaddon.corefile.lint.resolution import lint_resolution
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.lint.suspect import lint_suspect
from eksaddon.corefile.lint.syntax import lint_syntax
from eksaddon.corefile.lint.zones import lint_zones
from eksaddon.corefile.syntax.imports import NoFiles
from eksaddon.corefile.syntax.lines import Lines
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.domain.diagnostic import Severity

POD = Surroundings(folder="/etc/coredns", files=NoFiles())
"""The add-on's pod: no other files and no variables."""

ALL_GROUPS = frozenset(Group)

_LAYERS: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    lint_syntax,
    lint_plugins,
    lint_zones,
    lint_suspect,
    lint_eks,
)
_RANK: Mapping[Severity, int] = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def lint(
    text: str,
    *,
    version: Version = NEWEST_KNOWN,
    source: str = "Corefile",
    surroundings: Surroundings = POD,
    groups: Collection[Group] = ALL_GROUPS,
) -> tuple[Finding, ...]:
    """Find everything that CoreDNS would reject, and likely mistakes that it accepts.

    An error means that this CoreDNS does not start with the Corefile or, in the resolution group, that it
    certainly fails a query of every cluster; other findings are warnings and notes.

    Args:
        version: CoreDNS version of the stock build, which EKS uses.
        source: Name of the file in locations.
        surroundings: Files and variables; `directives` is ignored because it follows from the version.
        groups: Groups of rules to check.
    """
    subject = subject_of(text, version=version, source=source, surroundings=surroundings)
    found = [finding for layer in _LAYERS for finding in layer(subject)]
    if Group.RESOLUTION in groups and not any(finding.severity is Severity.ERROR for finding in found):
        found += lint_resolution(subject)
    kept = {
        (finding.start, finding.end, finding.diagnostic): finding
        for finding in found
        if RULES[finding.rule].group in groups
    }
    return tuple(sorted(kept.values(), key=_order))


def subject_of(text: str, *, version: Version, source: str, surroundings: Surroundings) -> Subject:
    """Parse the text for the rules."""
    corefile = parse(text, replace(surroundings, directives=None))
    return Subject(
        corefile=corefile,
        version=version,
        source=source,
        environment=surroundings.environment,
        unit=Layout(corefile).unit(),
        lines=Lines(text),
        planner=Planner(corefile),
    )


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.start, _RANK[finding.severity], finding.rule
