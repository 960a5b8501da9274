"""Decides whether an unchanged document is in force or only stored; pure."""

from collections.abc import Iterable
from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Action
from eksaddon.domain.proof import (
    Behind,
    LiveDiffers,
    LiveMatches,
    LiveNotRead,
    LiveSeen,
    NotLive,
    Proven,
    Refused,
    Replaced,
    Running,
    Unhealthy,
    Unseen,
    brought_another,
    proof_of,
    verdict,
)
from eksaddon.domain.workload import NotChecked, WorkloadState
from eksaddon.plan.inputs import Situation
from eksaddon.values import same_values

UPDATE_FAILED = "update-failed"
UPDATE_RUNNING = "update-running"
UPDATE_UNSEEN = "update-unseen"
"""Rules of plans for a stored document that is not proven to be in force."""


def shown_late(case: Situation) -> Diagnostic | None:
    """Finding if EKS returns a stale document, so that nothing may be sent.

    The new document is based on the stored one; a stale one would undo its update.

    Returns:
        None if EKS returns the document of the newest update.
    """
    if not brought_another(case.observed.update, case.observed.text, same_values, case.observed.version):
        return None
    summary = "the add-on's newest update was successful, but EKS still shows the document from before it"
    return Diagnostic(Severity.ERROR, UPDATE_UNSEEN, summary, "plan again in a minute")


def unread_history(case: Situation) -> tuple[Diagnostic, ...]:
    """Finding if the update history was needed but could not be read."""
    trouble = case.observed.update
    if not isinstance(trouble, Trouble):
        return ()
    summary = f"the update history of the add-on could not be read: {trouble}"
    detail = f"apply sends nothing if an earlier write may have succeeded; {trouble.hint}"
    return (Diagnostic(Severity.WARNING, UPDATE_UNSEEN, summary, detail),)


def live_seen(workload: WorkloadState, fields: Iterable[LiveField]) -> LiveSeen:
    """The live objects as evidence, by the fields that are compared."""
    if isinstance(workload, NotChecked):
        return LiveNotRead(workload.reason)
    differing = ", ".join(each.path for each in fields if each.deviates)
    if not differing:
        return LiveMatches()
    return LiveDiffers(Trouble(Cause.NOT_AS_PLANNED, f"the live {differing} differs", operation="Read"))


def standing(case: Situation, fields: Iterable[LiveField]) -> tuple[Action, str, Diagnostic | None]:
    """Decide the action for a stored document that equals the desired one.

    Returns:
        The action, its reason if nothing is sent, and the finding.
    """
    proof = proof_of(case.observed, live_seen(case.workload, fields))
    found = verdict(proof, case.observed.text, None, same_values)
    match found:
        case Proven() | NotLive():  # live edits are drift; a new update of the same document repairs none
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
        case Unseen(trouble=trouble) | Replaced(trouble=trouble):
            reason = f"the configuration is stored, but the result of its update could not be read: {trouble}"
            finding = Diagnostic(Severity.ERROR, UPDATE_UNSEEN, reason, trouble.hint)
            return Action.BLOCKED, reason, finding
        case _:
            assert_never(found)
