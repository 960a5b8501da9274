"""The network of a cluster, as real boto3 clients see it in the simulated EC2."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.resources import Cluster, DnsPort
from tests.support.aws.backends import HUB

REGION = "eu-west-1"


@pytest.fixture
def ec2(simulated: Any) -> Any:
    for name in ("one", "two"):
        ref = ClusterRef(HUB, REGION, name)
        port = DnsPort.OTHER_NODES_CLOSED if name == "two" else DnsPort.OPEN
        simulated.world.add_cluster(Cluster(ref, 0.0, dns_port=port))
    return simulated.client("ec2", region=REGION)


def refused(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def filters(**named: str) -> list[dict[str, Any]]:
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in named.items()]


def vpc_of(simulated: Any, name: str) -> tuple[str, str]:
    config = simulated.client("eks", region=REGION).describe_cluster(name=name)["cluster"][
        "resourcesVpcConfig"
    ]
    return config["vpcId"], config["clusterSecurityGroupId"]


def test_interfaces_are_those_of_the_vpc(simulated: Any, ec2: Any) -> None:
    vpc, group = vpc_of(simulated, "one")
    found = ec2.describe_network_interfaces(Filters=filters(vpc_id=vpc))["NetworkInterfaces"]
    assert {one["VpcId"] for one in found} == {vpc}
    assert {each["GroupId"] for one in found for each in one["Groups"]} == {group}
    assert all(one["Attachment"]["InstanceId"].startswith("i-") for one in found)
    first = found[0]
    address = first["PrivateIpAddresses"][3]["PrivateIpAddress"]
    same = ec2.describe_network_interfaces(
        Filters=[*filters(vpc_id=vpc), {"Name": "addresses.private-ip-address", "Values": [address]}]
    )
    assert [one["NetworkInterfaceId"] for one in same["NetworkInterfaces"]] == [first["NetworkInterfaceId"]]


def test_interfaces_come_in_pages(ec2: Any) -> None:
    pages = list(ec2.get_paginator("describe_network_interfaces").paginate(MaxResults=5))
    paged = [one["NetworkInterfaceId"] for page in pages for one in page["NetworkInterfaces"]]
    whole = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert paged == [one["NetworkInterfaceId"] for one in whole]
    assert len(pages) > 1


def test_network_acls_are_those_of_the_vpc_for_every_subnet(simulated: Any, ec2: Any) -> None:
    vpc, _ = vpc_of(simulated, "one")
    (acl,) = ec2.describe_network_acls(Filters=filters(vpc_id=vpc))["NetworkAcls"]
    cards = ec2.describe_network_interfaces(Filters=filters(vpc_id=vpc))["NetworkInterfaces"]
    assert {each["SubnetId"] for each in acl["Associations"]} == {each["SubnetId"] for each in cards}
    rules = [(each["RuleNumber"], each["Egress"], each["RuleAction"]) for each in acl["Entries"]]
    assert (100, True, "allow") in rules
    assert (32767, False, "deny") in rules
    assert len(ec2.describe_network_acls()["NetworkAcls"]) > 1


def test_other_nodes_can_have_a_group_of_their_own(simulated: Any, ec2: Any) -> None:
    vpc, group = vpc_of(simulated, "two")
    found = ec2.describe_network_interfaces(Filters=filters(vpc_id=vpc))["NetworkInterfaces"]
    (other,) = {each["GroupId"] for one in found for each in one["Groups"]} - {group}
    both = ec2.describe_security_groups(GroupIds=[group, other])["SecurityGroups"]
    sources = [each["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] for each in both]
    assert sources == [group, other]


@pytest.mark.parametrize(
    ("operation", "params", "code"),
    [
        (
            "describe_network_interfaces",
            {"Filters": [{"Name": "odd", "Values": ["x"]}]},
            "InvalidParameterValue",
        ),
        ("describe_network_interfaces", {"NextToken": "odd"}, "InvalidParameterValue"),
        (
            "describe_network_interfaces",
            {"Filters": [{"Name": "vpc-id", "Values": [f"vpc-{number}" for number in range(201)]}]},
            "FilterLimitExceeded",
        ),
        (
            "describe_network_acls",
            {"Filters": [{"Name": "odd", "Values": ["x"]}]},
            "InvalidParameterValue",
        ),
        ("describe_network_acls", {"NextToken": "odd"}, "InvalidParameterValue"),
        ("describe_security_groups", {"GroupIds": ["sg-none"]}, "InvalidGroup.NotFound"),
        (
            "describe_security_groups",
            {"GroupIds": ["sg-none"], "MaxResults": 5},
            "InvalidParameterCombination",
        ),
        (
            "describe_vpc_attribute",
            {"VpcId": "vpc-none", "Attribute": "enableDnsSupport"},
            "InvalidVpcID.NotFound",
        ),
    ],
)
def test_what_ec2_refuses(ec2: Any, operation: str, params: dict[str, Any], code: str) -> None:
    assert refused(getattr(ec2, operation), **params) == code
