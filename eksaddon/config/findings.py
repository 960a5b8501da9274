"""Warnings about a fleet file that do not prevent its use."""

from collections.abc import Iterable, Iterator
from datetime import date

from eksaddon.config.fleet import FleetFile
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.target import Target


def fleet_findings(fleet: FleetFile, today: date) -> tuple[Diagnostic, ...]:
    """All findings that need no cluster."""
    return *expired_waivers(fleet, today), *idle_waivers(fleet)


def expired_waivers(fleet: FleetFile, today: date) -> Iterator[Diagnostic]:
    """Expired waivers: their fields are managed again."""
    for rule in fleet.waivers:
        waiver = rule.waiver
        if waiver.until < today.isoformat():
            yield Diagnostic(
                Severity.WARNING,
                "waiver-expired",
                f"the waiver for {waiver.path} expired on {waiver.until}",
                f"ask {waiver.owner} ({waiver.reason}), then remove it or extend the date",
                waiver.location,
            )


def idle_waivers(fleet: FleetFile) -> Iterator[Diagnostic]:
    """Waivers for fields that no block sets, often a typo."""
    paths = sorted({setting.path for setting in fleet.all_settings})
    for rule in fleet.waivers:
        waiver = rule.waiver
        if not any(waiver.covers(path) for path in paths):
            yield Diagnostic(
                Severity.WARNING,
                "waiver-idle",
                f"the waiver for {waiver.path} matches no desired field of this file",
                f"available paths: {', '.join(paths) or 'none'}",
                waiver.location,
            )


def idle_overrides(fleet: FleetFile, targets: Iterable[Target]) -> Iterator[Diagnostic]:
    """Overrides that match no target; call only if all targets are known."""
    everyone = tuple(targets)
    for override in fleet.overrides:
        if not any(override.match.matches(target) for target in everyone):
            yield Diagnostic(
                Severity.WARNING,
                "override-idle",
                f"{override.origin.layer} matches no cluster",
                "check the names, globs and labels in `match`",
                override.origin.location,
            )
