"""How far an add-on is behind, and whether its Kubernetes version leaves support; pure."""

from collections.abc import Iterator
from datetime import date

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.versions.offered import VersionList
from eksaddon.rules.version.choice import latest
from eksaddon.schema import parse_version
from eksaddon.schema.kubernetes_support import SUPPORT, SUPPORT_READ_ON

SUPPORT_ENDS = "kubernetes-support"
BEHIND = "version-behind"
UNLISTED = "version-unlisted"
"""Rules of findings about the age of versions."""

NOTICE_DAYS = 60
"""A warning is given this long in advance, as EKS does with its notices (source: EKS user guide)."""


def newer_versions(installed: str, offer: VersionList) -> tuple[str, ...] | None:
    """Offered versions that are newer, in EKS's order; None if the installed one cannot be compared."""
    own = parse_version(installed)
    if own is None:
        return None
    found = ((text, parse_version(text)) for text in offer.versions)
    return tuple(text for text, parsed in found if parsed is not None and parsed > own)


def age_findings(installed: str, offer: VersionList) -> Iterator[Diagnostic]:
    """Findings about the installed version among those that EKS offers for the cluster's Kubernetes."""
    if offer.versions and installed not in offer.versions:
        summary = f"EKS no longer offers {installed} for Kubernetes {offer.kubernetes}"
        detail = "it keeps running, but EKS fixes problems only in versions that it offers"
        yield Diagnostic(Severity.WARNING, UNLISTED, summary, detail)
    if newer := newer_versions(installed, offer):
        newest = latest(newer)
        default = f", default {offer.default}" if offer.default in newer else ""
        summary = f"behind by {len(newer)}: latest {newest}{default} for Kubernetes {offer.kubernetes}"
        yield Diagnostic(Severity.INFO, BEHIND, summary, "set addonVersion in the fleet file to upgrade it")


def support_findings(kubernetes: str, today: date) -> Iterator[Diagnostic]:
    """Findings about the end of support of a Kubernetes version, by the table of `SUPPORT_READ_ON`.

    Args:
        kubernetes: Such as `1.34`.
        today: UTC.
    """
    found = SUPPORT.get(kubernetes)
    source = f"dates as published on {SUPPORT_READ_ON}"
    if found is None:
        summary = f"the end of support of Kubernetes {kubernetes} is not known"
        yield Diagnostic(Severity.INFO, SUPPORT_ENDS, summary, source)
    elif today > found.extended:
        summary = f"Kubernetes {kubernetes} left extended support on {found.extended}"
        detail = f"EKS upgrades the control plane at any time and leaves the add-on as it is; {source}"
        yield Diagnostic(Severity.WARNING, SUPPORT_ENDS, summary, detail)
    elif found.standard is None or today > found.standard:
        yield _ending(kubernetes, "extended", found.extended, today, source)
    elif (found.standard - today).days <= NOTICE_DAYS:
        yield _ending(kubernetes, "standard", found.standard, today, source)


def _ending(kubernetes: str, phase: str, end: date, today: date, source: str) -> Diagnostic:
    days = (end - today).days
    severity = Severity.WARNING if days <= NOTICE_DAYS else Severity.INFO
    summary = f"Kubernetes {kubernetes} leaves {phase} support on {end}, in {days} days"
    return Diagnostic(severity, SUPPORT_ENDS, summary, source)
