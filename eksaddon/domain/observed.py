"""Results of reading a cluster, with one type for each case."""

from dataclasses import field, replace

from eksaddon.domain.cause import Trouble, labelled
from eksaddon.domain.json import digest
from eksaddon.domain.target import ClusterRef, Labels
from eksaddon.domain.update import HistoryNotRead, NoUpdate, UpdateRecord, UpdateSeen
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class HealthIssue:
    code: str
    message: str
    resources: tuple[str, ...] = ()

    def __str__(self) -> str:
        return labelled(self.code, self.message)


@dataclass(frozen=True, slots=True)
class Managed:
    """The managed add-on is installed.

    Attributes:
        status: Status from EKS (ACTIVE, UPDATING, DEGRADED, ...); unknown values are kept, not rejected.
        text: `configurationValues` verbatim; None if never set.
        role_arn: serviceAccountRoleArn; empty if not set.
        modified_at: Seconds since the epoch; 0 if EKS returned none.
        namespace: Namespace of the workload.
        update: The newest update of the add-on, if it had to be read.
        eks_time: When EKS answered, in seconds since the epoch by EKS's own clock (the response's Date
            header); 0 if the response had none.
        tags: Tags of the add-on, sorted.
        created_at: When the add-on was installed, in seconds since the epoch; 0 if EKS returned none.
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
    update: UpdateSeen = field(default_factory=HistoryNotRead)
    eks_time: float = field(default=0.0, compare=False)
    tags: Labels = field(default=(), compare=False)
    created_at: float = field(default=0.0, compare=False)

    def with_newest(self, update: UpdateSeen) -> "Managed":
        """The add-on with its newest update; none if that is of an add-on that was removed before.

        The history is of the cluster and the add-on's name, so it can outlive the add-on.
        """
        is_earlier = isinstance(update, UpdateRecord) and 0 < update.created_at < self.created_at - 1
        return replace(self, update=NoUpdate() if is_earlier else update)

    @property
    def fingerprint(self) -> str:
        """Digest that binds a plan to the stored state: version, document and role."""
        return digest([self.version, self.text, self.role_arn])


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """The cluster exists without the managed add-on: CoreDNS is self-managed or absent."""

    ref: ClusterRef


@dataclass(frozen=True, slots=True)
class AutoMode:
    """EKS Auto Mode without the add-on: DNS runs on nodes that AWS manages."""

    ref: ClusterRef


@dataclass(frozen=True, slots=True)
class NotActive:
    """The cluster itself is being created or deleted, or has failed.

    Attributes:
        status: Status of the cluster from EKS.
    """

    ref: ClusterRef
    status: str


@dataclass(frozen=True, slots=True)
class Connected:
    """An external cluster registered with EKS Connector; it does not support add-ons."""

    ref: ClusterRef


@dataclass(frozen=True, slots=True)
class RegionUnavailable:
    """The region is denied or not enabled, and the fleet file declares it as such: skipped."""

    ref: ClusterRef
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The target could not be read; never counted as in sync."""

    ref: ClusterRef
    trouble: Trouble


Observed = Managed | NotInstalled | AutoMode | NotActive | Connected | RegionUnavailable | Unreachable
