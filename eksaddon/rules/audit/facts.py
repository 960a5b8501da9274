"""The input of the checks of an audit: the state of one cluster as it is."""

from collections.abc import Callable, Iterable
from datetime import date

from eksaddon.domain.audit.network import NetworkSeen
from eksaddon.domain.audit.owner import Tool
from eksaddon.domain.audit.surroundings import ClusterSeen, Surroundings, VpcSeen
from eksaddon.domain.cause import Trouble
from eksaddon.domain.kube.pods import Pod, own_running
from eksaddon.domain.observed import Managed
from eksaddon.domain.versions.offered import VersionList
from eksaddon.domain.workload import NotChecked, Workload, WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One cluster that runs CoreDNS.

    Attributes:
        facts: The state as the rules of plans take it, without changes.
        addon: None for a self-managed CoreDNS.
        corefile: The Corefile in force; empty if unknown.
        stored_corefile: The one in the add-on's configuration; empty without one.
        default_corefile: EKS's default for the add-on version; empty if unknown.
        edits: Settings in the cluster that differ from the add-on's configuration, with who set them.
        unreadable: Why the add-on's configuration cannot be parsed; empty if it can.
        vpc: None if it was not asked for, like `offer` and `network`.
        offer: Versions that EKS offers for the cluster's Kubernetes version.
        owner: Tool that manages the add-on by the fleet file; None if it names none.
        today: UTC; None to leave ends of support aside.
    """

    facts: Facts
    addon: Managed | None
    workload: WorkloadState
    cluster: ClusterSeen
    around: Surroundings | NotChecked
    corefile: str = ""
    stored_corefile: str = ""
    default_corefile: str = ""
    edits: tuple[str, ...] = ()
    unreadable: str = ""
    vpc: VpcSeen | None = None
    offer: VersionList | Trouble | None = None
    today: date | None = None
    owner: Tool | None = None
    network: NetworkSeen | None = None

    @property
    def live(self) -> Workload | None:
        return self.workload if isinstance(self.workload, Workload) else None

    @property
    def running(self) -> tuple[Pod, ...]:
        """Pods of the Deployment that serve, without terminating ones."""
        pods = own_running(self.live.pods) if self.live else ()
        return tuple(pod for pod in pods if not pod.is_ending)

    @property
    def surroundings(self) -> Surroundings:
        """With every part unread if the whole was not read."""
        if isinstance(self.around, Surroundings):
            return self.around
        return Surroundings(self.around, self.around)


@dataclass(frozen=True, slots=True)
class Found:
    """A check that found something.

    Attributes:
        check: Id of its row in `table.CHECKS`.
        fix: What to do, starting with a verb; empty for a note.
    """

    check: str
    summary: str
    fix: str = ""


Check = Callable[[AuditFacts], Iterable[Found]]
