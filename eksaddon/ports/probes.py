"""What measures lookups to a cluster's DNS."""

from dataclasses import dataclass
from typing import Protocol

from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """Lookups to one cluster's DNS.

    Attributes:
        servers: Of this cluster; unused where the gate asks from inside the cluster.
        run_id: Names what is created in a cluster, so that it can be found and removed.
        seconds: After which a probe in a cluster ends by itself, whoever is gone.
    """

    ref: ClusterRef
    gate: ProbeGate
    run_id: str
    servers: tuple[DnsServer, ...] = ()
    seconds: float = 86_400.0


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """What a probe has counted since it was started.

    Attributes:
        trouble: Why it cannot measure (any more); empty where it can.
        measured_at: Where lookups are sent from, for people.
    """

    figures: Figures
    trouble: str = ""
    measured_at: str = ""


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
    """Sends lookups to clusters' DNS until it is told to stop."""

    def start(self, request: ProbeRequest) -> RunningProbe | NotChecked: ...
