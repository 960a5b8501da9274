"""The states of a target in every kind of report; all formats use this table.

To add a state, add a member to the kind's enum in `WORDS` and a row to `STATES`. Counts, JSON
Schema, table, Markdown, HTML, CSV, JUnit, SARIF and annotations follow; a test compares both tables. Except
for drift, a state also has its class or `Action`, and mypy reports each `match` that must handle it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from eksaddon.domain.audit.verdict import AuditWord
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import OutcomeWord
from eksaddon.frozen import dataclass


class Kind(StrEnum):
    """Values of `kind` in a document."""

    PLAN = "plan"
    RUN = "run"
    DRIFT = "drift"
    STATUS = "status"
    AUDIT = "audit"


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
    {
        Kind.PLAN: Action,
        Kind.RUN: OutcomeWord,
        Kind.DRIFT: DriftState,
        Kind.STATUS: StatusWord,
        Kind.AUDIT: AuditWord,
    }
)
"""The keys of `summary` other than `targets`, in order."""


class Tone(StrEnum):
    """Meaning of a state; each tone has a colour and a sign."""

    GOOD = "good"
    CHANGE = "change"
    BAD = "bad"
    UNKNOWN = "unknown"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class State:
    """A row of `STATES`.

    Attributes:
        word: Value in documents; a member of the kind's enum.
        label: Text after a number of clusters.
        mark: Sign of one column.
        meaning: One sentence without a full stop, for formats with explanations.
        moves: Whether fields of the target change, or must change.
    """

    word: str
    label: str
    tone: Tone
    mark: str
    meaning: str
    moves: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether it is an error: something failed or could not be read."""
        return self.tone in {Tone.BAD, Tone.UNKNOWN}


IN_SYNC = State("inSync", "in sync", Tone.GOOD, "=", "Nothing differs from the desired state")
_UNREACHABLE = State(
    "unreachable",
    "unreachable",
    Tone.UNKNOWN,
    "?",
    "The cluster could not be read, so its state is not known",
)
_SKIPPED = State("skipped", "skipped", Tone.MUTED, "-", "The cluster was skipped for the reason given")

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
                "The cluster was written, but the result could not be verified",
            ),
            State(
                "updating",
                "updating",
                Tone.UNKNOWN,
                "?",
                "The update was sent, but its result is not recorded yet",
            ),
            State(
                "stale", "stale", Tone.CHANGE, "!", "The cluster changed after planning, nothing was written"
            ),
            State("blocked", "blocked", Tone.BAD, "✗", "The plan was blocked, nothing was written"),
            State("rolledBack", "rolled back", Tone.CHANGE, "<", "The change was rolled back", moves=True),
            State("changed", "changed", Tone.GOOD, "✓", "The change is active", moves=True),
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
                "The state is not fully known: live objects could not be read, an update is running, or its "
                "result is not known yet",
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
        Kind.AUDIT: (
            State("atRisk", "at risk", Tone.BAD, "✗", "An ordinary event interrupts DNS or blocks drains"),
            State("weak", "weak", Tone.CHANGE, "!", "Lookups are lost when pods or nodes are replaced"),
            State(
                "unverified",
                "unverified",
                Tone.UNKNOWN,
                "?",
                "No problem was found, but the cluster's objects could not be read",
            ),
            _UNREACHABLE,
            State("good", "good", Tone.GOOD, "✓", "No high or medium reason was found"),
            _SKIPPED,
        ),
    }
)
"""In the order of reports: states that need attention first."""

MOVING = frozenset(state.word for states in STATES.values() for state in states if state.moves)


def state_of(kind: Kind, word: str) -> State:
    return next(state for state in STATES[kind] if state.word == word)


def outcome_label(word: str) -> str:
    """Label of an outcome; other words, such as `pending`, are returned unchanged."""
    return next((state.label for state in STATES[Kind.RUN] if state.word == word), word)
