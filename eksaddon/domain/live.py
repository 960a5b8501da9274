"""A setting in three places: desired state, configuration stored by EKS, live object."""

from enum import StrEnum

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from eksaddon.domain.workload import Owner
from eksaddon.frozen import dataclass


class Fate(StrEnum):
    """Effect of an add-on update on a live value.

    The two values that end in `IfSet` mean that it is unknown whether EKS's manifest sets the field.
    """

    SAME = "same"
    KEPT = "kept"
    LOST = "lost"
    FAILS = "fails"
    LOST_IF_SET = "lostIfSet"
    FAILS_IF_SET = "failsIfSet"


@dataclass(frozen=True, slots=True)
class Fates:
    """The effect for each mode of resolveConflicts."""

    none: Fate
    preserve: Fate
    overwrite: Fate

    def under(self, mode: ResolveConflicts) -> Fate:
        """The effect of an update with this mode."""
        by_mode = {
            ResolveConflicts.NONE: self.none,
            ResolveConflicts.PRESERVE: self.preserve,
            ResolveConflicts.OVERWRITE: self.overwrite,
        }
        return by_mode[mode]


UNTOUCHED = Fates(Fate.SAME, Fate.SAME, Fate.SAME)
NOT_NAMED = Fates(Fate.KEPT, Fate.KEPT, Fate.KEPT)
NAMED = Fates(Fate.FAILS, Fate.KEPT, Fate.LOST)
PERHAPS_NAMED = Fates(Fate.FAILS_IF_SET, Fate.KEPT, Fate.LOST_IF_SET)
EKS_OWN = Fates(Fate.LOST, Fate.LOST, Fate.LOST)


@dataclass(frozen=True, slots=True)
class LiveField:
    """A setting that is visible in the cluster.

    Attributes:
        desired: Value after the plan; None if not set in the desired state.
        held: Value in the add-on's configuration; None if the field is not in it.
        live: None if the live object does not set the field.
        owner: Field manager of the live value; None if not recorded.
        is_held: Whether the add-on's configuration sets the field, so that a different live value is an edit.
        is_compared: Whether a difference is drift; it is not for fields that other controllers may set.
    """

    path: str
    desired: Json
    held: Json
    live: Json
    owner: Owner | None = None
    fates: Fates = UNTOUCHED
    is_held: bool = False
    is_compared: bool = True

    @property
    def is_foreign(self) -> bool:
        """Whether the live value differs from the one in the add-on's configuration."""
        return self.is_held and self.live != self.held

    @property
    def deviates(self) -> bool:
        return self.is_compared and (
            self.is_foreign or (self.desired is not None and self.live != self.desired)
        )

    @property
    def is_worth_telling(self) -> bool:
        """Whether the three places differ, or an update would change the live value."""
        return self.deviates or self.is_foreign or self.fates != UNTOUCHED
