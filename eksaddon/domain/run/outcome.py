"""Outcomes of a run for one target.

To add an outcome, add its class to `Outcome`, its `OutcomeWord`, and a row to `STATES` of
`eksaddon.report.model.states`. mypy then reports every `match` that must handle it, and a test
every word without a row.
"""

from enum import StrEnum

from eksaddon.domain.cause import Trouble
from eksaddon.frozen import dataclass

NOT_STARTED = "not started"
"""The reason of a target that a run ended before; what follows says why."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The change is in force.

    Attributes:
        note: A remark; usually empty.
        unverified: Why the live objects could not be read, and what was not applied for that reason; empty if
            they were read, or did not have to be.
    """

    update_id: str
    note: str = ""
    unverified: str = ""


@dataclass(frozen=True, slots=True)
class InSync:
    """The target needed no change; nothing was written.

    Attributes:
        unverified: As in `Changed`.
    """

    unverified: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not updated on purpose: not installed, Auto Mode, not started."""

    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The plan is blocked by an error; nothing was written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stale:
    """The target changed after planning; nothing was written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The write was rejected, or its result is not the desired state.

    Attributes:
        update_id: Empty if no update was accepted.
    """

    trouble: Trouble
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class UnreachableTarget:
    """The target could not be read, or no request could be sent to it; nothing was written.

    `domain.observed.Unreachable` is the equivalent for a single read.
    """

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unproven:
    """Written, but its result could not be read; `resume` checks again.

    Attributes:
        update_id: Empty if the response to the request was lost.
    """

    trouble: Trouble
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class Updating:
    """Written, but its result is not recorded because the process ended before; `resume` follows it.

    Attributes:
        update_id: Empty if EKS had not accepted the request yet.
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
    """Keys of outcomes in a run's summary, in order, and in the counts of `history`."""

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
"""Outcomes whose change is not known to be in force; a run with one of them did not simply succeed."""
