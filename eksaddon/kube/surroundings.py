"""Reads the objects around CoreDNS; a part that cannot be read is reported as such."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.resources.apps_v1 import DaemonSet
from lightkube.resources.core_v1 import Node

from eksaddon.domain.audit.surroundings import Surroundings
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.pods import ZONE
from eksaddon.kube.troubles import FAULTS, not_checked

R = TypeVar("R")

NODE_LOCAL = "node-local-dns"
"""Source: kubernetes, cluster/addons/dns/nodelocaldns."""

MOST_NODES = 20
_NOT_FOUND = 404


def surroundings(client: Client, namespace: str, nodes: Iterable[str]) -> Surroundings:
    """Read all parts.

    Args:
        nodes: Nodes that run CoreDNS pods and whose zone the pods do not name.
    """
    return Surroundings(
        zones=_attempt(lambda: _zones(client, tuple(dict.fromkeys(nodes))[:MOST_NODES])),
        node_local=_attempt(lambda: _has_node_local(client, namespace)),
    )


def _attempt(work: Callable[[], R]) -> R | NotChecked:
    try:
        return work()
    except FAULTS as error:
        return not_checked(error)


def _zones(client: Client, nodes: Iterable[str]) -> Mapping[str, str]:
    """Zones by node, until two differ: more nodes cannot change what that shows."""
    found: dict[str, str] = {}
    for name in nodes:
        metadata = client.get(Node, name).metadata
        zone = ((metadata.labels if metadata else None) or {}).get(ZONE, "")
        if zone:
            found[name] = zone
        if len(set(found.values())) > 1:
            break
    return found


def _has_node_local(client: Client, namespace: str) -> bool:
    try:
        client.get(DaemonSet, NODE_LOCAL, namespace=namespace)
    except ApiError as error:
        if error.status.code == _NOT_FOUND:
            return False
        raise
    return True
