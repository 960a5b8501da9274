"""The accounts of a derived fleet file: those configured, else those of the clusters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import assert_never

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import Seen
from eksaddon.app.fleet.role_override import account_as, organization_as
from eksaddon.discover.accounts import UNKNOWN_ACCOUNT
from eksaddon.discover.values import Place
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.selection import UNIT
from eksaddon.domain.target import (
    Access,
    Account,
    AllRegions,
    AssumedRole,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
    RegionGlobs,
    Regions,
)
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Blocks of the fleet file.

    Attributes:
        names: Names of accounts by id, if unique.
    """

    accounts: tuple[JsonObject, ...] = ()
    organization: JsonObject | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def scope_of(fleet: Fleet, seen: Seen) -> Scope:
    """Accounts and organization as configured; without any, the accounts and regions that were searched."""
    role, organization = fleet.targets.role, fleet.file.organization
    accounts = tuple(account_as(one, role) if role else one for one in fleet.accounts)
    if organization is None and not accounts:
        accounts = tuple(_searched(seen.searched))
    if organization is not None and role:
        organization = organization_as(organization, role)
    return Scope(
        tuple(_account(one) for one in accounts),
        _organization(organization) if organization else None,
        _names(one.account for one in seen.searched),
    )


def _searched(places: Sequence[Place]) -> Iterator[Account]:
    """One account for all its regions; none if its id is unknown.

    An account without a configured region keeps all enabled ones, so that a cluster in a new region is found.
    """
    regions: dict[str, list[str]] = {}
    for place in places:
        regions.setdefault(place.account.id, []).append(place.region)
    known = {place.account.id: place.account for place in places}
    for identity, account in known.items():
        if identity != UNKNOWN_ACCOUNT:
            yield Account(
                identity,
                account.name,
                account.partition,
                account.access,
                AllRegions.ALL
                if account.regions is AllRegions.ALL
                else tuple(sorted(set(regions[identity]))),
            )


def _names(accounts: Iterable[Account]) -> Mapping[str, str]:
    names = {account.id: account.name for account in accounts}
    taken = list(names.values())
    return {identity: name for identity, name in names.items() if name and taken.count(name) == 1}


def _account(account: Account) -> JsonObject:
    labels = {key: value for key, value in account.labels if key != UNIT}
    return _filled(
        {
            "id": account.id,
            "name": account.name,
            **_access(account.access),
            **_regions(account.regions),
            "labels": labels,
        }
    )


def _organization(organization: Organization) -> JsonObject:
    return _filled(
        {
            "role": _one_or_all(organization.roles),
            "externalId": organization.external_id,
            "profile": organization.profile,
            "ous": list(organization.units),
            "excludeAccounts": list(organization.exclude),
            "accountTags": dict(organization.tags),
            **_regions(organization.regions),
        }
    )


def _filled(block: JsonObject) -> JsonObject:
    return {key: value for key, value in block.items() if value}


def _one_or_all(texts: tuple[str, ...]) -> Json:
    return texts[0] if len(texts) == 1 else list(texts)


def _access(access: Access) -> JsonObject:
    match access:
        case CurrentCredentials():
            return {}
        case ProfileCredentials(profile=profile):
            return {"profile": profile}
        case AssumedRole(arns=arns, external_id=external_id, profile=profile):
            return {"role": _one_or_all(arns), "externalId": external_id, "profile": profile}
        case _:
            assert_never(access)


def _regions(regions: Regions) -> JsonObject:
    match regions:
        case AllRegions():
            return {"regions": "all"}
        case RegionGlobs(included=included, excluded=excluded):
            return {"regions": list(included), "excludeRegions": list(excluded)}
        case tuple():
            return {"regions": list(regions)}
        case _:
            assert_never(regions)
