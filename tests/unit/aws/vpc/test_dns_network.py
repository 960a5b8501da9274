"""Interfaces and security groups between nodes and CoreDNS, from EC2's answers."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from eksaddon.aws.calls import Line
from eksaddon.aws.reply_check import xml_misfit
from eksaddon.aws.vpc.reader import Vpcs
from eksaddon.domain.audit.network import (
    AclEntry,
    DnsNetwork,
    Interface,
    NetworkAcl,
    PortRule,
    SecurityGroup,
)
from eksaddon.domain.audit.surroundings import ClusterFacts
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.not_checked import NotChecked
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.target import ClusterRef, CurrentCredentials

REF = ClusterRef("111122223333", "eu-west-1", "shop")
FACTS = ClusterFacts(vpc="vpc-1", group="sg-cluster")
MODEL = ServiceModel(Loader().load_service_model("ec2", "service-2"))
OPEN = {"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}]}


def card(number: int, address: str, *more: str, **members: Any) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "Groups": [{"GroupId": "sg-1"}],
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"PrivateIpAddress": each} for each in (address, *more)],
        "SubnetId": "subnet-1",
        "InterfaceType": "interface",
        "Attachment": {"InstanceId": f"i-{number}"},
        **members,
    }


def pod(address: str, node_address: str = "", name: str = "coredns-1") -> Pod:
    return Pod(name, 30, address=address, node_address=node_address)


class Ec2:
    """Answers by the name of the filter that is not the VPC's."""

    def __init__(self, cards: Mapping[str, Any], groups: Any = (OPEN,)) -> None:
        self.cards, self.groups = cards, groups
        self.acls: Any = ()
        self.asked: list[tuple[str, Any]] = []

    def describe_network_interfaces(self, Filters: Any, MaxResults: int, NextToken: str = "") -> Any:  # noqa: N803  # as in boto3
        assert MaxResults == 1000
        (vpc, wanted) = Filters
        assert vpc == {"Name": "vpc-id", "Values": ["vpc-1"]}
        self.asked.append((wanted["Name"], wanted["Values"]))
        found = self.cards.get(wanted["Name"], [])
        return found(NextToken) if callable(found) else {"NetworkInterfaces": found}

    def describe_network_acls(self, Filters: Any, MaxResults: int) -> Any:  # noqa: N803  # as in boto3
        self.asked.append(("acls", (Filters, MaxResults)))
        if isinstance(self.acls, Exception):
            raise self.acls
        return {"NetworkAcls": list(self.acls)}

    def describe_security_groups(self, GroupIds: Any) -> Any:  # noqa: N803  # as in boto3
        self.asked.append(("groups", GroupIds))
        return {"SecurityGroups": list(self.groups)}


def read(client: Any, *pods: Pod, facts: ClusterFacts = FACTS) -> object:
    credentials: Any = None

    class Accounts:
        def open(self, service: str, *_: object, region: str) -> object:
            assert (service, region) == ("ec2", "eu-west-1")
            return client if isinstance(client, Trouble) else Line(client, credentials, "eu-west-1")

    accounts: Any = Accounts()
    return Vpcs(accounts, lambda _: CurrentCredentials()).dns_network(REF, facts, pods)


BY_ADDRESS, BY_INSTANCE, BY_TAG = (
    "addresses.private-ip-address",
    "attachment.instance-id",
    "tag:cluster.k8s.amazonaws.com/name",
)


def test_secondary_addresses_are_found_and_other_nodes_by_the_tag_of_the_cni() -> None:
    client = Ec2(
        {
            BY_ADDRESS: [card(1, "10.0.0.7", "10.0.0.9")],
            BY_TAG: [
                card(2, "10.0.1.7"),
                card(3, "10.0.1.8"),
                card(4, "10.0.2.7", SubnetId="subnet-2"),
                card(5, "10.0.3.7", Attachment=None),
                card(6, "10.0.3.8", InterfaceType="branch"),
            ],
        }
    )
    found = read(client, pod("10.0.0.9", "10.0.0.7"))
    assert found == DnsNetwork(
        (Interface(("sg-1",), "10.0.0.9", "i-1", "subnet-1"),),
        (
            Interface(("sg-1",), "10.0.0.7", "i-1", "subnet-1"),
            Interface(("sg-1",), "10.0.1.7", "i-2", "subnet-1"),
            Interface(("sg-1",), "10.0.2.7", "i-4", "subnet-2"),
        ),
        {"sg-1": SecurityGroup((PortRule("-1", groups=("sg-1",)),))},
        "sg-cluster",
        acls_unread="EC2 returned none for subnet-1, subnet-2",
    )
    assert client.asked == [
        (BY_ADDRESS, ["10.0.0.7", "10.0.0.9"]),
        (BY_TAG, ["shop"]),
        ("groups", ["sg-1"]),
        ("acls", ([{"Name": "vpc-id", "Values": ["vpc-1"]}], 1000)),
    ]


