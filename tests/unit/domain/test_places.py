import pytest

from eksaddon.domain.geography import region_partition
from eksaddon.domain.roles import arn_partition, partition_of, role_arn
from eksaddon.domain.target import Account, AllRegions, ClusterRef, Organization, Scope, Target


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_reports_its_partition(region: str, partition: str) -> None:
    assert region_partition(region) == partition


@pytest.mark.parametrize(
    ("arn", "partition"),
    [
        ("arn:aws:iam::111122223333:role/x", "aws"),
        ("arn:aws-us-gov:iam::111122223333:role/path/x", "aws-us-gov"),
        ("arn:aws:iam::1:role/x", ""),
        ("x", ""),
    ],
)
def test_a_role_arn_reports_its_partition(arn: str, partition: str) -> None:
    assert arn_partition(arn) == partition


def test_a_bare_role_belongs_to_the_account_and_an_arn_stays_as_it_is() -> None:
    assert role_arn("path/x", "111122223333", "aws-cn") == "arn:aws-cn:iam::111122223333:role/path/x"
    assert role_arn("arn:aws:iam::444455556666:role/x", "111122223333", "aws-cn").startswith(
        "arn:aws:iam::4444"
    )


@pytest.mark.parametrize(
    ("roles", "regions", "partition"),
    [
        ((), (), "aws"),
        ((), ("cn-north-1",), "aws-cn"),
        (("x",), ("us-gov-east-1",), "aws-us-gov"),
        (("arn:aws-cn:iam::111122223333:role/x",), (), "aws-cn"),
    ],
)
def test_the_partition_comes_from_the_role_then_from_the_regions(
    roles: tuple[str, ...], regions: tuple[str, ...], partition: str
) -> None:
    assert partition_of(roles, regions) == partition


def test_an_organization_is_in_one_partition() -> None:
    assert Organization(("x",), ("cn-north-1",)).partition == "aws-cn"
    assert Organization(("x",), AllRegions.ALL).partition == "aws"


def test_places_print_as_people_write_them() -> None:
    ref = ClusterRef("111122223333", "eu-west-1", "shop")
    assert str(Target(ref)) == "111122223333/eu-west-1/shop"
    assert str(ref.scope) == "111122223333/eu-west-1"
    assert Scope("1", "a") < Scope("1", "b")
    assert Account("1").regions == ()
