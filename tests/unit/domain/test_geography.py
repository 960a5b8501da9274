import pytest

from eksaddon.domain.geography import (
    ALWAYS_ENABLED,
    dns_suffix,
    home_of,
    may_be_disabled,
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
def test_the_name_of_a_region_tells_its_partition(region: str, partition: str) -> None:
    assert region_partition(region) == partition


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"])
def test_the_home_of_a_partition_lies_in_it_and_is_never_off(partition: str) -> None:
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
