"""Targets, accounts and regions, and the credentials for each account."""

from dataclasses import field
from enum import StrEnum
from fnmatch import fnmatchcase

from eksaddon.domain.diagnostic import Location
from eksaddon.domain.roles import partition_of
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """An account in a region: the unit that AWS throttles and that one SDK client serves."""

    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True, order=True)
class ClusterRef:
    """A cluster's identity; sorts and prints as account/region/name."""

    account: str
    region: str
    name: str

    @property
    def scope(self) -> Scope:
        return Scope(self.account, self.region)

    def __str__(self) -> str:
        return f"{self.account}/{self.region}/{self.name}"


def target_label(ref: ClusterRef, account_name: str) -> str:
    """Display name of a cluster, with the account's name or else its id; not escaped."""
    return f"{account_name or ref.account}/{ref.region}/{ref.name}"


Labels = tuple[tuple[str, str], ...]
"""Sorted key-value pairs, hashable unlike a dict."""


@dataclass(frozen=True, slots=True)
class Target:
    """A cluster in scope of a run."""

    ref: ClusterRef
    account_name: str = ""
    labels: Labels = ()

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def label(self) -> str:
        return target_label(self.ref, self.account_name)


class AllRegions(StrEnum):
    """`regions: all`: every region enabled in the account."""

    ALL = "all"


@dataclass(frozen=True, slots=True)
class RegionGlobs:
    """The account's enabled regions that an included glob matches and no excluded one."""

    included: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    def takes(self, region: str) -> bool:
        return any(fnmatchcase(region, glob) for glob in self.included) and not any(
            fnmatchcase(region, glob) for glob in self.excluded
        )


Regions = tuple[str, ...] | AllRegions | RegionGlobs
"""Where to look for clusters."""


@dataclass(frozen=True, slots=True)
class CurrentCredentials:
    """Credentials from the SDK's default chain: environment, profile, SSO, instance role."""


@dataclass(frozen=True, slots=True)
class ProfileCredentials:
    profile: str


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """A chain of roles, each assumed with the credentials of the previous one.

    Attributes:
        arns: Full role ARNs, at least one.
        external_id: Sent with the last role of the chain; empty for none.
        profile: The profile that assumes the first role; empty for the SDK's default chain.
    """

    arns: tuple[str, ...]
    external_id: str = ""
    profile: str = ""


Access = CurrentCredentials | ProfileCredentials | AssumedRole


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account in scope.

    Attributes:
        id: Twelve digits.
        regions: Where to look for clusters.
    """

    id: str
    name: str = ""
    partition: str = "aws"
    access: Access = field(default_factory=CurrentCredentials)
    regions: Regions = ()
    labels: Labels = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """Discover accounts with AWS Organizations.

    Attributes:
        roles: A chain as in `AssumedRole`; the last one can be a role name that is resolved in every account.
        units: Organizational units by path or id, including those below; empty for the whole organization.
        exclude: Ids and names of accounts to exclude.
        tags: Tags that an account must all have.
        profile: Profile of the organization's management account or delegated administrator; empty for the
            SDK's default chain.
    """

    roles: tuple[str, ...]
    regions: Regions
    units: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tags: Labels = ()
    external_id: str = ""
    profile: str = ""

    @property
    def partition(self) -> str:
        """Partition of all its accounts."""
        return partition_of(self.roles, self.regions if isinstance(self.regions, tuple) else ())


@dataclass(frozen=True, slots=True)
class KnownCluster:
    """A cluster named in the fleet file, so that its absence is reported.

    Attributes:
        account: Id or name; empty if not given.
        region: Empty if not given.
    """

    name: str
    account: str = ""
    region: str = ""
    labels: Labels = ()
    location: Location | None = None
