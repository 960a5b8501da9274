"""The DNS attributes of a VPC, from EC2's XML."""

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from eksaddon.aws.calls import Line
from eksaddon.aws.reply_check import is_xml_error, xml_misfit
from eksaddon.aws.vpc.reader import Vpcs
from eksaddon.domain.audit.surroundings import VpcDns
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import CurrentCredentials, Scope

OPERATION = ServiceModel(Loader().load_service_model("ec2", "service-2")).operation_model(
    "DescribeVpcAttribute"
)
SCOPE = Scope("111122223333", "eu-west-1")


class Ec2:
    """A client that answers with what it is given, by attribute."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def describe_vpc_attribute(self, VpcId: str, Attribute: str) -> Any:  # noqa: N803  # as in boto3
        assert VpcId == "vpc-1"
        return self.answers.get(Attribute, {})


class Accounts:
    def __init__(self, line: object) -> None:
        self.line = line

    def open(self, service: str, *_: object, region: str) -> object:
        assert (service, region) == ("ec2", "eu-west-1")
        return self.line


def read(line: object) -> object:
    accounts: Any = Accounts(line)
    return Vpcs(accounts, lambda _: CurrentCredentials()).vpc_dns(SCOPE, "vpc-1")


def test_both_attributes_are_read() -> None:
    client: Any = Ec2(
        enableDnsSupport={"EnableDnsSupport": {"Value": True}},
        enableDnsHostnames={"EnableDnsHostnames": {"Value": False}},
    )
    credentials: Any = None
    assert read(Line(client, credentials, "eu-west-1")) == VpcDns(support=True, hostnames=False)


def test_an_answer_without_a_value_is_unreadable() -> None:
    client: Any = Ec2()
    credentials: Any = None
    found = read(Line(client, credentials, "eu-west-1"))
    assert isinstance(found, Trouble)
    assert found.cause is Cause.UNREADABLE


def test_credentials_that_cannot_be_opened_are_the_answer() -> None:
    trouble = Trouble(Cause.NO_CREDENTIALS, "none")
    assert read(trouble) is trouble


@pytest.mark.parametrize(
    ("body", "misfit"),
    [
        (
            b"<DescribeVpcAttributeResponse xmlns='http://ec2'><vpcId>v</vpcId></DescribeVpcAttributeResponse>",
            "",
        ),
        (b"<html/>", "no DescribeVpcAttributeResponse"),
        (b"{}", "invalid XML"),
    ],
)
def test_replies_of_ec2_are_checked_by_their_root(body: bytes, misfit: str) -> None:
    found = xml_misfit(OPERATION, body)
    assert found.startswith(misfit) if misfit else found == ""


def test_errors_of_ec2_are_in_a_list() -> None:
    assert is_xml_error(
        b"<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>"
    )
