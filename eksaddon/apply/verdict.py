"""Maps the evidence of a written target to its outcome; pure."""

from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.proof import (
    Behind,
    LiveDiffers,
    LiveMatches,
    LiveNotRead,
    LiveSeen,
    LiveUndecided,
    NotLive,
    Proven,
    Refused,
    Replaced,
    Running,
    Unhealthy,
    Unseen,
    Verdict,
)
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.workload import NotChecked

UNCERTAIN = frozenset({Cause.TRANSPORT, Cause.SERVER, Cause.TRUNCATED, Cause.UNREADABLE, Cause.THROTTLED})
"""Causes after which it is unknown whether the request was executed."""

WORTH_ANOTHER_LOOK = UNCERTAIN | {Cause.CREDENTIALS_EXPIRED}
"""Causes after which a later read can succeed."""


def outcome_of(found: Verdict, update_id: str) -> Outcome:
    """The outcome of a write by its final verdict."""
    match found:
        case Proven(note=note, unverified=unverified):
            return Changed(update_id, note, unverified)
        case Refused(trouble=trouble) | Unhealthy(trouble=trouble):
            return Failed(trouble, update_id)
        case NotLive(trouble=trouble) | Replaced(trouble=trouble):
            return Failed(trouble, update_id)
        case Behind(reason=reason):
            return Unproven(Trouble(Cause.NOT_SHOWN, reason, operation="DescribeAddon"), update_id)
        case Running(reason=reason):
            return Unproven(Trouble(Cause.STILL_RUNNING, reason, operation="DescribeUpdate"), update_id)
        case Unseen(trouble=trouble):
            return Unproven(trouble, update_id)
        case _:
            assert_never(found)


def with_live(outcome: Changed | InSync | RolledBack, found: Verdict) -> Outcome:
    """The outcome of a target whose document is in force, by the verdict that includes its live objects."""
    if isinstance(outcome, InSync) and isinstance(found, Proven) and not found.note:
        return InSync(found.unverified)
    return outcome_of(found, "" if isinstance(outcome, InSync) else outcome.update_id)


def live_seen(checked: Outcome | NotChecked | None) -> LiveSeen:
    """The live state by the check after an update; a check may have applied reverted settings again."""
    match checked:
        case None:
            return LiveMatches()
        case NotChecked(reason=reason):
            return LiveNotRead(reason)
        case Changed(note=note):
            return LiveMatches(note)
        case Failed(trouble=trouble):
            return LiveDiffers(trouble)
        case Unproven(trouble=trouble) | UnreachableTarget(trouble=trouble):
            return LiveUndecided(trouble)
        case _:
            raise AssertionError(f"a check of live objects does not end as {checked}")
