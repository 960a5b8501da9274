"""Warnings about a fleet file that do not prevent its use."""

from collections.abc import Iterable, Iterator
from datetime import date

from eksaddon.config.fleet import FleetFile
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.geography import NewRegion, region_name
from eksaddon.domain.target import Regions, Target


def fleet_findings(fleet: FleetFile, today: date) -> tuple[Diagnostic, ...]:
    """All findings that need no cluster."""
    return *expired_waivers(fleet, today), *idle_waivers(fleet), *new_regions(fleet)


def new_regions(fleet: FleetFile) -> Iterator[Diagnostic]:
    """Regions that this version does not know: new ones, or typos."""
    given: list[Regions] = [each.regions for each in fleet.accounts]
    given += [fleet.organization.regions] if fleet.organization is not None else []
    listed = [region for regions in given if isinstance(regions, tuple) for region in regions]
    listed += [each.region for each in fleet.clusters if each.region]
    yield from region_findings(listed)


def region_findings(names: Iterable[str]) -> Iterator[Diagnostic]:
    """Names that a region could have, but none that this version knows has."""
    for name in dict.fromkeys(names):
        if isinstance(found := region_name(name), NewRegion):
            detail = f"did you mean {found.nearest}? " if found.nearest else ""
            summary = f"this version of eksdns does not know the region {name}"
            yield Diagnostic(
                Severity.WARNING, "region-unknown", summary, f"{detail}A new region works as well"
            )


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
