"""The states that a target can be found in, of every kind of report: one table that all formats read.

To add a state: its member in the enum that its kind has in `WORDS`, and its row in `STATES`. Counts, JSON
Schema, table, Markdown, HTML, CSV, JUnit, SARIF and annotations follow; a test compares both tables. A state
that is no drift state also has a class or an `Action` of its own, and mypy names each `match` that has to
decide about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import OutcomeWord


class Kind(StrEnum):
    """As `kind` in a document."""

    PLAN = "plan"
    RUN = "run"
    DRIFT = "drift"
    STATUS = "status"


class DriftState(StrEnum):
    IN_SYNC = "inSync"
    DRIFTED = "drifted"
    UNHEALTHY = "unhealthy"
    UNVERIFIED = "unverified"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


class StatusWord(StrEnum):
    MANAGED = "managed"
    NOT_INSTALLED = "notInstalled"
    AUTO_MODE = "autoMode"
    NOT_ACTIVE = "notActive"
    CONNECTED = "connected"
    REGION_UNAVAILABLE = "regionUnavailable"
    UNREACHABLE = "unreachable"


WORDS: Mapping[Kind, type[StrEnum]] = MappingProxyType(
    {Kind.PLAN: Action, Kind.RUN: OutcomeWord, Kind.DRIFT: DriftState, Kind.STATUS: StatusWord}
)
"""The keys of `summary` beside `targets`, in their order."""


class Tone(StrEnum):
    """How a state is to be read; each has a colour and a sign."""

    GOOD = "good"
    CHANGE = "change"
    BAD = "bad"
    UNKNOWN = "unknown"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class State:
    """One row of the table.

    Attributes:
        word: As in documents; a member of the kind's enum.
        label: For people, after a number of clusters.
        mark: One column.
        meaning: One sentence without a full stop, for formats that explain what they list.
        moves: Whether fields of the target change, or have to.
    """

    word: str
    label: str
    tone: Tone
    mark: str
    meaning: str
    moves: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether it is an error: something failed, or could not be looked at."""
        return self.tone in {Tone.BAD, Tone.UNKNOWN}


IN_SYNC = State("inSync", "in sync", Tone.GOOD, "=", "Nothing differs from the desired state")
_UNREACHABLE = State(
    "unreachable",
    "unreachable",
    Tone.UNKNOWN,
    "?",
    "The cluster could not be read, so its state is not known",
)
_SKIPPED = State("skipped", "skipped", Tone.MUTED, "-", "The cluster was deliberately left alone")

STATES: Mapping[Kind, tuple[State, ...]] = MappingProxyType(
    {
        Kind.PLAN: (
            State("update", "to update", Tone.CHANGE, "~", "The plan changes the cluster", moves=True),
            State("blocked", "blocked", Tone.BAD, "✗", "The plan is blocked by an error, nothing is written"),
            _UNREACHABLE,
            _SKIPPED,
            IN_SYNC,
        ),
        Kind.RUN: (
            State(
                "failed",
                "failed",
                Tone.BAD,
                "✗",
                "The update was refused, or its result is not the desired state",
            ),
            _UNREACHABLE,
            State(
                "unproven",
                "unproven",
                Tone.UNKNOWN,
                "?",
                "The cluster was written to, and how that ended could not be read",
            ),
            State(
                "updating",
                "updating",
                Tone.UNKNOWN,
                "?",
                "The cluster was written to, and how that ends is not on record yet",
            ),
            State(
                "stale", "stale", Tone.CHANGE, "!", "The cluster changed after planning, nothing was written"
            ),
            State("rolledBack", "rolled back", Tone.CHANGE, "<", "The change was rolled back", moves=True),
            State("changed", "changed", Tone.GOOD, "✓", "The change is in force", moves=True),
            _SKIPPED,
            IN_SYNC,
        ),
        Kind.DRIFT: (
            State(
                "drifted",
                "drifted",
                Tone.CHANGE,
                "~",
                "The cluster differs from the desired state",
                moves=True,
            ),
            State(
                "unhealthy",
                "unhealthy",
                Tone.BAD,
                "✗",
                "The configuration equals the desired one, but its update failed or the add-on is unhealthy",
            ),
            State(
                "unverified",
                "unverified",
                Tone.UNKNOWN,
                "?",
                "The live objects could not be read, so the state is not fully known",
            ),
            _UNREACHABLE,
            _SKIPPED,
            IN_SYNC,
        ),
        Kind.STATUS: (
            State("managed", "managed", Tone.GOOD, "=", "The cluster has the EKS add-on"),
            _UNREACHABLE,
            State("notActive", "not active", Tone.CHANGE, "!", "The cluster is not active"),
            State(
                "notInstalled", "not installed", Tone.MUTED, "-", "The cluster does not have the EKS add-on"
            ),
            State("autoMode", "Auto Mode", Tone.MUTED, "-", "EKS Auto Mode runs the cluster's DNS"),
            State("connected", "connected", Tone.MUTED, "-", "EKS does not run the cluster"),
            State("regionUnavailable", "region unavailable", Tone.MUTED, "-", "the region is not available"),
        ),
    }
)
"""In the order in which reports show them, what needs attention first."""

MOVING = frozenset(state.word for states in STATES.values() for state in states if state.moves)


def state_of(kind: Kind, word: str) -> State:
    return next(state for state in STATES[kind] if state.word == word)


def outcome_label(word: str) -> str:
    """An outcome for people, as every report names it; what is no outcome, such as `pending`, stays."""
    return next((state.label for state in STATES[Kind.RUN] if state.word == word), word)
