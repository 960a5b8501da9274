"""What network ACLs do with queries to CoreDNS, and with the answers."""

from dataclasses import replace

import pytest

from eksaddon.domain.audit.network import AclEntry, DnsNetwork, Interface, NetworkAcl, PortRule, SecurityGroup
from tests.support.audit_cases.clusters import State

EVERYWHERE = "0.0.0.0/0"
ALL = AclEntry(allows=True, protocol="-1", network=EVERYWHERE)
OPEN = NetworkAcl("acl-open", (ALL,), (ALL,))
SERVER = Interface(("sg-a",), "10.0.1.9", "i-1", "subnet-1")
CLIENT = Interface(("sg-a",), "10.0.2.9", "i-2", "subnet-2")
GROUP = PortRule("-1", networks=(EVERYWHERE,))


def entry(
    protocol: str, first: int, last: int, *, allows: bool = True, network: str = EVERYWHERE
) -> AclEntry:
    return AclEntry(allows, protocol, network, first, last)


def network(near: NetworkAcl = OPEN, far: NetworkAcl = OPEN, client: Interface = CLIENT) -> DnsNetwork:
    groups = {"sg-a": SecurityGroup((GROUP,), (GROUP,))}
    return DnsNetwork((SERVER,), (SERVER, client), groups, acls={"subnet-2": near, "subnet-1": far})


def found(seen: DnsNetwork) -> dict[str, str]:
    return {each.rule: each.summary for each in State(network=seen).verdict.reasons if "acl" in each.rule}


DENY_ALL = entry("-1", 0, 65535, allows=False)
STATELESS = (entry("17", 53, 53), entry("6", 53, 53))
ANSWERS = (entry("17", 1024, 65535), entry("6", 1024, 65535))


@pytest.mark.parametrize(
    "seen",
    [
        network(),
        network(NetworkAcl("a", ANSWERS, STATELESS), NetworkAcl("b", STATELESS, ANSWERS)),
        network(NetworkAcl("a", (ALL, DENY_ALL), (ALL, DENY_ALL))),
        network(NetworkAcl("a", (entry("17", 0, 40000), entry("-1", 0, 65535)), (ALL,))),
        network(
            NetworkAcl("a", (entry("-1", 0, 65535, allows=False, network="192.168.0.0/16"), ALL), (ALL,))
        ),
        network(NetworkAcl("a"), NetworkAcl("b"), replace(CLIENT, subnet="subnet-1")),
        network(NetworkAcl("a"), NetworkAcl("b"), replace(CLIENT, subnet="")),
        network(NetworkAcl("a"), NetworkAcl("b"), replace(CLIENT, address="")),
        replace(network(), acls={}),
    ],
    ids=[
        "open",
        "by port",
        "the first entry decides",
        "together",
        "another network",
        "one subnet",
        "unknown subnet",
        "unknown address",
        "unknown ACLs",
    ],
)
def test_nothing_is_reported_where_every_leg_passes(seen: DnsNetwork) -> None:
    assert found(seen) == {}


@pytest.mark.parametrize(
    ("near", "far", "texts"),
    [
        (NetworkAcl("acl-1", (ALL,)), OPEN, ["acl-1 denies port 53 to 10.0.1.9"]),
        (
            NetworkAcl("acl-1", (), (ALL,)),
            OPEN,
            ["acl-1 denies ports of answers (32768 to 60999) from 10.0.1.9"],
        ),
        (OPEN, NetworkAcl("acl-2", (), (ALL,)), ["acl-2 denies port 53 from 10.0.2.9"]),
        (OPEN, NetworkAcl("acl-2", (ALL,)), ["acl-2 denies ports of answers (32768 to 60999) to 10.0.2.9"]),
        (NetworkAcl("acl-1", (DENY_ALL, ALL), (ALL,)), OPEN, ["ports of answers"]),
        (NetworkAcl("acl-1", (entry("-1", 49152, 65535),), (ALL,)), OPEN, ["ports of answers"]),
        (NetworkAcl("acl-1"), NetworkAcl("acl-2"), ["acl-1 denies port 53", "answers", "and 2 more"]),
    ],
)
def test_each_leg_of_a_query_and_its_answer(near: NetworkAcl, far: NetworkAcl, texts: list[str]) -> None:
    ((check, summary),) = found(network(near, far)).items()
    assert (check, "network ACLs block UDP and TCP between" in summary) == ("dns-acl", True)
    assert all(text in summary for text in texts), summary


def test_one_protocol_alone() -> None:
    udp, tcp = (NetworkAcl("acl-1", (entry(each, 0, 65535),), (ALL,)) for each in ("17", "6"))
    ((check, summary),) = found(network(udp)).items()
    assert (check, "block TCP between" in summary) == ("dns-acl-tcp", True)
    ((check, summary),) = found(network(tcp)).items()
    assert (check, "block UDP between" in summary) == ("dns-acl", True)


def test_acls_that_were_not_read_are_named() -> None:
    unread = State(network=replace(network(), acls={}, acls_unread="denied")).verdict.unread
    assert "whether network ACLs allow port 53 was not checked: denied" in unread
