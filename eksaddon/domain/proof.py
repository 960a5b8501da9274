"""What is known of a change that was asked for, and what that proves.

A stored document is not a successful update: EKS keeps the document of an update that failed. So plan, apply,
drift, resume, retry, rollback and adopt all ask `verdict`, and none compares documents on its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    RegionUnavailable,
    Unreachable,
)
from eksaddon.domain.update import NotLookedAt, NoUpdate, UpdatePhase, UpdateRecord, UpdateSeen

SameDocument = Callable[[str | None, str | None], bool]
"""Whether two configurationValues mean the same, whatever their form."""

BUSY_STATES = frozenset({"CREATING", "UPDATING", "DELETING"})
"""Add-on states in which EKS answers 409 to UpdateAddon."""

ENDED_STATES = frozenset({"ACTIVE", "CREATE_FAILED", "DELETE_FAILED", "DEGRADED", "UPDATE_FAILED"})
"""The other AddonStatus words of the eks 2017-11-01 model; a word not in it may mean a running update."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that was looked at to find out how a change ended.

    Attributes:
        observed: The add-on with its document, status and issues.
        update: The update that brought the document, or the newest one; where nobody had to look, that.
        at: When the add-on was read, in seconds since the epoch by EKS's clock; 0 where EKS gave no time.
    """

    observed: Observed
    update: UpdateSeen
    at: float = 0.0


def proof_of(observed: Observed) -> Proof:
    """The proof that a plain reading of an add-on carries."""
    if isinstance(observed, Managed):
        return Proof(observed, observed.update, observed.eks_time)
    return Proof(observed, NotLookedAt())


@dataclass(frozen=True, slots=True)
class Proven:
    """The document is stored, no update says otherwise, and the add-on is ACTIVE without issues."""


@dataclass(frozen=True, slots=True)
class Running:
    """An update has not ended yet."""

    reason: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The update was successful and EKS still shows the document from before it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The update failed or was cancelled, whatever document it left."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """The document is stored and the add-on is not healthy."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another document is stored, or the add-on is gone."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unseen:
    """The add-on or its update could not be read."""

    trouble: Trouble


Verdict = Proven | Running | Behind | Refused | Unhealthy | Replaced | Unseen


def verdict(proof: Proof, wanted: str | None, before: str | None, same: SameDocument) -> Verdict:
    """Decide whether the wanted document is in force.

    Args:
        before: What was stored before the update; only a difference from it tells a late reading from
            somebody else's document.
    """
    match proof.update:
        case Trouble():
            return Unseen(proof.update)
        case UpdateRecord(phase=UpdatePhase.RUNNING, id=update_id, status=status):
            return Running(f"update {update_id} is {status}")
        case UpdateRecord(phase=UpdatePhase.FAILED, trouble=trouble):
            left = what_is_stored(proof.observed, wanted, before, same)
            message = f"{trouble.message}; {left}"
            return Refused(Trouble(trouble.cause, message, trouble.code, trouble.operation))
        case UpdateRecord() | NoUpdate() | NotLookedAt():
            return _of_addon(proof, wanted, before, same)
        case _:
            assert_never(proof.update)


def _of_addon(proof: Proof, wanted: str | None, before: str | None, same: SameDocument) -> Verdict:
    match proof.observed:
        case Unreachable(trouble=trouble):
            return Unseen(trouble)
        case Managed(text=text) if not same(text, wanted):
            return _other_document(proof, before, same)
        case Managed() if brought_another(proof.update, wanted, same):
            return Behind("EKS still shows the document from before its newest update")
        case Managed() as addon if is_healthy(addon):
            return Proven()
        case Managed(status=status) as addon if status in ENDED_STATES:
            return Unhealthy(health_trouble(addon))
        case Managed(status=status):
            return Running(f"the add-on is {status}")
        case NotInstalled() | AutoMode() | NotActive() | Connected() | RegionUnavailable():
            return Replaced(_differs("the add-on was removed after its update"))
        case _:
            assert_never(proof.observed)


def brought_another(update: UpdateSeen, wanted: str | None, same: SameDocument) -> bool:
    """Whether a successful update carried another document, so that a reading of the wanted one is late."""
    if not isinstance(update, UpdateRecord) or update.phase is not UpdatePhase.SUCCEEDED:
        return False
    return update.text is not None and not same(update.text, wanted)


def _other_document(proof: Proof, before: str | None, same: SameDocument) -> Verdict:
    text = proof.observed.text if isinstance(proof.observed, Managed) else None
    update = proof.update
    if isinstance(update, UpdateRecord) and same(text, before):
        return Behind(f"update {update.id} was successful, and EKS still shows the document from before it")
    which = f"update {update.id}" if isinstance(update, UpdateRecord) else "the update"
    return Replaced(_differs(f"{which} was successful, but another document is stored now"))


def _differs(message: str) -> Trouble:
    return Trouble(Cause.NOT_AS_PLANNED, message, operation="DescribeAddon")


def is_healthy(observed: Observed) -> bool:
    return isinstance(observed, Managed) and observed.status == "ACTIVE" and not observed.issues


def health_trouble(addon: Managed) -> Trouble:
    """Why an add-on is not healthy, in EKS's words."""
    texts = "; ".join(f"{issue.code}: {issue.message}" for issue in addon.issues) or "no issue given"
    return Trouble(Cause.UNHEALTHY, f"the add-on is {addon.status}: {texts}", operation="DescribeAddon")


def what_is_stored(observed: Observed, wanted: str | None, before: str | None, same: SameDocument) -> str:
    """One clause on what a failed update left, because Failed does not mean rolled back."""
    match observed:
        case Managed(text=text) if same(text, wanted):
            return "the new configuration is stored nevertheless"
        case Managed(text=text) if same(text, before):
            return "the previous configuration is stored"
        case Managed():
            return "neither the previous nor the new configuration is stored"
        case _:
            return "the stored configuration could not be read"
