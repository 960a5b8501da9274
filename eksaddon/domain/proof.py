"""Decides from the observed add-on and its update whether a requested change is in force.

A stored document does not prove a successful update: EKS keeps the document of a failed update. So plan,
apply, drift, resume, retry, rollback and adopt all use `verdict`; none compares documents itself.
"""

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
    RegionUnavailable,
    Unreachable,
)
from eksaddon.domain.update import HistoryNotRead, NoUpdate, UpdatePhase, UpdateRecord, UpdateSeen
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.frozen import dataclass

SameDocument = Callable[[str | None, str | None], bool]
"""Whether two configurationValues are equivalent, regardless of their formatting."""

BUSY_STATES = frozenset({"CREATING", "UPDATING", "DELETING"})
"""Add-on states in which EKS answers 409 to UpdateAddon."""

ENDED_STATES = frozenset({"ACTIVE", "CREATE_FAILED", "DELETE_FAILED", "DEGRADED", "UPDATE_FAILED"})
"""The other AddonStatus values of the eks 2017-11-01 model; an unknown value may mean a running update."""


@dataclass(frozen=True, slots=True)
class LiveNotRead:
    """The live ConfigMap and Deployment were not read.

    Attributes:
        reason: Empty if they were not needed.
    """

    reason: str = ""


NOT_READ = LiveNotRead()


@dataclass(frozen=True, slots=True)
class LiveMatches:
    """The live ConfigMap and Deployment are as planned.

    Attributes:
        note: What was applied again to make them so; usually empty.
    """

    note: str = ""


@dataclass(frozen=True, slots=True)
class LiveDiffers:
    """The live ConfigMap or Deployment is not as planned."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class LiveUndecided:
    """The live objects are still changing, or could not be read although they are needed."""

    trouble: Trouble


LiveSeen = LiveNotRead | LiveMatches | LiveDiffers | LiveUndecided


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence of the result of a change.

    Attributes:
        observed: The add-on with its document, status and issues.
        update: The update that sent the document, or the newest one; `HistoryNotRead` if it was not needed.
        at: When the add-on was read, in seconds since the epoch by EKS's clock; 0 if EKS returned none.
        live: The live ConfigMap and Deployment.
    """

    observed: Observed
    update: UpdateSeen
    at: float = 0.0
    live: LiveSeen = LiveNotRead()


def proof_of(observed: Observed, live: LiveSeen = NOT_READ) -> Proof:
    """The evidence in a single read of an add-on and of its live objects."""
    if isinstance(observed, Managed):
        return Proof(observed, observed.update, observed.eks_time, live)
    return Proof(observed, HistoryNotRead(), live=live)


