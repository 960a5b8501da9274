"""Live settings next to those stored by EKS, one row for all clusters of a group with equal values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from eksaddon.domain.json import Json, canonical
from eksaddon.domain.live import UNTOUCHED, Fate, Fates, LiveField
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.model.groups import Group
from eksaddon.report.model.model import Entry
from eksaddon.report.model.states import Kind
from eksaddon.report.model.text import value_text

FATES: Mapping[Fate, str] = MappingProxyType(
    {
        Fate.SAME: "",
        Fate.KEPT: "kept",
        Fate.LOST: "lost",
        Fate.FAILS: "fails",
        Fate.LOST_IF_SET: "lost if EKS sets it",
        Fate.FAILS_IF_SET: "fails if EKS sets it",
    }
)
COLUMNS = ("setting", "desired", "in EKS", "runs", "set by")
MODES = ("update with none", "update with preserve", "update with overwrite")
PREVIEW = ("on an update with", "none", "preserve", "overwrite")
"""Headings for the effect of each resolveConflicts mode on a live value."""


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A live setting of a group.

    Attributes:
        entries: Entries of the group that it applies to; the time of the edit can differ.
    """

    field: LiveField
    days: frozenset[str]
    entries: tuple[Entry, ...]

    @property
    def manager(self) -> str:
        """Field manager of the live value; not escaped."""
        return self.field.owner.manager if self.field.owner else ""

    @property
    def owner(self) -> str:
        """Field manager, with the date if all entries have the same; not escaped."""
        return " ".join((self.manager, *self.days)) if len(self.days) == 1 else self.manager

    @property
    def fates(self) -> tuple[str, str, str]:
        """Effects by mode (none, preserve, overwrite); empty if no update changes the value."""
        fates = self.field.fates
        return FATES[fates.none], FATES[fates.preserve], FATES[fates.overwrite]

    @property
    def is_change(self) -> bool:
        """Whether the row contains everything that a change of this path would show."""
        return self.field.desired is not None

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Cells in the order of `COLUMNS`; escaped for a terminal."""
        one = self.field
        values = (place_text(value) for value in (one.desired, one.held, one.live))
        desired, held, live = values
        return terminal(one.path), desired, held, live, terminal(self.owner)

    @property
    def is_at_stake(self) -> bool:
        """Whether any update would change the value, or fail because of it."""
        return any_fate(self.field.fates)


def any_fate(fates: Fates) -> bool:
    """Whether an update in any mode would change a live value, or fail because of it."""
    return fates != UNTOUCHED


def place_text(value: Json) -> str:
    return "-" if value is None else value_text(value)


def live_rows(group: Group) -> tuple[LiveRow, ...]:
    """Distinct settings to show, in the order of the first cluster that has them.

    In a plan, changes are shown separately, so only live edits remain.
    """
    if group.is_brief:
        return ()
    is_plan = group.kind is Kind.PLAN
    found: dict[object, list[tuple[LiveField, Entry]]] = {}
    for entry in group.entries:
        for field in entry.live:
            is_shown_as_change = is_plan and not (field.is_foreign or any_fate(field.fates))
            if field.is_worth_telling and not is_shown_as_change:
                found.setdefault(_row_key(field), []).append((field, entry))
    return tuple(_row(pairs) for pairs in found.values())


def _row_key(field: LiveField) -> object:
    """Key of settings that share a row."""
    owner = field.owner.manager if field.owner else None
    values = canonical([field.desired, field.held, field.live])
    return field.path, values, owner, field.fates, field.is_held, field.is_compared


def _row(pairs: list[tuple[LiveField, Entry]]) -> LiveRow:
    days = frozenset(
        f"{datetime.fromtimestamp(field.owner.at, UTC):%Y-%m-%d}"
        for field, _ in pairs
        if field.owner and field.owner.at
    )
    return LiveRow(pairs[0][0], days, tuple(entry for _, entry in pairs))
