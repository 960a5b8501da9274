"""Maps the evidence of a written target to its outcome; pure."""

from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.proof import (
    Behind,
    Proven,
    Refused,
    Replaced,
    Running,
    Unhealthy,
    Unseen,
    Verdict,
)
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, Unproven

UNCERTAIN = frozenset({Cause.TRANSPORT, Cause.SERVER, Cause.TRUNCATED, Cause.UNREADABLE, Cause.THROTTLED})
"""Causes after which it is unknown whether the request was executed."""

WORTH_ANOTHER_LOOK = UNCERTAIN | {Cause.CREDENTIALS_EXPIRED}
"""Causes after which a later read can succeed."""


def outcome_of(found: Verdict, update_id: str) -> Outcome:
    """The outcome of a write by its final verdict."""
    match found:
        case Proven():
            return Changed(update_id)
        case Refused(trouble=trouble) | Unhealthy(trouble=trouble) | Replaced(trouble=trouble):
            return Failed(trouble, update_id)
        case Behind(reason=reason):
            return Unproven(Trouble(Cause.NOT_SHOWN, reason, operation="DescribeAddon"), update_id)
        case Running(reason=reason):
            return Unproven(Trouble(Cause.STILL_RUNNING, reason, operation="DescribeUpdate"), update_id)
        case Unseen(trouble=trouble):
            return Unproven(trouble, update_id)
        case _:
            assert_never(found)
