"""The gate that measures lookups while a wave changes its clusters."""

from dataclasses import field
from enum import StrEnum

from eksaddon.domain.probing.lookup import PortMode, Transport
from eksaddon.domain.probing.verdict import Thresholds
from eksaddon.frozen import dataclass

API_SERVER = "kubernetes.default.svc.cluster.local."
"""A name that CoreDNS' kubernetes plugin answers in every cluster with the default domain."""

NAMESPACE = "eksdns-probe"
"""Of its own: a user who may create pods in kube-system can use any of its service accounts."""

PROBE = "probe"
"""The gate's name in output and journals."""


class ProbeFrom(StrEnum):
    """Where lookups are sent from."""

    HERE = "here"
    """The machine that runs eksdns; it can rarely reach a Service address."""
    CLUSTER = "cluster"
    """Pods in the cluster, which meet what its clients meet."""


@dataclass(frozen=True, slots=True)
class ProbeGate:
    """From before a wave's first write until after its last proof, and while it soaks.

    Attributes:
        servers: As `[CLUSTER=]ADDRESS[:PORT]`, in addition to those of the command line; unused in a cluster.
        name: What is looked up; empty for the command line's, or `API_SERVER`.
        rate: Lookups per second, for each server of each cluster.
        timeout: Seconds until a lookup counts as lost.
        tries: Packets for one lookup.
        expect: Words of `read_expectation`; none for any NOERROR with data.
        baseline: Seconds that are measured before the first write.
        image: Of the pods in a cluster, with `eksdns` on its PATH.
        nodes: Pods in a cluster, on different nodes and zones where there are any.
        namespace: Of these pods.
    """

    source: ProbeFrom = ProbeFrom.HERE
    servers: tuple[str, ...] = ()
    name: str = ""
    record_type: str = "A"
    transport: Transport = Transport.UDP
    ports: PortMode = PortMode.WALKED
    rate: int = 20
    timeout: float = 1.0
    tries: int = 1
    expect: tuple[str, ...] = ()
    baseline: int = 5
    image: str = ""
    nodes: int = 2
    namespace: str = NAMESPACE
    limits: Thresholds = field(default_factory=Thresholds)
