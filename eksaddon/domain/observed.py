"""What was found on a cluster: one type for each case, so that none is taken for another."""

from dataclasses import dataclass, field

from eksaddon.domain.cause import Trouble
from eksaddon.domain.json import digest
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import NotLookedAt, UpdateSeen


@dataclass(frozen=True, slots=True)
class HealthIssue:
    code: str
    message: str
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Managed:
    """The managed add-on is installed.

    Attributes:
        status: As EKS says it (ACTIVE, UPDATING, DEGRADED, ...); new words are data, not errors.
        text: `configurationValues` verbatim; None where it was never set.
        role_arn: serviceAccountRoleArn, empty where none is set.
        modified_at: Seconds since the epoch, 0 where EKS does not say.
        namespace: Where the workload lives.
        update: The newest update of the add-on, where somebody had to look.
        eks_time: When EKS answered, in seconds since the epoch by EKS's own clock (the reply's Date header);
            0 where the reply had none.
    """

    ref: ClusterRef
    version: str
    status: str
    text: str | None
    issues: tuple[HealthIssue, ...] = ()
    role_arn: str = ""
    arn: str = ""
    modified_at: float = 0.0
    namespace: str = "kube-system"
    update: UpdateSeen = field(default_factory=NotLookedAt)
    eks_time: float = field(default=0.0, compare=False)

    @property
    def fingerprint(self) -> str:
        """What a plan is bound to: version and document as stored; a moved target has another one."""
        return digest([self.version, self.text, self.role_arn])


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """The cluster is there, the managed add-on is not: CoreDNS is self-managed or absent."""

    ref: ClusterRef


@dataclass(frozen=True, slots=True)
class AutoMode:
    """EKS Auto Mode without the add-on: DNS runs on nodes that AWS manages."""

    ref: ClusterRef


@dataclass(frozen=True, slots=True)
class NotActive:
    """The cluster itself is being created, deleted, or failed.

    Attributes:
        status: The cluster's status as EKS says it.
    """

    ref: ClusterRef
    status: str


@dataclass(frozen=True, slots=True)
class Connected:
    """An external cluster registered with EKS Connector: it can have no add-on."""

    ref: ClusterRef


@dataclass(frozen=True, slots=True)
class RegionUnavailable:
    """A region that is denied or not enabled, and that the fleet file declares as such: skipped."""

    ref: ClusterRef
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nothing is known about the target; it is never in sync."""

    ref: ClusterRef
    trouble: Trouble


Observed = Managed | NotInstalled | AutoMode | NotActive | Connected | RegionUnavailable | Unreachable
