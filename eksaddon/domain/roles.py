"""Partitions and role ARNs."""

import re
from collections.abc import Iterable

ROLE_ARN = re.compile(r"arn:(aws(?:-[a-z]+)*):iam::([0-9]{12}):role/[\w+=,.@/-]+", re.ASCII)
ROLE_NAME = re.compile(r"[\w+=,.@-]+(?:/[\w+=,.@-]+)*", re.ASCII)

_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
)


def region_partition(region: str) -> str:
    """The partition that a region's name tells; `aws` where no other does."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


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
