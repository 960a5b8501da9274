"""Results of discovery: targets, exclusions and failures."""

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import RegionUnavailable, Unreachable
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import Account, ClusterRef, KnownCluster, Scope, Target
from eksaddon.frozen import dataclass

ANY = "*"
"""Placeholder for an unknown name in a pseudo target."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region of an account to search for clusters."""

    account: Account
    region: str

    @property
    def scope(self) -> Scope:
        return Scope(self.account.id, self.region)


@dataclass(frozen=True, slots=True)
class UnreachableScope:
    """An account, or one of its regions, whose clusters could not be listed.

    It counts as one target, so that reports do not show it as empty: a region as account/region/*, a whole
    account as account/*/*.

    Attributes:
        region: `*` for the whole account.
        is_skipped: Skipped because of `unavailableRegions: skip` in the fleet file.
    """

    account: Account
    region: str
    trouble: Trouble
    is_skipped: bool = False

    @property
    def target(self) -> Target:
        return Target(ClusterRef(self.account.id, self.region, ANY), self.account.name, self.account.labels)

    @property
    def observed(self) -> Unreachable | RegionUnavailable:
        if self.is_skipped:
            return RegionUnavailable(self.target.ref, self.trouble)
        return Unreachable(self.target.ref, self.trouble)


@dataclass(frozen=True, slots=True)
class MissingCluster:
    """A cluster of the fleet file that was not found; counts as one target."""

    cluster: KnownCluster
    target: Target

    @property
    def observed(self) -> Unreachable:
        named = f"listed at {self.cluster.location}, " if self.cluster.location else ""
        message = f"{named}not found in {self.target.ref.scope}"
        return Unreachable(self.target.ref, Trouble(Cause.NO_SUCH_CLUSTER, message, operation="ListClusters"))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account excluded from the scope; it has no targets."""

    account: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Search:
    """The accounts and regions to search, and the excluded and unreachable ones."""

    places: tuple[Place, ...]
    unreachable_scopes: tuple[UnreachableScope, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovered:
    """All clusters in scope.

    Targets, unreachable scopes and missing clusters add up to the total of a report.

    Attributes:
        targets: Clusters to read.
        unreachable_scopes: Pseudo targets with a cause.
        missing: Known clusters that were not found.
        left_out: Excluded accounts.
        searched: Accounts and regions that were in scope.
        shard: None for a whole fleet.
    """

    targets: tuple[Target, ...]
    unreachable_scopes: tuple[UnreachableScope, ...] = ()
    missing: tuple[MissingCluster, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    searched: tuple[Place, ...] = ()
    shard: ShardMark | None = None

    @property
    def count(self) -> int:
        return len(self.targets) + len(self.unreachable_scopes) + len(self.missing)

    @property
    def unreachable(self) -> tuple[tuple[Target, Unreachable | RegionUnavailable], ...]:
        """Targets with a final result, sorted."""
        pairs: list[tuple[Target, Unreachable | RegionUnavailable]] = [
            (each.target, each.observed) for each in self.unreachable_scopes
        ]
        pairs += [(each.target, each.observed) for each in self.missing]
        return tuple(sorted(pairs, key=lambda pair: pair[0].ref))
