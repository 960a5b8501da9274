"""Where simulated clusters' Kubernetes APIs are, below a server whose address is known once it listens."""

from dataclasses import dataclass

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.resources import Endpoint


@dataclass(slots=True)
class Clusters:
    """What `world_of` takes as `endpoint_of`.

    Attributes:
        url: Of the simulator; set it when it listens.
    """

    url: str = ""

    def __call__(self, ref: ClusterRef) -> Endpoint:
        return endpoint_at(self.url, ref)