@pytest.mark.parametrize(
    ("prefix", "address"),
    [
        ({"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.9.16/28"}]}, "10.0.9.20"),
        ({"Ipv6Prefixes": [{"Ipv6Prefix": "2600:1f18::/80"}]}, "2600:1f18::5"),
    ],
)
def test_addresses_of_delegated_prefixes_are_found_by_the_instance(prefix: Any, address: str) -> None:
    client = Ec2(
        {
            BY_ADDRESS: [card(1, "10.0.0.7")],
            BY_INSTANCE: [card(1, "10.0.0.7"), card(8, "10.0.9.7", Groups=[{"GroupId": "sg-8"}], **prefix)],
        }
    )
    found = read(client, pod(address, "10.0.0.7"))
    assert isinstance(found, DnsNetwork)
    assert found.servers == (Interface(("sg-8",), address, "i-8", "subnet-1"),)
    assert (BY_INSTANCE, ["i-1"]) in client.asked


def test_ipv6_addresses_have_a_filter_of_their_own() -> None:
    six = {
        "Ipv6Addresses": [{"Ipv6Address": "2600:1f18::7"}],
        "PrivateIpAddress": None,
        "Ipv6Address": "2600:1f18::7",
    }
    client = Ec2({"ipv6-addresses.ipv6-address": [card(1, "10.0.0.7", **six)]})
    found = read(client, pod("2600:1f18::7"))
    assert isinstance(found, DnsNetwork)
    assert found.servers == (Interface(("sg-1",), "2600:1f18::7", "i-1", "subnet-1"),)
    assert found.clients == (Interface(("sg-1",), "2600:1f18::7", "i-1", "subnet-1"),)


@pytest.mark.parametrize(
    ("members", "address"),
    [
        ({"Ipv6Addresses": [{"Ipv6Address": "2600:1f18:1::7"}]}, "2600:1f18:1::7"),
        ({"Ipv6Prefixes": [{"Ipv6Prefix": "2600:1f18:1::/80"}]}, "2600:1f18:1::"),
        ({}, ""),
    ],
)
def test_nodes_with_both_ip_versions_are_checked_by_that_of_coredns(
    members: dict[str, Any], address: str
) -> None:
    server = card(1, "10.0.0.7", Ipv6Addresses=[{"Ipv6Address": "2600:1f18::7"}])
    client = Ec2(
        {
            "ipv6-addresses.ipv6-address": [server],
            BY_TAG: [card(2, "10.1.0.7", SubnetId="subnet-2", **members)],
        }
    )
    found = read(client, pod("2600:1f18::7"))
    assert isinstance(found, DnsNetwork)
    assert [one.address for one in found.clients] == ["2600:1f18::7", address]


def test_a_pod_without_interface_is_named_and_the_others_are_checked() -> None:
    client = Ec2({BY_ADDRESS: [card(1, "10.0.0.7")]})
    found = read(client, pod("10.0.0.7"), pod("100.64.0.9", name="coredns-2"), pod("100.64.0.8"))
    assert isinstance(found, DnsNetwork)
    assert found.unread == "no network interface of the VPC has the address of pod coredns-2 and 1 more"


def test_pods_outside_of_the_vpc_are_not_checked() -> None:
    found = read(Ec2({}), pod("100.64.0.9", "10.9.9.9"))
    assert found == NotChecked("no network interface of the VPC has the address of pod coredns-1")


