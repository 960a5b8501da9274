"""How a run ended for one target.

To add an outcome: its class and its place in `Outcome` here, its `OutcomeWord`, and a row in `STATES` of
`eksaddon.report.model.states`. mypy then names every `match` that has to decide about it, and a test
every word without a row.
"""

from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.cause import Trouble

NOT_STARTED = "not started"
"""The reason of a target that a run ended before; what follows says why."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The change is in force.

    Attributes:
        note: What else there is to say; empty as a rule.
        unverified: Why what runs could not be looked at; empty where it was, or did not have to be.
    """

    update_id: str
    note: str = ""
    unverified: str = ""


@dataclass(frozen=True, slots=True)
class InSync:
    """The target needed nothing; nothing was written."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Deliberately left alone: not installed, Auto Mode, not started."""

    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The plan is blocked by an error; nothing was written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stale:
    """The target moved between plan and write; nothing was written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The write was refused, or did not lead where it should.

    Attributes:
        update_id: Empty where no update was accepted.
    """

    trouble: Trouble
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class UnreachableTarget:
    """The target could not be read; nothing was written.

    `domain.observed.Unreachable` is the same for one read; this is how the target's part of a run ended.
    """

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unproven:
    """Written, and its end or its proof could not be read; `resume` looks again.

    Attributes:
        update_id: Empty where not even that is known: the reply to the request was lost.
    """

    trouble: Trouble
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class Updating:
    """Written, and its end is not on record: the process that wrote it left before. `resume` follows it.

    Attributes:
        update_id: Empty where EKS had not accepted the request yet.
    """

    update_id: str = ""


@dataclass(frozen=True, slots=True)
class RolledBack:
    update_id: str


Outcome = (
    Changed
    | InSync
    | Skipped
    | Blocked
    | Stale
    | Failed
    | UnreachableTarget
    | Unproven
    | Updating
    | RolledBack
)


class OutcomeWord(StrEnum):
    """An outcome's key in a run's summary, in its order, and in the counts of `history`."""

    CHANGED = "changed"
    IN_SYNC = "inSync"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    STALE = "stale"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    UNPROVEN = "unproven"
    UPDATING = "updating"
    ROLLED_BACK = "rolledBack"


NOT_DONE = frozenset(
    {
        OutcomeWord.STALE,
        OutcomeWord.FAILED,
        OutcomeWord.UNREACHABLE,
        OutcomeWord.UNPROVEN,
        OutcomeWord.UPDATING,
    }
)
"""The change was asked for and is not known to be in force: a run with one of them did not simply succeed."""
