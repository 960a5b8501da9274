"""The parsed fleet file."""

from collections.abc import Iterator

from eksaddon.domain.desired import Origin, Waiver
from eksaddon.domain.json import Json, path_text
from eksaddon.domain.rollout.strategy import Strategy
from eksaddon.domain.selection import Match
from eksaddon.domain.target import Account, KnownCluster, Organization
from eksaddon.frozen import dataclass

ADDON_VERSION = "addonVersion"
LAMEDUCK = "lameduck"
GRACE = "terminationGracePeriod"
PRE_STOP = "preStop"
RESOLVE_CONFLICTS = "resolveConflicts"
WORKLOAD, REAPPLY, REMOVE_BUDGET = "workload", "reapply", "removeDisabledBudget"
READINESS = "readinessProbe"
REPLICAS = "replicaCount"
BUDGET = "podDisruptionBudget"

PROPAGATION = "propagation"
OWNER = "owner"
COREFILE_BASE = "corefileBase"
ALLOW_UNVERIFIED = "allowUnverifiedWorkload"
ALLOW_WEAKEN = "allowWeaken"
ALLOW_DOWNGRADE = "allowDowngrade"
SETTINGS, SERVERS, CONTENT = "corefile.settings", "corefile.servers", "corefile.text"
"""First keys of settings below `coredns.corefile`; the second is the canonical path or the name."""
CONSENTS = (COREFILE_BASE, ALLOW_UNVERIFIED, ALLOW_WEAKEN, ALLOW_DOWNGRADE)

NO_ADDON_KEYS = frozenset(
    {
        ADDON_VERSION,
        LAMEDUCK,
        GRACE,
        PRE_STOP,
        RESOLVE_CONFLICTS,
        WORKLOAD,
        READINESS,
        PROPAGATION,
        OWNER,
        *CONSENTS,
        SETTINGS,
        SERVERS,
        CONTENT,
    }
)
"""Fields of `coredns` that are not keys of configurationValues."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A leaf value set by one layer.

    Attributes:
        keys: Path of the field; for a key of the add-on, its path in configurationValues.
        value: null removes the key, or makes the field unmanaged; grace and preStop are in seconds.
    """

    keys: tuple[str, ...]
    value: Json
    origin: Origin

    @property
    def path(self) -> str:
        """Such as `podDisruptionBudget.maxUnavailable` or `corefile.settings.cache.ttl`."""
        if self.keys[0] in {SETTINGS, SERVERS, CONTENT}:
            return ".".join(self.keys)
        return path_text(self.keys)


Settings = tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Override:
    match: Match
    settings: Settings
    origin: Origin


@dataclass(frozen=True, slots=True)
class WaiverRule:
    match: Match
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class FleetFile:
    """A validated fleet file.

    Attributes:
        source: File name as given; empty without a file.
        settings: Settings of the `coredns` block for every target.
        known_only: Use only the known clusters, without listing.
        skip_unavailable: Count regions that are denied or not enabled as skipped, not as unreachable.
    """

    source: str = ""
    settings: Settings = ()
    overrides: tuple[Override, ...] = ()
    waivers: tuple[WaiverRule, ...] = ()
    accounts: tuple[Account, ...] = ()
    organization: Organization | None = None
    clusters: tuple[KnownCluster, ...] = ()
    known_only: bool = False
    skip_unavailable: bool = False
    strategy: Strategy | None = None

    @property
    def all_settings(self) -> Iterator[Setting]:
        yield from self.settings
        for override in self.overrides:
            yield from override.settings

    @property
    def matches(self) -> Iterator[Match]:
        """All criteria of overrides, waivers and waves, to find out which target attributes are needed."""
        yield from (match for _, match in self.named_matches)

    @property
    def named_matches(self) -> Iterator[tuple[str, Match]]:
        """All criteria with their locations, for messages."""
        for override in self.overrides:
            yield f"{override.origin.location}: {override.origin.layer}", override.match
        for rule in self.waivers:
            yield f"{rule.waiver.location}: waiver for {rule.waiver.path}", rule.match
        for wave in self.strategy.waves if self.strategy else ():
            yield f"{self.source}: wave {wave.name}", wave.select
