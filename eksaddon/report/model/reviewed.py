"""Compares the plan that was reviewed with the one that is about to be applied."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from eksaddon.domain.json import Json, canonical, digest
from eksaddon.domain.plan import Action, Change
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.text import counted, target_text, value_text

ABSENT = "absent"
"""State of a target that a plan does not contain."""


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A target that would be written, and was not to be written in the reviewed plan.

    Attributes:
        state: In the reviewed plan.
    """

    entry: Entry
    state: str


@dataclass(frozen=True, slots=True)
class OtherChanges:
    """A target with changes that the reviewed plan does not have."""

    entry: Entry
    reviewed: tuple[Change, ...]

    @property
    def added(self) -> tuple[Change, ...]:
        known = set(map(_mark, self.reviewed))
        return tuple(change for change in self.entry.changes if _mark(change) not in known)


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A target whose reviewed changes would not be made.

    Attributes:
        entry: In the reviewed plan.
        state: In the new plan.
    """

    entry: Entry
    state: str


@dataclass(frozen=True, slots=True)
class FewerGates:
    """A target whose wave is gated less than the reviewed one.

    Attributes:
        reviewed: Name of the reviewed wave.
        gates: Those that are missing.
    """

    entry: Entry
    reviewed: str
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherWaves:
    """Other waves, or other soaks or gates of a wave."""

    reviewed: tuple[str, ...]
    now: tuple[str, ...]


Difference = Unreviewed | OtherChanges | NotWritten | FewerGates | OtherWaves


def review_digest(plan: ReportModel) -> str:
    """SHA-256 over what a reviewer decides about: targets, their changes, and the terms of the waves.

    Times, fingerprints, labels and targets without changes are not part of it. Which of the targets a wave
    with a `limit` takes is neither, because a sharded plan cannot know it.
    """
    targets: dict[str, Json] = {
        str(ref): sorted(map(_mark, entry.changes)) for ref, entry in _written(plan).items()
    }
    return f"sha256:{digest([dict(sorted(targets.items())), list(_terms(plan))])}"


def differences(reviewed: ReportModel, now: ReportModel) -> tuple[Difference, ...]:
    """Reasons not to apply a plan, because the reviewed plan was another one.

    Reviewed changes that are already in place are not a difference, nor is a target that became unreachable:
    whether a rollout continues without it is decided elsewhere.
    """
    before, after = _written(reviewed), _written(now)
    states = {entry.ref: entry.state for entry in reviewed.entries}
    return (
        *_of_waves(reviewed, now),
        *(
            found
            for ref, entry in after.items()
            for found in _of_target(entry, before.get(ref), states.get(ref, ABSENT), reviewed, now)
        ),
        *_not_written(before, now),
    )


def _written(plan: ReportModel) -> Mapping[ClusterRef, Entry]:
    return {entry.ref: entry for entry in plan.entries if entry.state == Action.UPDATE}


def _of_target(
    entry: Entry, reviewed: Entry | None, state: str, old: ReportModel, new: ReportModel
) -> Iterator[Difference]:
    if reviewed is None:
        yield Unreviewed(entry, state)
        return
    other = OtherChanges(entry, reviewed.changes)
    if other.added:
        yield other
    gates = set(_gates(new).get(entry.wave, ()))
    missing = tuple(gate for gate in _gates(old).get(reviewed.wave, ()) if gate not in gates)
    if missing:
        yield FewerGates(entry, reviewed.wave, missing)


def _not_written(before: Mapping[ClusterRef, Entry], now: ReportModel) -> Iterator[NotWritten]:
    states = {entry.ref: entry.state for entry in now.entries}
    harmless = {Action.UPDATE, Action.IN_SYNC, Action.UNREACHABLE}
    for ref, entry in before.items():
        state = states.get(ref, ABSENT)
        if state not in harmless:
            yield NotWritten(entry, state)


def _of_waves(reviewed: ReportModel, now: ReportModel) -> Iterator[OtherWaves]:
    old, new = _terms(reviewed), _terms(now)
    if old != new:
        yield OtherWaves(old, new)


def _terms(plan: ReportModel) -> tuple[str, ...]:
    """Name, soak and gates of each wave; widths depend on the number of targets."""
    return tuple(
        " ".join((wave.name, *([f"soak {wave.soak}s"] if wave.soak else []), *wave.gates))
        for wave in plan.waves
    )


def _gates(plan: ReportModel) -> Mapping[str, tuple[str, ...]]:
    return {wave.name: wave.gates for wave in plan.waves}


def _mark(change: Change) -> str:
    """A change with a note, usually one that is not applied, is another one than the same without."""
    return canonical([change.plane, change.path, change.before, change.after, bool(change.note)])


def difference_text(found: Difference) -> str:
    """One line about a difference, escaped for a terminal."""
    match found:
        case Unreviewed(entry=entry, state=state):
            changes = counted(len(entry.changes), "change")
            return f"{target_text(entry)}: {changes} not reviewed; was {_state(state)}"
        case OtherChanges(entry=entry):
            return f"{target_text(entry)}: {', '.join(map(_change_text, found.added))}: not reviewed"
        case NotWritten(entry=entry, state=state):
            return f"{target_text(entry)}: reviewed changes would not be made: now {_state(state)}"
        case FewerGates(entry=entry, reviewed=reviewed, gates=gates):
            waves = f"moved from wave {terminal(reviewed)} to {terminal(entry.wave)}"
            return f"{target_text(entry)}: {waves}, without {', '.join(map(terminal, gates))}"
        case OtherWaves(reviewed=reviewed, now=now):
            return f"waves: reviewed {_listed(reviewed)}, now {_listed(now)}"
        case _:
            assert_never(found)


def _listed(waves: tuple[str, ...]) -> str:
    return f"[{', '.join(map(terminal, waves))}]"


def _state(state: str) -> str:
    return "in sync" if state == Action.IN_SYNC else state


def _change_text(change: Change) -> str:
    return f"{terminal(change.path)} {value_text(change.before)} -> {value_text(change.after)}"
