"""What security groups do with queries to CoreDNS."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.audit.network import DnsNetwork, Interface, NetworkSeen, PortRule, SecurityGroup
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.not_checked import NotChecked
from tests.support.audit_cases.clusters import DENIED, State, live, pods

ALL = PortRule("-1", networks=("0.0.0.0/0",))
SELF = PortRule("-1", groups=("sg-a",))
UDP, TCP = PortRule("udp", 53, 53, groups=("sg-a",)), PortRule("tcp", 53, 53, groups=("sg-a",))
API = PortRule("tcp", 443, 443, groups=("sg-a",))
POD_1, POD_2 = Interface(("sg-a",), "10.0.1.9", "i-1"), Interface(("sg-a",), "10.0.2.9", "i-2")
OTHER = Interface(("sg-b",), "10.0.3.9", "i-3")
DEFAULT = SecurityGroup((SELF,), (ALL,))


def network(
    *clients: Interface,
    cluster: str = "",
    servers: tuple[Interface, ...] = (POD_1, POD_2),
    **groups: SecurityGroup,
) -> DnsNetwork:
    named = {f"sg-{name}": group for name, group in groups.items()}
    return DnsNetwork(servers, (POD_1, POD_2, *clients), {"sg-a": DEFAULT, **named}, cluster)


def group(*inbound: PortRule, out: tuple[PortRule, ...] = (ALL,)) -> SecurityGroup:
    return SecurityGroup(inbound, out)


def found(seen: NetworkSeen | None, **more: Any) -> dict[str, tuple[str, str]]:
    """Findings of port 53 by check."""
    reasons = State(network=seen, **more).verdict.reasons
    return {each.rule: (each.summary, each.detail) for each in reasons if each.rule.startswith("dns-port")}


OPEN: Mapping[str, DnsNetwork | None] = {
    "not asked for": None,
    "EKS's default": network(),
    "UDP and TCP by port": network(a=group(UDP, TCP)),
    "ranges around the port": network(
        a=group(PortRule("17", 1, 65535, groups=("sg-a",)), PortRule("6", 53, groups=("sg-a",)))
    ),
    "a prefix list": network(a=group(PortRule("-1", has_lists=True))),
    "the networks of the nodes": network(a=group(PortRule("-1", networks=("10.0.0.0/16",)))),
    "another group, let in": network(OTHER, a=group(SELF, PortRule("-1", groups=("sg-b",))), b=group()),
    "a group whose rules are unknown": network(Interface(("sg-x", "sg-a"), "10.0.4.9", "i-4")),
    "one of two groups is enough": network(
        servers=(Interface(("sg-a", "sg-c"), "10.0.1.9", "i-1"),), a=group(API), c=group(SELF)
    ),
    "one node alone: its pods pass no interface": DnsNetwork(
        (POD_1,), (POD_1,), {"sg-a": group(PortRule("-1", groups=("sg-z",)))}
    ),
    "a pod's own interface, let in by any network": DnsNetwork(
        (Interface(("sg-p",), "10.0.5.5"),),
        (OTHER,),
        {"sg-p": group(PortRule("-1", networks=("10.0.0.0/8",))), "sg-b": group()},
    ),
    "the cluster security group alone": DnsNetwork((), (), {"sg-a": DEFAULT}, "sg-a"),
    "the cluster security group by networks": DnsNetwork((), (), {"sg-a": group(ALL)}, "sg-a"),
    "no cluster security group": DnsNetwork((), (), {}, ""),
}


@pytest.mark.parametrize("seen", OPEN.values(), ids=OPEN)
def test_nothing_is_reported_where_a_rule_allows_it(seen: DnsNetwork | None) -> None:
    assert found(seen) == {}


def test_no_rule_for_the_port_blocks_every_other_node() -> None:
    ((check, (summary, fix)),) = found(network(a=group(API), cluster="sg-a")).items()
    assert check == "dns-port"
    assert (
        summary == "security groups block UDP and TCP port 53 from every other node to CoreDNS pods with sg-a"
    )
    assert fix == (
        "allow UDP and TCP port 53 in the inbound rules of sg-a from the security groups of the nodes "
        "(sg-a is the cluster security group: EKS restores its default rules at each cluster update)"
    )


def test_only_tcp_is_a_medium_reason() -> None:
    ((check, (summary, _)),) = found(network(a=group(UDP))).items()
    assert (check, "block TCP port 53 from" in summary) == ("dns-port-tcp", True)


def test_only_udp_is_named() -> None:
    (summary, fix) = found(network(a=group(TCP)))["dns-port"]
    assert "block UDP port 53 from" in summary
    assert "cluster security group" not in fix


def test_nodes_of_another_group_that_is_not_let_in() -> None:
    (summary, fix) = found(network(OTHER, b=group(), cluster="sg-a"))["dns-port"]
    assert summary == (
        "security groups block UDP and TCP port 53 from nodes with sg-b to CoreDNS pods with sg-a"
    )
    assert fix == "allow UDP and TCP port 53 in the inbound rules of sg-a from sg-b"


def test_outbound_rules_of_the_nodes_that_were_removed() -> None:
    (summary, fix) = found(network(a=group(SELF, out=(API,))))["dns-port"]
    assert "from nodes with sg-a to CoreDNS pods with sg-a" in summary
    assert fix == "allow UDP and TCP port 53 in the outbound rules of sg-a to sg-a"


def test_networks_that_do_not_contain_the_other_side_do_not_allow_it() -> None:
    far = PortRule("-1", networks=("192.168.0.0/16", "::/0"))
    assert "inbound" in found(network(a=group(far)))["dns-port"][1]
    assert "outbound" in found(network(a=group(SELF, out=(far,))))["dns-port"][1]


def test_many_paths_are_counted() -> None:
    nodes = [Interface((f"sg-{number}",), "10.0.7.7", f"i-{number}") for number in range(10, 14)]
    closed: Any = {str(number): group() for number in range(10, 14)}
    (summary, fix) = found(network(*nodes, **closed))["dns-port"]
    assert summary.endswith("; and 2 more")
    assert fix.count("inbound rules") == 2


def test_the_cluster_security_group_alone_is_a_low_reason_with_what_was_not_read() -> None:
    seen = DnsNetwork((), (), {"sg-a": group(API)}, "sg-a", "the addresses of CoreDNS pods are unknown")
    ((check, (summary, _)),) = found(seen, workload=DENIED).items()
    assert check == "dns-port-cluster-group"
    assert "do not allow UDP and TCP port 53 between its members; which nodes use it was not read" in summary
    assert "do not allow TCP port 53" in found(DnsNetwork((), (), {"sg-a": group(UDP)}, "sg-a"))[check][0]


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Trouble(Cause.DENIED, "no ec2"), "no ec2"),
        (NotChecked("no network interface"), "no network interface"),
        (DnsNetwork((), (), {}, "", "pods unknown"), "pods unknown"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"workload": DENIED}])
def test_what_was_not_read_is_named_and_never_fine(
    seen: NetworkSeen, reason: str, more: dict[str, Any]
) -> None:
    unread = State(network=seen, **more).verdict.unread
    (text,) = [each for each in unread if "port 53" in each]
    assert text.startswith("whether security groups allow port 53 to CoreDNS was not checked: ")
    assert reason in text
    assert State(**more).verdict.unread != unread


RULES = st.builds(
    PortRule,
    st.sampled_from(["-1", "udp", "tcp", "icmp"]),
    st.sampled_from([None, 1, 53, 54]),
    st.sampled_from([None, 52, 53, 65535]),
    st.lists(st.sampled_from(["10.0.0.0/16", "10.0.2.9/32", "0.0.0.0/0", "::/0"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["sg-a", "sg-b"]), max_size=2).map(tuple),
)
GROUP = st.builds(
    SecurityGroup, st.lists(RULES, max_size=3).map(tuple), st.lists(RULES, max_size=3).map(tuple)
)


@given(GROUP, GROUP, RULES)
def test_one_rule_more_never_blocks_more(one: SecurityGroup, other: SecurityGroup, rule: PortRule) -> None:
    before = found(network(OTHER, a=one, b=other))
    wider = SecurityGroup((*one.inbound, ALL), (*one.outbound, ALL))
    assert found(network(OTHER, a=wider, b=SecurityGroup(other.inbound, (*other.outbound, ALL)))) == {}
    after = found(network(OTHER, a=SecurityGroup((*one.inbound, rule), one.outbound), b=other))
    assert len(after) <= max(len(before), 2)
    if not before:
        assert after == {}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"version": "v2"}, "the version of CoreDNS is unknown"),
        ({"cluster": Trouble(Cause.DENIED, "no")}, "the cluster's VPC, security groups, tags"),
        ({"version": "v9.9.9-eksbuild.1"}, "checked as for CoreDNS"),
        ({"workload": live(pods=pods("node-a", reads_corefile=False))}, "do not mount the ConfigMap coredns"),
    ],
)
def test_what_could_not_be_judged_is_named(more: dict[str, Any], reason: str) -> None:
    assert any(reason in each for each in State(**more).verdict.unread)
