"""Chooses the add-on version of a cluster; pure."""

from collections.abc import Iterable
from typing import assert_never

from eksaddon.domain.cause import Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.versions.desired import (
    AtLeastVersion,
    DefaultVersion,
    DesiredVersion,
    ExactVersion,
    LatestVersion,
)
from eksaddon.domain.versions.offered import NotRequested, Offered, VersionList, VersionMove, VersionsSeen
from eksaddon.frozen import dataclass
from eksaddon.schema import AddonVersion, parse_version

DOWNGRADE = "version-downgrade"
NOT_OFFERED = "version-not-offered"
NOT_READ = "versions-not-read"
NEWER = "version-newer"
"""Rules of findings about the choice of a version."""

_FEW = 3


@dataclass(frozen=True, slots=True)
class Keep:
    """The installed version stays.

    Attributes:
        finding: Why, if that is not obvious; None if the installed version is the desired one.
    """

    finding: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The desired version cannot be installed."""

    finding: Diagnostic


Choice = VersionMove | Keep | Refuse


def needs_offer(desired: DesiredVersion | None, installed: str) -> bool:
    """Whether the versions that EKS offers decide about a cluster."""
    match desired:
        case None:
            return False
        case ExactVersion(version=version):
            return version != installed
        case AtLeastVersion(version=version):
            return not _is_at_least(installed, version)
        case DefaultVersion() | LatestVersion():
            return True
        case _:
            assert_never(desired)


def choose(
    desired: DesiredVersion | None, installed: str, seen: VersionsSeen, *, allows_downgrade: bool = False
) -> Choice:
    """Choose a version.

    `default` and `latest` never lead to an older version unless that is allowed; an exact older version is
    refused instead, because it cannot be reached.
    """
    if desired is None or not needs_offer(desired, installed):
        return Keep()
    match seen:
        case Trouble():
            return Refuse(_not_read(str(seen), seen.hint))
        case NotRequested():
            return Refuse(_not_read("not requested", ""))
        case Offered(current=current):
            return _chosen(desired, installed, current, allows_downgrade=allows_downgrade)
        case _:
            assert_never(seen)


def _not_read(reason: str, hint: str) -> Diagnostic:
    summary = f"the add-on versions that EKS offers could not be read: {reason}"
    return Diagnostic(Severity.ERROR, NOT_READ, summary, hint)


def _chosen(desired: DesiredVersion, installed: str, offer: VersionList, *, allows_downgrade: bool) -> Choice:
    target = _target(desired, offer)
    if isinstance(target, Refuse):
        return target
    if target == installed:
        return Keep()
    if not is_downgrade(installed, target) or allows_downgrade:
        return VersionMove(installed, target)
    detail = "--allow-downgrade (fleet file: allowDowngrade) applies it"
    if isinstance(desired, ExactVersion):
        summary = f"{target} would be a downgrade from {installed}"
        return Refuse(Diagnostic(Severity.ERROR, DOWNGRADE, summary, detail))
    summary = f"the installed {installed} is newer than {target}, the {desired} for {_of(offer)}; it is kept"
    return Keep(Diagnostic(Severity.INFO, NEWER, summary, detail))


def is_downgrade(installed: str, target: str) -> bool:
    """Whether a move lowers the version; also true if the order is unknown, so that it needs consent."""
    before, after = parse_version(installed), parse_version(target)
    return before is None or after is None or after < before


def _target(desired: DesiredVersion, offer: VersionList) -> str | Refuse:
    match desired:
        case ExactVersion(version=version):
            return version if version in offer.versions else _not_offered(version, offer)
        case DefaultVersion():
            return offer.default or _not_offered("a default version", offer)
        case LatestVersion():
            return latest(offer.versions) or _not_offered("a version", offer)
        case AtLeastVersion(version=version):
            return _lowest_move(version, offer) or _not_offered(f"{version} or newer", offer)
        case _:
            assert_never(desired)


def _lowest_move(bound: str, offer: VersionList) -> str:
    """EKS's default if it is new enough, else the oldest one that is; empty if there is none."""
    if offer.default and _is_at_least(offer.default, bound):
        return offer.default
    enough = [each for each in _parsed(offer.versions) if _is_at_least(str(each), bound)]
    return str(min(enough)) if enough else ""


def latest(versions: Iterable[str]) -> str:
    """The highest version by number, not by text; empty if there is none."""
    return str(max(_parsed(versions), default=""))


def _parsed(versions: Iterable[str]) -> list[AddonVersion]:
    return [found for found in map(parse_version, versions) if found is not None]


def _is_at_least(version: str, bound: str) -> bool:
    one, other = parse_version(version), parse_version(bound)
    return one is not None and other is not None and one >= other


def _not_offered(what: str, offer: VersionList) -> Refuse:
    newest = sorted(_parsed(offer.versions), reverse=True)[:_FEW]
    known = f"offered: {', '.join(map(str, newest))}" if newest else "EKS offers no version"
    detail = f"{known}; default: {offer.default}" if offer.default else known
    return Refuse(
        Diagnostic(Severity.ERROR, NOT_OFFERED, f"EKS does not offer {what} for {_of(offer)}", detail)
    )


def _of(offer: VersionList) -> str:
    return f"Kubernetes {offer.kubernetes}"
