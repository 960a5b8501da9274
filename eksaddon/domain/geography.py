"""AWS regions and partitions."""

import difflib
import re
from collections.abc import Sequence

from eksaddon.frozen import dataclass
from eksaddon.regex import regex

ALWAYS_ENABLED = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)
"""Regions older than 2019-03-20, which no account can disable (source: AWS Account Management user guide)."""

OPT_IN = (
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
)
"""Regions of the partition `aws` that an account has to enable first (source: as above)."""

OTHERS = (
    "cn-north-1",
    "cn-northwest-1",
    "eu-isoe-west-1",
    "eusc-de-east-1",
    "me-west-1",
    "sa-west-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
)
"""Announced regions of `aws`, and those of other partitions (source: partitions.json of botocore 1.44)."""

REGIONS = (*ALWAYS_ENABLED, *OPT_IN, *OTHERS)

_PLACES = "us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-isob|us-isof|us-iso|eu-isoe|eusc-de"
"""Beginnings of names (source: regionRegex of the partitions, as above)."""

_DIRECTIONS = "north|south|east|west|central|northeast|northwest|southeast|southwest"
_NAME = regex(rf"({_PLACES})-({_DIRECTIONS})-[0-9]{{1,2}}", re.ASCII)

_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
)

_HOMES = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
    "aws-eusc": "eusc-de-east-1",
}

_SUFFIXES = {
    "aws-cn": "amazonaws.com.cn",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """A region of `REGIONS`."""


@dataclass(frozen=True, slots=True)
class NewRegion:
    """A name that a region of a known partition could have.

    Attributes:
        nearest: A known region with a similar name; empty if there is none.
    """

    nearest: str


@dataclass(frozen=True, slots=True)
class NotARegion:
    """A name that no region has.

    Attributes:
        nearest: As in `NewRegion`.
    """

    nearest: str


RegionName = KnownRegion | NewRegion | NotARegion


def region_name(name: str) -> RegionName:
    """Compare a name with the known regions and with the names that new regions can have."""
    if name in REGIONS:
        return KnownRegion()
    if found := _NAME.fullmatch(name):
        return NewRegion(_nearest(name, tuple(each for each in REGIONS if each.startswith(f"{found[1]}-"))))
    return NotARegion(_nearest(name, REGIONS))


def _nearest(name: str, regions: Sequence[str]) -> str:
    """The most similar name; one with the same letters before others, because typos often swap letters."""

    def rank(each: str) -> tuple[bool, float, str]:
        return sorted(each) != sorted(name), -difflib.SequenceMatcher(None, each, name).ratio(), each

    return min(difflib.get_close_matches(name, regions, n=3, cutoff=0.7), key=rank, default="")


def dns_suffix(partition: str) -> str:
    """DNS suffix of a partition's endpoints (source: botocore's partitions.json)."""
    return _SUFFIXES.get(partition, "amazonaws.com")


def region_partition(region: str) -> str:
    """The partition of a region, by its name's prefix; `aws` by default."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def home_of(partition: str) -> str:
    """A region that is enabled in every account of the partition."""
    return _HOMES.get(partition, _HOMES["aws"])


def may_be_disabled(region: str) -> bool:
    """Whether an account has to opt in to the region; only then can an unknown key mean a disabled region."""
    return bool(region) and region_partition(region) == "aws" and region not in ALWAYS_ENABLED
