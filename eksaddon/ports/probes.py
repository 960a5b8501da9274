"""What measures lookups to a cluster's DNS."""

from typing import Protocol

from eksaddon.domain.probing.figures import Figures, ProbePart
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.own_counts import OwnCounts
from eksaddon.domain.probing.proof import NodeTrace
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """Lookups to one cluster's DNS.

    Attributes:
        servers: Of this cluster; unused where the gate asks from inside the cluster.
        run_id: Names what is created in a cluster, so that it can be found and removed.
        with_pods: In a cluster, also ask each CoreDNS pod, apart from the Service.
        with_traces: Keep each failed lookup, which takes memory as long as the probe runs.
        with_points: Keep the counts second by second, without the failed lookups.
        seconds: After which a probe in a cluster ends by itself, even if eksdns is gone.
    """

    ref: ClusterRef
    gate: ProbeGate
    run_id: str
    servers: tuple[DnsServer, ...] = ()
    seconds: float = 86_400.0
    with_pods: bool = False
    with_traces: bool = False
    with_points: bool = False


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """What a probe has counted since it was started.

    Attributes:
        figures: Of the Service, or of the servers that were named.
        parts: By node and server; empty for a probe from here.
        own: CoreDNS's own counters of errors; None for a probe from here.
        traces: Second by second, where the request asks for them.
        trouble: Why it cannot measure, or no longer; empty if it can.
        measured_at: Where lookups are sent from, for display.
        counted_until: Seconds since the epoch; of the server whose counts are the oldest.
    """

    figures: Figures
    trouble: str = ""
    measured_at: str = ""
    counted_until: float = 0.0
    parts: tuple[ProbePart, ...] = ()
    own: OwnCounts | None = None
    traces: tuple[NodeTrace, ...] = ()


class RunningProbe(Protocol):
    """Lookups that are being sent; no method raises for what the network or a cluster answers."""

    def read(self) -> ProbeReading:
        """The figures so far; lookups that are waiting for their answer are in none of them."""
        ...

    def stop(self) -> None:
        """Send nothing more; does not wait."""
        ...

    def end(self) -> ProbeReading:
        """Stop, wait for the last answers, and remove what was created; may be called again."""
        ...


class ProbeApi(Protocol):
    """Sends lookups to clusters' DNS until it is stopped."""

    def start(self, request: ProbeRequest) -> RunningProbe | NotChecked: ...