def test_without_pods_only_the_cluster_security_group_is_read() -> None:
    client = Ec2({}, [{**OPEN, "GroupId": "sg-cluster"}])
    found = read(client, pod(""), pod("seven"))
    assert isinstance(found, DnsNetwork)
    assert (found.servers, set(found.groups)) == ((), {"sg-cluster"})
    assert found.unread == "the addresses of CoreDNS pods are unknown"
    assert client.asked == [("groups", ["sg-cluster"])]
    assert read(client, facts=ClusterFacts(vpc="vpc-1")) == DnsNetwork(
        unread="the addresses of CoreDNS pods are unknown"
    )


def test_pages_are_read_to_the_end() -> None:
    pages = {
        "": {"NetworkInterfaces": [], "NextToken": "more"},
        "more": {"NetworkInterfaces": [card(1, "10.0.0.7")]},
    }
    assert isinstance(read(Ec2({BY_ADDRESS: pages.__getitem__}), pod("10.0.0.7")), DnsNetwork)


def broken(_: str = "") -> object:
    return {"Broken": True}


@pytest.mark.parametrize(
    "client",
    [
        Ec2({BY_ADDRESS: broken}),
        Ec2({"ipv6-addresses.ipv6-address": broken}),
        Ec2({BY_ADDRESS: [card(1, "10.0.0.7", "10.0.0.9")], BY_TAG: broken}),
        Ec2({BY_ADDRESS: [card(1, "10.0.0.7")], BY_INSTANCE: broken}),
        Ec2({BY_ADDRESS: [card(1, "10.0.0.7")], BY_INSTANCE: [card(1, "10.0.0.9")]}, ["odd"]),
        Ec2({BY_ADDRESS: ["odd"]}),
        Ec2({BY_ADDRESS: [card(1, "10.0.0.7", Groups=[])]}),
        Ec2({BY_ADDRESS: [card(1, "10.0.0.7", Ipv4Prefixes="odd")]}),
        Ec2({BY_ADDRESS: [card(1, "seven")]}),
    ],
)
def test_an_answer_without_what_it_should_have_is_unreadable(client: Ec2) -> None:
    found = read(client, pod("10.0.0.9", "10.0.0.7"), pod("2600::1"))
    assert isinstance(found, Trouble)
    assert found.cause is Cause.UNREADABLE


def test_pods_beyond_the_limit_are_named_as_not_checked() -> None:
    addresses = [f"10.0.1.{number}" for number in range(1, 53)]
    cards = [card(number, address) for number, address in enumerate(addresses)]
    found = read(Ec2({"addresses.private-ip-address": cards}), *map(pod, addresses))
    assert isinstance(found, DnsNetwork)
    assert len(found.servers) == 50
    assert found.unread == "2 of 52 pods were not checked"
    within = read(Ec2({"addresses.private-ip-address": cards}), *map(pod, addresses[:50]))
    assert isinstance(within, DnsNetwork)
    assert within.unread == ""


def test_the_cluster_security_group_can_be_unreadable_too() -> None:
    assert isinstance(read(Ec2({}, [{"GroupId": "sg-cluster", "IpPermissions": [{}]}])), Trouble)
    trouble = Trouble(Cause.NO_CREDENTIALS, "none")
    assert read(trouble, pod("10.0.0.7")) is trouble


def test_rules_keep_ports_networks_groups_and_prefix_lists() -> None:
    rule = {
        "IpProtocol": "udp",
        "FromPort": 53,
        "ToPort": 54,
        "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        "UserIdGroupPairs": [{"GroupId": "sg-2"}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
    }
    ping = {"IpProtocol": "icmp", "FromPort": -1}
    found = read(Ec2({}, [{"GroupId": "sg-cluster", "IpPermissionsEgress": [rule, ping]}]))
    assert isinstance(found, DnsNetwork)
    assert found.groups["sg-cluster"].outbound == (
        PortRule("udp", 53, 54, ("10.0.0.0/16", "::/0"), ("sg-2",), has_lists=True),
        PortRule("icmp"),
    )


