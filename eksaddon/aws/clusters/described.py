"""DescribeCluster, once for all readers of a plan."""

import threading
from collections.abc import Callable

from eksaddon.aws.clients import EksClients
from eksaddon.aws.eks import invalid
from eksaddon.aws.pages import Reply
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass

FRESH = 600.0
"""Seconds for which a description is used again: shorter than the life of a token, which is made from it."""


@dataclass(frozen=True, slots=True)
class Description:
    """The answer for one cluster.

    Attributes:
        cluster: The member `cluster`; empty if the reply has none.
        agent: User agent of the client that asked.
    """

    cluster: Reply
    agent: str
    read_at: float


class DescribedClusters:
    """Reads clusters; thread-safe.

    Args:
        now: Seconds since the epoch.
    """

    def __init__(self, clients: EksClients, now: Callable[[], float]) -> None:
        self._clients = clients
        self._now = now
        self._known: dict[ClusterRef, Description] = {}
        self._lock = threading.Lock()

    def of(self, ref: ClusterRef) -> Description | Trouble:
        """The description, at most FRESH seconds old.

        Errors are not kept, nor is a cluster without an endpoint: it is being created.
        """
        with self._lock:
            known = self._known.get(ref)
        if known is not None and self._now() - known.read_at < FRESH:
            return known
        found = self._read(ref)
        if isinstance(found, Description) and found.cluster.get("endpoint"):
            with self._lock:
                self._known[ref] = found
        return found

    def _read(self, ref: ClusterRef) -> Description | Trouble:
        refusal = invalid(ref)
        if refusal is not None:
            return refusal
        line = self._clients.of(ref.scope)
        if isinstance(line, Trouble):
            return line
        read_at = self._now()
        reply = line.call("DescribeCluster", lambda eks: eks.describe_cluster(name=ref.name))
        if isinstance(reply, Trouble):
            return reply
        cluster: object = reply.get("cluster")  # a proxy may return anything
        agent = str(line.client.meta.config.user_agent or "")  # type: ignore[attr-defined]  # not in the stubs
        return Description(cluster if isinstance(cluster, dict) else {}, agent, read_at)
