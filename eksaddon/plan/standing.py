"""Whether a document that needs no change is in force, or only stored; pure."""

from typing import assert_never

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Action
from eksaddon.domain.proof import (
    Behind,
    Proven,
    Refused,
    Replaced,
    Running,
    Unhealthy,
    Unseen,
    proof_of,
    verdict,
)
from eksaddon.domain.update import UpdatePhase, UpdateRecord
from eksaddon.plan.inputs import Situation
from eksaddon.values import same_values

UPDATE_FAILED = "update-failed"
UPDATE_RUNNING = "update-running"
UPDATE_UNSEEN = "update-unseen"
"""Rules by which a plan says that a stored document is not proven to be in force."""


def is_late(case: Situation, text: str) -> bool:
    """Whether the newest update has brought this document already, and EKS still shows another one."""
    update = case.observed.update
    is_there = isinstance(update, UpdateRecord) and update.phase is UpdatePhase.SUCCEEDED
    return is_there and isinstance(update, UpdateRecord) and same_values(update.text, text)


def standing(case: Situation) -> tuple[Action, str, Diagnostic | None]:
    """What to do about a stored document that is as desired.

    Returns:
        The action; why, where nothing is to be sent; and the finding that says so.
    """
    found = verdict(proof_of(case.observed), case.observed.text, None, same_values)
    match found:
        case Proven():
            return Action.IN_SYNC, "", None
        case Refused(trouble=trouble):
            summary = f"the last update of the add-on did not succeed: {trouble}"
            detail = f"the configuration is sent again; {trouble.hint}"
            return Action.UPDATE, "", Diagnostic(Severity.WARNING, UPDATE_FAILED, summary, detail)
        case Running(reason=reason) | Behind(reason=reason):
            detail = "apply waits for its end and sends the configuration again only if it failed"
            return Action.UPDATE, "", Diagnostic(Severity.WARNING, UPDATE_RUNNING, reason, detail)
        case Unhealthy(trouble=trouble):
            reason = (
                f"{trouble.message}; the configuration equals the desired one, so an update would "
                "change nothing"
            )
            return Action.BLOCKED, reason, None
        case Unseen(trouble=trouble):
            reason = f"the configuration is stored, but the result of its update could not be read: {trouble}"
            finding = Diagnostic(Severity.ERROR, UPDATE_UNSEEN, reason, trouble.hint)
            return Action.BLOCKED, reason, finding
        case Replaced():
            raise AssertionError("a document differs from itself")
        case _:
            assert_never(found)
