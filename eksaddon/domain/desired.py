"""Desired state of a target; only fields that are set are managed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from eksaddon.domain.diagnostic import Location
from eksaddon.domain.json import Json, JsonObject, canonical

NANOSECONDS = 1_000_000_000


class ResolveConflicts(StrEnum):
    """What EKS does with a field that another manager owns (UpdateAddon resolveConflicts)."""

    NONE = "none"
    PRESERVE = "preserve"
    OVERWRITE = "overwrite"


class CorefileSource(StrEnum):
    """Which Corefile counts where the stored one and the live one differ."""

    STORED = "stored"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the user agreed to beforehand; without it a plan is blocked.

    Attributes:
        corefile_base: Which Corefile to start from where the live one was edited; the other one's edits
            are lost. None: ask.
        unverified_workload: Go on where the Kubernetes API cannot be read.
    """

    corefile_base: CorefileSource | None = None
    unverified_workload: bool = False


@dataclass(frozen=True, slots=True)
class Lameduck:
    """A `health { lameduck }` value.

    Attributes:
        text: As it is to stand in the Corefile, a Go duration.
    """

    text: str
    nanoseconds: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Which line of which overlay, or which flag, set a field.

    Attributes:
        layer: `coredns`, `overrides[1]`, `flag`.
    """

    location: Location
    layer: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A field that is left as it is until a date.

    Attributes:
        path: As in `DesiredState.origins`, with all below it; `*` for every field.
        until: The last day it holds, ISO 8601, UTC.
    """

    path: str
    owner: str
    reason: str
    until: str
    location: Location | None = None

    def covers(self, path: str) -> bool:
        """Whether the path is the waiver's own, lies below it, or holds it."""
        return self.path in {"*", path} or _is_below(path, self.path) or _is_below(self.path, path)


def _is_below(path: str, above: str) -> bool:
    return path.startswith((f"{above}.", f"{above}["))


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Desired values of both planes.

    Attributes:
        values: Keys of the add-on's schema, merged key by key into what is stored; null removes a key.
        lameduck: None where it is not managed.
        grace_seconds: terminationGracePeriodSeconds; None where it is not managed.
        pre_stop_seconds: The native sleep action; None where it is not managed, 0 for no preStop.
        reapply: Whether grace and preStop are set again where an add-on update takes them back.
        consent: What may be done without asking.
        origins: By path, as `replicaCount`, `lameduck`, `podDisruptionBudget.maxUnavailable`.
        waivers: Those in force; what they cover is left out of all fields above.
        waived: What they left out, by path.
    """

    values: JsonObject = field(default_factory=dict)
    lameduck: Lameduck | None = None
    grace_seconds: int | None = None
    pre_stop_seconds: int | None = None
    resolve_conflicts: ResolveConflicts = ResolveConflicts.NONE
    reapply: bool = False
    consent: Consent = Consent()
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    waivers: tuple[Waiver, ...] = ()
    waived: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_empty(self) -> bool:
        return not self.values and self.lameduck is None and not self.manages_workload

    @property
    def manages_workload(self) -> bool:
        return self.grace_seconds is not None or self.pre_stop_seconds is not None

    @property
    def manages_corefile(self) -> bool:
        return self.lameduck is not None or "corefile" in self.values

    @property
    def key(self) -> str:
        """Equal for states that ask for the same thing, wherever they were written."""
        lameduck = self.lameduck.text if self.lameduck else None
        waived = [[each.path, each.owner, each.reason, each.until] for each in self.waivers]
        return canonical(
            [
                self.values,
                lameduck,
                self.grace_seconds,
                self.pre_stop_seconds,
                self.resolve_conflicts,
                self.reapply,
                [self.consent.corefile_base, self.consent.unverified_workload],
                waived,
            ]
        )
