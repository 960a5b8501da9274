"""What an answer of EKS means for a target that is being changed; pure."""

from collections.abc import Callable
from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, UnreachableTarget
from eksaddon.ports import UpdateRecord

SameDocument = Callable[[str | None, str | None], bool]
"""Whether two configurationValues mean the same, whatever their form."""

BUSY_STATES = frozenset({"CREATING", "UPDATING", "DELETING"})
"""Add-on states in which EKS answers 409 to UpdateAddon."""

UNCERTAIN = frozenset({Cause.TRANSPORT, Cause.SERVER, Cause.TRUNCATED, Cause.UNREADABLE, Cause.THROTTLED})
"""After these nobody knows whether the request was carried out."""

WORTH_ANOTHER_LOOK = UNCERTAIN | {Cause.CREDENTIALS_EXPIRED}
"""Reading again later may well succeed."""

IN_PROGRESS = "InProgress"


def update_trouble(record: UpdateRecord) -> Trouble:
    """Why an update that ended did not succeed."""
    texts = "; ".join(f"{error.code}: {error.message}" for error in record.errors)
    if record.status == "Cancelled":
        return Trouble(Cause.UPDATE_CANCELLED, texts or "the update was cancelled", operation="UpdateAddon")
    codes = {error.code for error in record.errors}
    cause = Cause.CONFLICT if "ConfigurationConflict" in codes else Cause.UPDATE_FAILED
    message = texts or f"the update ended as {record.status} without an error"
    return Trouble(cause, message, code=",".join(sorted(codes)), operation="UpdateAddon")


def what_is_stored(observed: Observed, before: str | None, planned: str, same: SameDocument) -> str:
    """One clause on what a failed update left behind, because Failed does not mean rolled back."""
    match observed:
        case Managed(text=text) if same(text, planned):
            return "the new document is stored all the same"
        case Managed(text=text) if same(text, before):
            return "the document from before is stored"
        case Managed():
            return "neither the old nor the new document is stored"
        case _:
            return "what is stored now could not be read"


def after_failure(
    record: UpdateRecord, observed: Observed, before: str | None, planned: str, same: SameDocument
) -> Failed:
    trouble = update_trouble(record)
    left = what_is_stored(observed, before, planned, same)
    return Failed(
        Trouble(trouble.cause, f"{trouble.message}; {left}", trouble.code, "UpdateAddon"), record.id
    )


def is_healthy(observed: Observed) -> bool:
    return isinstance(observed, Managed) and observed.status == "ACTIVE" and not observed.issues


def after_success(observed: Observed, update_id: str, planned: str, same: SameDocument) -> Outcome:
    """The verdict once the update is Successful and the add-on had time to settle."""
    match observed:
        case Managed(text=text, version=_) if not same(text, planned):
            message = f"update {update_id} was successful, but another document is stored now"
            return Failed(Trouble(Cause.NOT_AS_PLANNED, message, operation="DescribeAddon"), update_id)
        case Managed() if is_healthy(observed):
            return Changed(update_id)
        case Managed(status=status, issues=issues):
            texts = "; ".join(f"{issue.code}: {issue.message}" for issue in issues) or "no issue given"
            return Failed(
                Trouble(Cause.UNHEALTHY, f"the add-on is {status}: {texts}", operation="DescribeAddon"),
                update_id,
            )
        case Unreachable(trouble=trouble):
            return UnreachableTarget(trouble, update_id)
        case NotInstalled() | AutoMode() | NotActive() | Connected():
            gone = "the add-on disappeared after its update"
            return Failed(Trouble(Cause.NOT_AS_PLANNED, gone, operation="DescribeAddon"), update_id)
        case _:
            assert_never(observed)
