"""The network of a simulated cluster, as EC2's documents: VPC, interfaces, security groups, network ACL."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addresses import PODS_PER_NODE, node_address, pod_address
from eksaddon.sim.resources import Cluster, DnsPort

CLUSTER_TAG = "cluster.k8s.amazonaws.com/name"


def vpc_id(ref: ClusterRef) -> str:
    return f"vpc-{_hashed(ref, 'vpc')}"


def cluster_group(ref: ClusterRef) -> str:
    return f"sg-{_hashed(ref, 'cluster')}"


def other_group(ref: ClusterRef) -> str:
    """The group of nodes that do not run CoreDNS."""
    return f"sg-{_hashed(ref, 'nodes')}"


def subnet_id(ref: ClusterRef, index: int) -> str:
    """The subnet of a node."""
    return f"subnet-{_hashed(ref, 'subnet', index)}"


def network_acl(cluster: Cluster, nodes: int) -> JsonObject:
    """The default ACL of the VPC, which all subnets have.

    Args:
        nodes: As in `interfaces`.
    """
    ref, both = cluster.ref, ("false", "true")
    entries = [
        *(_entry(100, "-1", egress) for egress in both),
        *(_entry(32767, "-1", egress, action="deny") for egress in both),
    ]
    if cluster.dns_port is DnsPort.ACL_CLOSED:
        entries.append(_entry(90, "17", "false", (1024, 65535), "deny"))
    acl = f"acl-{_hashed(ref, 'acl')}"
    return {
        "networkAclId": acl,
        "vpcId": vpc_id(ref),
        "ownerId": ref.account,
        "default": "true",
        "entrySet": entries,
        "associationSet": [
            {
                "networkAclAssociationId": f"aclassoc-{_hashed(ref, 'acl', index)}",
                "networkAclId": acl,
                "subnetId": subnet_id(ref, index),
            }
            for index in range(nodes + 1)
        ],
        "tagSet": [],
    }


def _entry(
    number: int, protocol: str, egress: str, ports: tuple[int, int] | None = None, action: str = "allow"
) -> Json:
    limits: JsonObject = {} if ports is None else {"portRange": {"from": ports[0], "to": ports[1]}}
    return {
        "ruleNumber": number,
        "protocol": protocol,
        "ruleAction": action,
        "egress": egress,
        "cidrBlock": "0.0.0.0/0",
        **limits,
    }


def interfaces(cluster: Cluster, nodes: int) -> Iterator[JsonObject]:
    """One for each node; one more node has no CoreDNS pod.

    Args:
        nodes: Number of nodes that run CoreDNS.
    """
    is_apart = cluster.dns_port is DnsPort.OTHER_NODES_CLOSED
    for index in range(nodes + 1):
        group = other_group if is_apart and index == nodes else cluster_group
        yield _interface(cluster.ref, index, group(cluster.ref))


def _interface(ref: ClusterRef, index: int, group: str) -> JsonObject:
    secondary = [pod_address(index, number) for number in range(PODS_PER_NODE)]
    addresses: list[Json] = [
        {"privateIpAddress": each, "primary": str(each == node_address(index)).lower()}
        for each in (node_address(index), *secondary)
    ]
    return {
        "networkInterfaceId": f"eni-{_hashed(ref, index)}",
        "subnetId": subnet_id(ref, index),
        "vpcId": vpc_id(ref),
        "ownerId": ref.account,
        "status": "in-use",
        "interfaceType": "interface",
        "privateIpAddress": node_address(index),
        "groupSet": [{"groupId": group, "groupName": f"eks-cluster-sg-{ref.name}"}],
        "attachment": {"instanceId": f"i-{_hashed(ref, index)}", "status": "attached", "deviceIndex": 0},
        "privateIpAddressesSet": addresses,
        "tagSet": [{"key": CLUSTER_TAG, "value": ref.name}],
    }


def security_groups(cluster: Cluster) -> Iterator[JsonObject]:
    ref = cluster.ref
    itself = cluster_group(ref)
    api: list[Json] = [_rule("tcp", itself, 443), _rule("tcp", itself, 10250)]
    inbound: list[Json] = [_rule("-1", itself)]
    if cluster.dns_port is DnsPort.CLOSED:
        inbound = api
    elif cluster.dns_port is DnsPort.TCP_CLOSED:
        inbound = [*api, _rule("udp", itself, 53)]
    yield _group(ref, itself, inbound)
    if cluster.dns_port is DnsPort.OTHER_NODES_CLOSED:
        yield _group(ref, other_group(ref), [_rule("-1", other_group(ref))])


def _group(ref: ClusterRef, group: str, inbound: list[Json]) -> JsonObject:
    everywhere: Json = {"ipProtocol": "-1", "ipRanges": [{"cidrIp": "0.0.0.0/0"}]}
    return {
        "groupId": group,
        "groupName": f"eks-cluster-sg-{ref.name}",
        "groupDescription": "security group of a simulated cluster",
        "ownerId": ref.account,
        "vpcId": vpc_id(ref),
        "ipPermissions": inbound,
        "ipPermissionsEgress": [everywhere],
    }


def _rule(protocol: str, source: str, port: int | None = None) -> Json:
    ports: JsonObject = {} if port is None else {"fromPort": port, "toPort": port}
    return {"ipProtocol": protocol, **ports, "groups": [{"groupId": source}]}


@lru_cache(maxsize=100_000)
def _hashed(ref: ClusterRef, *seed: object) -> str:
    return sha256(":".join(map(str, (ref, *seed))).encode()).hexdigest()[:17]
