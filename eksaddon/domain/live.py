"""One setting in three places: what is desired, what EKS holds, what runs."""

from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from eksaddon.domain.workload import Owner


class Fate(StrEnum):
    """What an add-on update makes of a live value.

    The two that end in `IfSet` stand where nobody can know whether EKS's manifest names the field.
    """

    SAME = "same"
    KEPT = "kept"
    LOST = "lost"
    FAILS = "fails"
    LOST_IF_SET = "lostIfSet"
    FAILS_IF_SET = "failsIfSet"


@dataclass(frozen=True, slots=True)
class Fates:
    """By resolveConflicts, in the order of its modes."""

    none: Fate
    preserve: Fate
    overwrite: Fate

    def under(self, mode: ResolveConflicts) -> Fate:
        """The one that an update with this mode brings."""
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
    """A setting that can be seen in the cluster.

    Attributes:
        desired: As it will be after the plan; None where nobody names it.
        held: By the add-on's configuration; None where the field is not in it.
        live: None where the field is not there.
        owner: Of the live value; None where it is not told.
        is_held: Whether the add-on's configuration decides it, so that another live value is somebody's edit.
        is_compared: Whether a difference is drift; what others may set as they like is none.
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
        """Whether somebody gave the cluster another value than EKS holds."""
        return self.is_held and self.live != self.held

    @property
    def deviates(self) -> bool:
        return self.is_compared and (
            self.is_foreign or (self.desired is not None and self.live != self.desired)
        )

    @property
    def is_worth_telling(self) -> bool:
        """Whether the three places differ, or an update would not leave it alone."""
        return self.deviates or self.is_foreign or self.fates != UNTOUCHED