@dataclass(frozen=True, slots=True)
class Proven:
    """The document is stored, no update contradicts it, and the add-on is ACTIVE without issues.

    Attributes:
        note: What was applied again; usually empty.
        unverified: Why the live objects could not be read; empty if they are as planned, or not needed.
    """

    note: str = ""
    unverified: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """An update has not ended yet."""

    reason: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The update was successful, but EKS still shows the document from before it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The update failed or was cancelled, regardless of the stored document."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """The document is stored, but the add-on is unhealthy."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class NotLive:
    """EKS proves the document, but the live objects are not as planned."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another document is stored, or the add-on was removed."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unseen:
    """The add-on, its update or its live objects could not be read."""

    trouble: Trouble


Verdict = Proven | Running | Behind | Refused | Unhealthy | NotLive | Replaced | Unseen


def verdict(
    proof: Proof,
    wanted: str | None,
    before: str | None,
    same: SameDocument,
    move: VersionMove | None = None,
) -> Verdict:
    """Decide whether the wanted document is in force, and with it the wanted version.

    Args:
        before: The document stored before the update; distinguishes a stale read from a document written
            by another tool.
        move: The change of the add-on version; None if the version is not part of what is wanted.
    """
    match proof.update:
        case Trouble():
            return Unseen(proof.update)
        case UpdateRecord(phase=UpdatePhase.RUNNING, id=update_id, status=status):
            return Running(f"update {update_id} is {status}")
        case UpdateRecord(phase=UpdatePhase.FAILED, trouble=trouble):
            stored_text = what_is_stored(proof.observed, wanted, before, same, move)
            message = f"{trouble.message}; {stored_text}"
            return Refused(Trouble(trouble.cause, message, trouble.code, trouble.operation))
        case UpdateRecord() | NoUpdate() | HistoryNotRead():
            return _addon_verdict(proof, wanted, before, same, move)
        case _:
            assert_never(proof.update)


def holds(observed: Observed, text: str | None, version: str, same: SameDocument) -> bool:
    """Whether a document is stored, and with it a version; empty for any version."""
    is_stored = isinstance(observed, Managed) and same(observed.text, text)
    return is_stored and isinstance(observed, Managed) and version in {"", observed.version}


def _addon_verdict(
    proof: Proof, wanted: str | None, before: str | None, same: SameDocument, move: VersionMove | None
) -> Verdict:
    after = move.after if move else ""
    match proof.observed:
        case Unreachable(trouble=trouble):
            return Unseen(trouble)
        case Managed() as addon if not holds(addon, wanted, after, same):
            return _other_document_verdict(proof, before, same, move)
        case Managed(version=version) if brought_another(proof.update, wanted, same, version):
            return Behind("EKS still shows the document from before its newest update")
        case Managed() as addon if is_healthy(addon):
            return _live_verdict(proof.live)
        case Managed(status=status) as addon if status in ENDED_STATES:
            return Unhealthy(health_trouble(addon))
        case Managed(status=status):
            return Running(f"the add-on is {status}")
        case NotInstalled() | AutoMode() | NotActive() | Connected() | RegionUnavailable():
            return Replaced(_not_as_planned("the add-on was removed after its update"))
        case _:
            assert_never(proof.observed)


def _live_verdict(live: LiveSeen) -> Verdict:
    match live:
        case LiveNotRead(reason=reason):
            return Proven(unverified=reason)
        case LiveMatches(note=note):
            return Proven(note)
        case LiveDiffers(trouble=trouble):
            return NotLive(trouble)
        case LiveUndecided(trouble=trouble):
            return Unseen(trouble)
        case _:
            assert_never(live)


def brought_another(update: UpdateSeen, wanted: str | None, same: SameDocument, version: str) -> bool:
    """Whether a successful update sent another document or version, so that a read of the wanted is stale."""
    if not isinstance(update, UpdateRecord) or update.phase is not UpdatePhase.SUCCEEDED:
        return False
    is_other_text = update.text is not None and not same(update.text, wanted)
    return is_other_text or update.version not in {"", version}


def _other_document_verdict(
    proof: Proof, before: str | None, same: SameDocument, move: VersionMove | None
) -> Verdict:
    update = proof.update
    if isinstance(update, UpdateRecord) and holds(proof.observed, before, move.before if move else "", same):
        return Behind(f"update {update.id} was successful, but EKS still shows the document from before it")
    what = "version or document" if move else "document"
    which = f"update {update.id}" if isinstance(update, UpdateRecord) else "the update"
    return Replaced(_not_as_planned(f"{which} was successful, but another {what} is stored now"))


def _not_as_planned(message: str) -> Trouble:
    return Trouble(Cause.NOT_AS_PLANNED, message, operation="DescribeAddon")


def is_healthy(observed: Observed) -> bool:
    return isinstance(observed, Managed) and observed.status == "ACTIVE" and not observed.issues


def health_trouble(addon: Managed) -> Trouble:
    """Why an add-on is unhealthy, as reported by EKS."""
    texts = "; ".join(map(str, addon.issues)) or "no issue given"
    return Trouble(Cause.UNHEALTHY, f"the add-on is {addon.status}: {texts}", operation="DescribeAddon")


def what_is_stored(
    observed: Observed,
    wanted: str | None,
    before: str | None,
    same: SameDocument,
    move: VersionMove | None = None,
) -> str:
    """Describe the document stored after a failed update, because Failed does not mean rolled back."""
    if move is not None:
        return _what_is_stored_of(move, observed, wanted, before, same)
    match observed:
        case Managed(text=text) if same(text, wanted):
            return "the new configuration is stored nevertheless"
        case Managed(text=text) if same(text, before):
            return "the previous configuration is stored"
        case Managed():
            return "neither the previous nor the new configuration is stored"
        case _:
            return "the stored configuration could not be read"


def _what_is_stored_of(
    move: VersionMove, observed: Observed, wanted: str | None, before: str | None, same: SameDocument
) -> str:
    if holds(observed, wanted, move.after, same):
        return f"{move.after} with the new configuration is stored nevertheless"
    if holds(observed, before, move.before, same):
        return f"{move.before} with the previous configuration is stored"
    if isinstance(observed, Managed):
        return f"{observed.version} is stored, with a version or configuration that was not expected"
    return "the stored version could not be read"
