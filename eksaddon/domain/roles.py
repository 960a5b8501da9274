"""Role ARNs and their partitions."""

import re
from collections.abc import Iterable

from eksaddon.domain.geography import region_partition
from eksaddon.regex import regex

ROLE_ARN = regex(r"arn:(aws(?:-[a-z]+)*):iam::([0-9]{12}):role/[\w+=,.@/-]+", re.ASCII)
ROLE_NAME = regex(r"[\w+=,.@-]+(?:/[\w+=,.@-]+)*", re.ASCII)


def arn_partition(arn: str) -> str:
    """Partition of a role ARN; empty if `arn` is not one."""
    found = ROLE_ARN.fullmatch(arn)
    return found[1] if found else ""


def role_arn(role: str, account: str, partition: str) -> str:
    """Return a full ARN unchanged; expand a role name, with or without a path, to an ARN of the account."""
    return role if role.startswith("arn:") else f"arn:{partition}:iam::{account}:role/{role}"


def partition_of(roles: tuple[str, ...], regions: Iterable[str]) -> str:
    """Partition of the last role's ARN, else of the first region, else `aws`."""
    from_regions = next((region_partition(region) for region in regions), "aws")
    return (arn_partition(roles[-1]) if roles else "") or from_regions
