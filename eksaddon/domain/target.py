"""Where a cluster is, and how its account is entered."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from eksaddon.domain.diagnostic import Location
from eksaddon.domain.roles import partition_of


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
    """A cluster for people: by the account's name where there is one, else by its id; not escaped."""
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
    """Those of the regions enabled in the account that one glob takes in and none leaves out."""

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
    """What the SDK's own chain finds: environment, profile, SSO, instance role."""


@dataclass(frozen=True, slots=True)
class ProfileCredentials:
    profile: str


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """A chain of roles, each assumed with the credentials of the one before; the base is the SDK's own chain.

    Attributes:
        arns: Full role ARNs, at least one.
        external_id: Sent with the last role of the chain; empty for none.
        profile: The profile that assumes the first role; empty for the SDK's own chain.
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
    """Take the accounts from AWS Organizations.

    Attributes:
        roles: A chain as in `AssumedRole`, but the last may be a bare name: it is meant in every account.
        units: Organizational units by path or id, with those below; empty for the whole organization.
        exclude: Ids and names of accounts to leave out.
        tags: An account has to carry all of them.
        profile: Whose organization it is; empty for the SDK's own chain.
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
        """All its accounts are in one."""
        return partition_of(self.roles, self.regions if isinstance(self.regions, tuple) else ())


@dataclass(frozen=True, slots=True)
class KnownCluster:
    """A cluster that the fleet file names, so that its absence is noticed.

    Attributes:
        account: Id or name; empty where the file does not say.
        region: Empty where the file does not say.
    """

    name: str
    account: str = ""
    region: str = ""
    labels: Labels = ()
    location: Location | None = None
