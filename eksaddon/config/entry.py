"""Builds an account and its credentials from its entry in a file."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from eksaddon.config.model.scalars import WordError
from eksaddon.domain.geography import region_partition
from eksaddon.domain.roles import ROLE_ARN, arn_partition, partition_of, role_arn
from eksaddon.domain.selection import is_glob
from eksaddon.domain.target import (
    Access,
    Account,
    AllRegions,
    AssumedRole,
    CurrentCredentials,
    Labels,
    ProfileCredentials,
    RegionGlobs,
    Regions,
)


def read_regions(given: list[str] | str, excluded: Sequence[str] = ()) -> Regions:
    """Unique regions in the order of the file, or globs to be resolved against AWS.

    Raises:
        WordError: `excluded` removes all regions.
    """
    if isinstance(given, str):
        return RegionGlobs(("*",), tuple(excluded)) if excluded else AllRegions.ALL
    if any(is_glob(each) for each in given):
        return RegionGlobs(tuple(dict.fromkeys(given)), tuple(excluded))
    kept = tuple(
        each for each in dict.fromkeys(given) if not any(fnmatchcase(each, glob) for glob in excluded)
    )
    if given and not kept:
        raise WordError("excludeRegions leaves none of the regions", "remove one of its entries", "regions")
    return kept


def build_account(
    account: str,
    name: str,
    *,
    roles: list[str],
    external_id: str,
    profile: str,
    regions: Regions,
    labels: Labels,
) -> Account:
    """Build an account and derive its partition and credentials.

    Raises:
        WordError: The settings contradict each other; `below` names the key.
    """
    partition = _partition(roles, regions)
    access = _access(account, roles, external_id, profile, partition)
    return Account(account, name, partition, access, regions, labels)


def _partition(roles: list[str], regions: Regions) -> str:
    listed = regions if isinstance(regions, tuple) else ()
    partition = partition_of(tuple(roles), listed)
    for region in listed:
        if region_partition(region) != partition:
            below = "role" if roles and arn_partition(roles[-1]) else "regions"
            raise WordError(
                f"region {region} is not in partition {partition}", "check role and regions", below
            )
    return partition


def _access(account: str, roles: list[str], external_id: str, profile: str, partition: str) -> Access:
    if not roles:
        if external_id:
            raise WordError("externalId without a role", "set the role, or remove externalId")
        return ProfileCredentials(profile) if profile else CurrentCredentials()
    arns = tuple(role_arn(role, account, partition) for role in roles)
    found = ROLE_ARN.fullmatch(arns[-1])
    if found and found[2] != account:
        raise WordError(
            f"the role is in account {found[2]}, not in {account}", "fix the account ID or the role", "role"
        )
    return AssumedRole(arns, external_id, profile)
