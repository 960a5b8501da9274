"""Verdicts on security groups, by hand from EKS' requirements, and on what was not read."""

from typing import Any

from eksaddon.domain.audit.network import (
    AclEntry,
    DnsNetwork,
    Interface,
    NetworkAcl,
    PortRule,
    SecurityGroup,
)
from eksaddon.domain.audit.verdict import AuditWord, Grade
from tests.support.audit_cases.clusters import DENIED, GOOD_VALUES, live, pods

A, _, C, D, _ = Grade
GOOD, WEAK, AT_RISK, UNVERIFIED = AuditWord.GOOD, AuditWord.WEAK, AuditWord.AT_RISK, AuditWord.UNVERIFIED
UDP, TCP = (PortRule(each, 53, 53, groups=("sg-1",)) for each in ("udp", "tcp"))
NODES = (Interface(("sg-1",), "10.0.0.7", "i-1"), Interface(("sg-1",), "10.0.1.7", "i-2"))
APART = (
    Interface(("sg-1",), "10.0.0.7", "i-1", "subnet-1"),
    Interface(("sg-1",), "10.0.1.7", "i-2", "subnet-2"),
)
OPEN = {"sg-1": SecurityGroup((UDP, TCP), (UDP, TCP))}
PASS = AclEntry(allows=True, protocol="-1", network="0.0.0.0/0")
UDP_PASS = AclEntry(allows=True, protocol="17", network="0.0.0.0/0")

NETWORKS: dict[str, tuple[dict[str, Any], str, AuditWord, Grade | None]] = {
    "security groups without port 53": (
        {"network": DnsNetwork(NODES, NODES, {"sg-1": SecurityGroup()})},
        "dns-port corefile-stored",
        AT_RISK,
        D,
    ),
    "security groups without TCP port 53": (
        {"network": DnsNetwork(NODES, NODES, {"sg-1": SecurityGroup((UDP,), (UDP, TCP))})},
        "dns-port-tcp corefile-stored",
        WEAK,
        C,
    ),
    "network ACLs without answers": (
        {"network": DnsNetwork(APART, APART, OPEN, acls={"subnet-1": NetworkAcl("acl-1", (), (PASS,))})},
        "dns-acl corefile-stored",
        AT_RISK,
        D,
    ),
    "network ACLs without answers over TCP": (
        {
            "network": DnsNetwork(
                APART, APART, OPEN, acls={"subnet-1": NetworkAcl("acl-1", (UDP_PASS,), (PASS,))}
            )
        },
        "dns-acl-tcp corefile-stored",
        WEAK,
        C,
    ),
    "network ACLs that were not read": (
        {"network": DnsNetwork(APART, APART, OPEN, acls_unread="denied")},
        "corefile-stored",
        GOOD,
        A,
    ),
    "cluster security group without port 53, pods unread": (
        {"network": DnsNetwork(groups={"sg-1": SecurityGroup()}, cluster_group="sg-1"), "workload": DENIED},
        "dns-port-cluster-group corefile-stored",
        UNVERIFIED,
        None,
    ),
    "security groups with port 53": (
        {"network": DnsNetwork(NODES, NODES, {"sg-1": SecurityGroup((UDP, TCP), (UDP, TCP))})},
        "corefile-stored",
        GOOD,
        A,
    ),
    "add-on not installed, Deployment unread": (
        {"is_managed": False, "workload": DENIED, "around": DENIED},
        "self-managed",
        UNVERIFIED,
        None,
    ),
    "ConfigMap of the Corefile deleted": (
        {"workload": live(corefile=None)},
        "corefile-missing corefile-stored",
        AT_RISK,
        D,
    ),
    "pods that mount another ConfigMap": (
        {"workload": live(pods=pods("node-a", "node-b", reads_corefile=False), corefile=None)},
        "corefile-stored",
        UNVERIFIED,
        None,
    ),
    "self-managed pods that mount another ConfigMap": (
        {
            "is_managed": False,
            "workload": live(pods=pods("node-a", "node-b", reads_corefile=False), corefile=None),
        },
        "self-managed",
        UNVERIFIED,
        None,
    ),
    "replicaCount null, which is not set": (
        {"values": {**GOOD_VALUES, "replicaCount": None}, "workload": live(replicas=2)},
        "corefile-stored",
        GOOD,
        A,
    ),
    "replicaCount that is no number": (
        {"values": {**GOOD_VALUES, "replicaCount": "two"}, "workload": live(replicas=2)},
        "corefile-stored",
        GOOD,
        A,
    ),
}
