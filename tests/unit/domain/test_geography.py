import json
from importlib import resources

import pytest

from eksaddon.domain.geography import (
    ALWAYS_ENABLED,
    REGIONS,
    KnownRegion,
    NewRegion,
    NotARegion,
    RegionName,
    dns_suffix,
    home_of,
    may_be_disabled,
    region_name,
    region_partition,
)


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
        ("", "aws"),
    ],
)
def test_the_name_of_a_region_reports_its_partition(region: str, partition: str) -> None:
    assert region_partition(region) == partition


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"])
def test_the_home_of_a_partition_is_in_it_and_is_never_off(partition: str) -> None:
    assert region_partition(home_of(partition)) == partition
    assert not may_be_disabled(home_of(partition))


def test_an_unknown_partition_has_the_usual_home() -> None:
    assert home_of("") == home_of("aws-new") == "us-east-1"


def test_there_are_the_seventeen_regions_that_no_account_can_disable() -> None:
    assert len(ALWAYS_ENABLED) == 17
    assert may_be_disabled("ap-east-1")


@pytest.mark.parametrize(
    ("partition", "suffix"),
    [("aws", "amazonaws.com"), ("aws-us-gov", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")],
)
def test_names_of_endpoints_end_as_the_partition_says(partition: str, suffix: str) -> None:
    assert dns_suffix(partition) == suffix


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("eu-west-1", KnownRegion()),
        ("us-gov-west-1", KnownRegion()),
        ("us-east-9", NewRegion("us-east-1")),
        ("mx-southwest-12", NewRegion("")),
        ("us-gov-central-1", NewRegion("us-gov-east-1")),
        ("us-esat-1", NotARegion("us-east-1")),
        ("eu-wset-1", NotARegion("eu-west-1")),
        ("eu-west1", NotARegion("eu-west-1")),
        ("ue-west-1", NotARegion("eu-west-1")),
        ("eu-west", NotARegion("eu-west-1")),
        ("EU-WEST-1", NotARegion("")),
        ("eu-west-1a", NotARegion("eu-west-1")),
        ("aws-global", NotARegion("")),
        ("", NotARegion("")),
    ],
)
def test_a_region_is_known_or_may_be_new_or_is_none(name: str, found: RegionName) -> None:
    assert region_name(name) == found


def test_the_regions_are_those_of_botocore_or_newer_ones_that_may_be() -> None:
    data = resources.files("botocore").joinpath("data/partitions.json").read_text(encoding="utf-8")
    partitions = json.loads(data)["partitions"]
    listed = {
        (region, partition["id"])
        for partition in partitions
        for region in partition["regions"]
        if not region.endswith("-global")
    }
    assert all(region_partition(region) == partition for region, partition in listed)
    assert not [region for region, _ in listed if isinstance(region_name(region), NotARegion)]
    assert len(listed & {(each, region_partition(each)) for each in REGIONS}) >= 40


def test_no_region_is_listed_twice() -> None:
    assert len(set(REGIONS)) == len(REGIONS)
