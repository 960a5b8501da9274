"""Where a cluster is, and how its account is entered."""

from dataclasses import dataclass, field
from enum import StrEnum


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


class AllRegions(StrEnum):
    """`regions: all`: every region enabled in the account."""

    ALL = "all"


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
    regions: tuple[str, ...] | AllRegions = ()
    labels: Labels = ()
