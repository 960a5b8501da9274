"""The desired state of a target; only fields that are set are managed."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType

from eksaddon.domain.audit.owner import Tool
from eksaddon.domain.corefile.desired import NO_COREFILE, DesiredCorefile
from eksaddon.domain.diagnostic import Location
from eksaddon.domain.json import Json, JsonObject, canonical
from eksaddon.domain.kube.readiness import NO_READINESS, Readiness
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.domain.versions.desired import DesiredVersion
from eksaddon.frozen import dataclass

NANOSECONDS = 1_000_000_000


class ResolveConflicts(StrEnum):
    """UpdateAddon's resolveConflicts: how EKS treats a field managed by another controller."""

    NONE = "none"
    PRESERVE = "preserve"
    OVERWRITE = "overwrite"


class CorefileSource(StrEnum):
    """Which Corefile to use if the stored one and the live one differ."""

    STORED = "stored"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Consent:
    """Decisions that the user made in advance; without them a plan is blocked.

    Attributes:
        corefile_base: Which Corefile to start from if the live one was edited; edits in the other one
            are lost. None blocks such a plan.
        unverified_workload: Continue if the Kubernetes API cannot be read.
        weaken: Apply changes that leave cluster DNS with less protection.
        downgrade: Move to an older add-on version.
    """

    corefile_base: CorefileSource | None = None
    unverified_workload: bool = False
    weaken: bool = False
    downgrade: bool = False


@dataclass(frozen=True, slots=True)
class Lameduck:
    """A `health { lameduck }` value.

    Attributes:
        text: As written in the Corefile: a Go duration.
    """

    text: str
    nanoseconds: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The line of a fleet file layer, or the flag, that set a field.

    Attributes:
        layer: Such as `coredns`, `overrides[1]` or `flag`.
    """

    location: Location
    layer: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A field that is excluded from management until a date.

    Attributes:
        path: A path as in `DesiredState.origins`, including everything below it; `*` for every field.
        until: The last day on which it is valid, ISO 8601, UTC.
    """

    path: str
    owner: str
    reason: str
    until: str
    location: Location | None = None

    def covers(self, path: str) -> bool:
        """Whether `path` is the waiver's path, lies below it, or contains it."""
        return self.path in {"*", path} or _is_below(path, self.path) or _is_below(self.path, path)

    def covers_all(self, path: str) -> bool:
        """Whether `path` is the waiver's path or lies below it."""
        return self.path in {"*", path} or _is_below(path, self.path)


def _is_below(path: str, above: str) -> bool:
    return path.startswith((f"{above}.", f"{above}["))


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Desired values of both planes (add-on and workload).

    Attributes:
        values: Keys of the add-on's schema, merged key by key into the stored document; null removes a key.
        version: None if the add-on version is not managed.
        lameduck: None if not managed.
        corefile: Other settings of the Corefile, its server blocks, or its text.
        grace_seconds: terminationGracePeriodSeconds; None if not managed.
        pre_stop_seconds: The native sleep action; None if not managed, 0 for no preStop.
        readiness: Timing of the readiness probe; fields without a value are not managed.
        reapply: Whether grace and preStop are set again after an add-on update reverts them.
        remove_budget: Delete the PodDisruptionBudget that EKS leaves in place where `values` disable it.
        consent: Decisions that the user made in advance.
        propagation: How long nodes send queries to a deleted pod: known about a cluster, not set in it.
        owner: Tool that manages the add-on as the fleet file says; None if it does not.
        origins: By path, such as `replicaCount`, `lameduck`, `podDisruptionBudget.maxUnavailable`.
        waivers: Waivers in force; fields that they cover are removed from all attributes above.
        waived: The desired values that the waivers removed, by path.
    """

    values: JsonObject = field(default_factory=dict)
    version: DesiredVersion | None = None
    lameduck: Lameduck | None = None
    corefile: DesiredCorefile = NO_COREFILE
    grace_seconds: int | None = None
    pre_stop_seconds: int | None = None
    readiness: Readiness = NO_READINESS
    resolve_conflicts: ResolveConflicts = ResolveConflicts.NONE
    reapply: bool = False
    remove_budget: bool = False
    consent: Consent = Consent()
    propagation: Propagation = DEFAULT
    owner: Tool | None = None
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    waivers: tuple[Waiver, ...] = ()
    waived: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_empty(self) -> bool:
        nothing = self.version is None and not self.manages_corefile
        return not self.values and nothing and not self.manages_workload

    @property
    def manages_workload(self) -> bool:
        fields = self.grace_seconds, self.pre_stop_seconds
        return fields != (None, None) or not self.readiness.is_empty

    @property
    def removes_budget(self) -> bool:
        """Whether a budget that is disabled is also deleted."""
        budget = self.values.get("podDisruptionBudget")
        return self.remove_budget and isinstance(budget, Mapping) and budget.get("enabled") is False

    @property
    def manages_objects(self) -> bool:
        """Whether eksdns itself writes to the cluster's objects, in addition to EKS."""
        return self.manages_workload or self.removes_budget

    @property
    def manages_corefile(self) -> bool:
        return self.lameduck is not None or not self.corefile.is_empty or "corefile" in self.values

    @property
    def concerns_pods(self) -> bool:
        """Whether the live objects decide about the plan."""
        is_of_addon = self.manages_corefile or self.version is not None
        return is_of_addon or self.manages_objects

    @property
    def key(self) -> str:
        """Canonical text that is equal for equal desired values, regardless of their origins."""
        lameduck = self.lameduck.text if self.lameduck else None
        waived = [[each.path, each.owner, each.reason, each.until] for each in self.waivers]
        return canonical(
            [
                self.values,
                str(self.version or ""),
                lameduck,
                self.grace_seconds,
                self.pre_stop_seconds,
                self.resolve_conflicts,
                self.reapply,
                self.remove_budget,
                [
                    self.consent.corefile_base,
                    self.consent.unverified_workload,
                    self.consent.weaken,
                    self.consent.downgrade,
                ],
                waived,
                self.propagation.nanoseconds,
                list(self.readiness.values),
                self.corefile.key,
            ]
        )
