"""Loads the fleet file and flags, and finds the targets."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from eksaddon.app.fleet.names import refuse_unknown_matches
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.app.fleet.role_override import account_as, organization_as, require_role
from eksaddon.app.local.names import Kind, Names
from eksaddon.app.local.plugins import without_plugins
from eksaddon.app.session import AccessBook, Session
from eksaddon.config.flags import FLAGS, read_flags
from eksaddon.config.fleet import FleetFile, Settings
from eksaddon.config.load import find_fleet_file, fleet_for, load_fleet
from eksaddon.config.resolve import Resolver
from eksaddon.discover.accounts import Found, Sources, find_accounts, in_shard
from eksaddon.discover.clusters import discover
from eksaddon.discover.names import refuse_unknown_names
from eksaddon.discover.places import find_places
from eksaddon.discover.values import Discovered
from eksaddon.discover.visiting import Visitor
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import digest
from eksaddon.domain.selection import Selection, is_glob
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import (
    Access,
    Account,
    AllRegions,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
)
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Fleet:
    """The fleet as configured, before any call to AWS.

    Attributes:
        accounts: From the fleet file or a c7n-org accounts file.
        searches_all_regions: Accounts without a region are searched in every enabled region.
    """

    file: FleetFile
    flags: Settings
    accounts: tuple[Account, ...]
    targets: TargetRequest
    searches_all_regions: bool = False

    def resolver(self, now: float) -> Resolver:
        return Resolver(self.file, self.flags, datetime.fromtimestamp(now, UTC).date())


def load(targets: TargetRequest, desired: DesiredRequest) -> Fleet:
    """Load the desired state and the accounts, without calls.

    Raises:
        EksdnsError: A file or a flag is invalid, or no desired value is set.
    """
    flags = flag_settings(desired)
    with without_plugins():
        file = fleet_for(flags, config=targets.config, environ=os.environ, folder=Path())
    return Fleet(file, flags, _accounts(targets, file), targets)


def load_scope(targets: TargetRequest) -> Fleet:
    """Like `load`, for commands without desired state."""
    path = find_fleet_file(targets.config, os.environ, Path())
    with without_plugins():
        file = load_fleet(path) if path else FleetFile()
    return Fleet(file, (), _accounts(targets, file), targets)


def flag_settings(desired: DesiredRequest) -> Settings:
    """Settings of the desired state on the command line.

    Raises:
        EksdnsError: A value is invalid.
    """
    return read_flags(corefile_set=desired.corefile_set, **{name: getattr(desired, name) for name in FLAGS})


def _accounts(targets: TargetRequest, file: FleetFile) -> tuple[Account, ...]:
    if targets.accounts_file is None:
        return file.accounts
    if file.accounts or file.organization:
        raise EksdnsError(
            f"both {targets.accounts_file} and {file.source} list accounts",
            hint="remove one of them",
            exit_code=ExitCode.USAGE,
        )
    from eksaddon.config.c7n import load_accounts_file  # noqa: PLC0415  # pydantic costs 100 ms

    with without_plugins():
        return load_accounts_file(targets.accounts_file)


def require_targets(targets: TargetRequest) -> None:
    """Require an explicit selection for a command that can write or that reads a whole fleet.

    Raises:
        EksdnsError: Neither `--all` nor a selection is given.
    """
    if not targets.is_chosen:
        raise EksdnsError(
            "no cluster selected",
            hint="use --cluster NAME, or --all for every cluster in scope",
            exit_code=ExitCode.USAGE,
        )


def find_targets(
    fleet: Fleet, session: Session, book: AccessBook, visitor: Visitor | None = None
) -> Discovered:
    """Find all targets in scope, with causes for accounts and regions that could not be listed.

    Args:
        visitor: Reads all targets while others are still listed.

    Raises:
        EksdnsError: Nothing is in scope, or a `--cluster` matches nothing.
    """
    selection = fleet.targets.selection()
    found = _found(fleet, session)
    refuse_unknown_names(found, selection, fleet.file.clusters)
    refuse_unknown_matches(fleet.file, found, is_whole=not fleet.targets.units)
    shard, mark = fleet.targets.shard, _mark(fleet, found)
    if shard is not None:
        found = in_shard(found, shard)
    for account in _all_accounts(found):
        book.learn(account)
    search = find_places(
        found,
        selection,
        fleet.file.clusters,
        session.directory,
        session.executor,
        is_part=shard is not None,
    )
    discovered = discover(
        search,
        selection,
        session.addons,
        session.executor,
        known=fleet.file.clusters,
        known_only=fleet.file.known_only,
        skip_unavailable=fleet.file.skip_unavailable,
        is_part=shard is not None,
        visitor=visitor,
    )
    is_whole = not discovered.unreachable_scopes and selection == Selection() and shard is None
    session.remember(_names(fleet.file, discovered), is_whole)
    return replace(discovered, shard=mark)


def _mark(fleet: Fleet, found: Found) -> ShardMark | None:
    """The shard with the digest of what is divided; None for a whole fleet."""
    shard, selection = fleet.targets.shard, fleet.targets.selection()
    if shard is None:
        return None
    source = Path(fleet.file.source)
    text = source.read_text(encoding="utf-8") if fleet.file.source and source.is_file() else ""
    accounts = sorted(each.id for each in _all_accounts(found) if not selection.refusal(each))
    asked = [repr(selection), repr(fleet.flags), *accounts]
    return ShardMark(shard.number, shard.of, digest([text, *asked]))


def _names(file: FleetFile, discovered: Discovered) -> Names:
    """What a shell may complete later."""
    refs = [target.ref for target in discovered.targets]
    account_names = [target.account_name for target in discovered.targets if target.account_name]
    return {
        Kind.CLUSTERS: [ref.name for ref in refs],
        Kind.REGIONS: [ref.region for ref in refs],
        Kind.ACCOUNTS: [*(ref.account for ref in refs), *account_names],
        Kind.WAVES: [wave.name for wave in file.strategy.waves] if file.strategy else [],
    }


def _found(fleet: Fleet, session: Session) -> Found:
    return find_accounts(
        _sources(fleet),
        session.directory,
        lambda one: session.organization(_listing_access(one)),
        session.region_of,
    )


def accounts_in_scope(fleet: Fleet, session: Session) -> tuple[Account, ...]:
    """Selected accounts, including unreachable ones.

    Raises:
        EksdnsError: See `find_targets`.
    """
    selection = fleet.targets.selection()
    found = _found(fleet, session)
    refuse_unknown_names(found, selection, fleet.file.clusters)
    return tuple(account for account in _all_accounts(found) if not selection.refusal(account))


def _listing_access(organization: Organization) -> Access:
    return ProfileCredentials(organization.profile) if organization.profile else CurrentCredentials()


def _sources(fleet: Fleet) -> Sources:
    targets, file, role = fleet.targets, fleet.file, fleet.targets.role
    organization = file.organization
    if role and organization is None:
        require_role(fleet.accounts, role)
    return Sources(
        accounts=tuple(account_as(one, role) for one in fleet.accounts) if role else fleet.accounts,
        organization=organization_as(organization, role) if organization and role else organization,
        profiles=targets.profiles,
        units=targets.units,
        regions=_named_regions(targets),
        fallback=AllRegions.ALL if fleet.searches_all_regions else (),
        with_tags=bool(targets.labels) or any(match.labels for match in file.matches),
        with_units=bool(targets.units) or any(match.units for match in file.matches),
    )


def _named_regions(targets: TargetRequest) -> tuple[str, ...]:
    """Regions of --region, and those of --cluster if every one names its region."""
    patterns = targets.selection().clusters
    own = [one.region for one in patterns]
    named = own if not any(map(is_glob, own)) else []
    return tuple(region for region in dict.fromkeys((*targets.regions, *named)) if not is_glob(region))


def _all_accounts(found: Found) -> Iterator[Account]:
    yield from found.accounts
    yield from (each.account for each in found.unreachable_scopes)


@contextmanager
def closing(session: Session) -> Iterator[Session]:
    try:
        yield session
    finally:
        session.close()