@pytest.mark.parametrize(("port", "misfit"), [("53", ""), ("dns", "no number in fromPort")])
def test_numbers_in_lists_of_xml_are_checked_before_the_sdk_reads_them(port: str, misfit: str) -> None:
    operation = MODEL.operation_model("DescribeSecurityGroups")
    body = (
        "<DescribeSecurityGroupsResponse xmlns='http://ec2'><securityGroupInfo><item><groupId>sg-1</groupId>"
        f"<ipPermissions><item><ipProtocol>udp</ipProtocol><fromPort>{port}</fromPort></item></ipPermissions>"
        "</item></securityGroupInfo></DescribeSecurityGroupsResponse>"
    ).encode()
    assert xml_misfit(operation, body) == misfit
    if not misfit:
        response: Any = {"headers": {}, "status_code": 200, "body": body, "context": {}}
        shape: Any = operation.output_shape
        parsed: Any = create_parser("ec2").parse(response, shape)
        assert parsed["SecurityGroups"][0]["IpPermissions"][0]["FromPort"] == 53


def acl(**members: Any) -> dict[str, Any]:
    entries = [
        {
            "RuleNumber": 32767,
            "Egress": False,
            "RuleAction": "deny",
            "Protocol": "-1",
            "CidrBlock": "0.0.0.0/0",
        },
        {
            "RuleNumber": 200,
            "Egress": False,
            "RuleAction": "allow",
            "Protocol": "-1",
            "Ipv6CidrBlock": "::/0",
        },
        {
            "RuleNumber": 100,
            "Egress": False,
            "RuleAction": "deny",
            "Protocol": "17",
            "CidrBlock": "10.0.0.7/16",
            "PortRange": {"From": 53, "To": 53},
        },
        {
            "RuleNumber": 100,
            "Egress": True,
            "RuleAction": "allow",
            "Protocol": "1",
            "CidrBlock": "10.0.0.0/8",
        },
    ]
    found = {"NetworkAclId": "acl-1", "Associations": [{"SubnetId": "subnet-1"}], "Entries": entries}
    return {**found, **members}


def apart() -> Ec2:
    """Two nodes in two subnets."""
    return Ec2(
        {BY_ADDRESS: [card(1, "10.0.0.7", "10.0.0.9")], BY_TAG: [card(2, "10.1.0.7", SubnetId="subnet-2")]}
    )


def test_network_acls_are_read_where_there_are_several_subnets() -> None:
    client = apart()
    client.acls = [acl()]
    seen = read(client, pod("10.0.0.9"))
    assert isinstance(seen, DnsNetwork)
    inbound = (
        AclEntry(allows=False, protocol="17", network="10.0.0.0/16", first=53, last=53),
        AclEntry(allows=True, protocol="-1", network="::/0"),
    )
    outbound = (AclEntry(allows=True, protocol="1", network="10.0.0.0/8"),)
    assert seen.acls == {"subnet-1": NetworkAcl("acl-1", inbound, outbound)}
    assert seen.acls_unread == "EC2 returned none for subnet-2"
    assert client.asked[-1] == ("acls", ([{"Name": "vpc-id", "Values": ["vpc-1"]}], 1000))
    assert [one.subnet for one in seen.clients] == ["subnet-1", "subnet-2"]
    client.acls = [acl(Associations=[{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}])]
    seen = read(client, pod("10.0.0.9"))
    assert isinstance(seen, DnsNetwork)
    assert (set(seen.acls), seen.acls_unread) == ({"subnet-1", "subnet-2"}, "")
    client = Ec2({BY_ADDRESS: [card(1, "10.0.0.7", "10.0.0.9")]})
    read(client, pod("10.0.0.9"))
    assert "acls" not in dict(client.asked)


@pytest.mark.parametrize(
    "broken",
    [
        acl(NetworkAclId=""),
        acl(Entries=[{"RuleNumber": "x", "Egress": True}]),
        acl(Entries=[{**acl()["Entries"][1], "RuleAction": "maybe"}]),
        acl(Entries=[{**acl()["Entries"][2], "PortRange": {"From": 53, "To": "54"}}]),
        acl(Entries=[{"RuleNumber": 1, "Egress": True, "RuleAction": "allow", "Protocol": "-1"}]),
    ],
)
def test_network_acls_that_make_no_sense_are_not_checked(broken: dict[str, Any]) -> None:
    client = apart()
    client.acls = [broken]
    seen = read(client, pod("10.0.0.9"))
    assert isinstance(seen, DnsNetwork)
    assert (seen.acls, "DescribeNetworkAcls" in seen.acls_unread) == ({}, True), seen.acls_unread
