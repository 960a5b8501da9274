"""Role ARNs, and the partition they name."""

import re
from collections.abc import Iterable

from eksaddon.domain.geography import region_partition

ROLE_ARN = re.compile(r"arn:(aws(?:-[a-z]+)*):iam::([0-9]{12}):role/[\w+=,.@/-]+", re.ASCII)
ROLE_NAME = re.compile(r"[\w+=,.@-]+(?:/[\w+=,.@-]+)*", re.ASCII)


def arn_partition(arn: str) -> str:
    """Empty for what is no role ARN."""
    found = ROLE_ARN.fullmatch(arn)
    return found[1] if found else ""


def role_arn(role: str, account: str, partition: str) -> str:
    """A full ARN as it is; a bare name, with or without a path, as a role of the account."""
    return role if role.startswith("arn:") else f"arn:{partition}:iam::{account}:role/{role}"


def partition_of(roles: tuple[str, ...], regions: Iterable[str]) -> str:
    """Of the last role's ARN, else of the first region, else `aws`."""
    of_regions = next((region_partition(region) for region in regions), "aws")
    return (arn_partition(roles[-1]) if roles else "") or of_regions
