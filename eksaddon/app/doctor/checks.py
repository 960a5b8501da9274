"""What an answer says about access; pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from eksaddon.domain.access.checkup import Check, CheckState, Piece
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
from eksaddon.domain.workload import NotChecked, WorkloadState
from eksaddon.ports import Applied, ApplyConflict, WriteRefused

ADDON_STILL_WORKS = "the add-on plane still works"

BREAKS: Mapping[Piece, str] = MappingProxyType(
    {
        Piece.ACCOUNT: "nothing can be looked at or changed there",
        Piece.LIST_CLUSTERS: "clusters are found only where the fleet file names them",
        Piece.DESCRIBE_ADDON: "the cluster cannot be planned, applied or watched for drift",
        Piece.DESCRIBE_CONFIGURATION: "values are checked against the packaged schema, not the live one",
        Piece.UPDATES: "an update cannot be followed to its end, so apply cannot prove it; plan still works",
        Piece.UPDATE_ADDON: "nothing can be applied; plan and drift still work",
        Piece.KUBERNETES_READ: "grace period and preStop can be neither seen nor applied, "
        f"and the live Corefile is not compared; {ADDON_STILL_WORKS}",
        Piece.KUBERNETES_PATCH: f"grace period and preStop cannot be applied; {ADDON_STILL_WORKS}",
    }
)

NOT_PROVABLE = Check(
    Piece.UPDATE_ADDON,
    CheckState.UNPROVEN,
    "not provable without writing",
    BREAKS[Piece.UPDATE_ADDON],
    "compare the role's policy with `eksdns doctor --print iam-apply`",
)


def answered(piece: Piece, answer: object) -> Check:
    """For a call that gives either what was asked for or a trouble."""
    if not isinstance(answer, Trouble):
        return Check(piece, CheckState.FINE)
    return Check(piece, CheckState.MISSING, str(answer), BREAKS[piece], remedy(piece, answer))


def remedy(piece: Piece, trouble: Trouble) -> str:
    if trouble.cause is not Cause.DENIED:
        return trouble.hint
    text = "iam-apply" if piece is Piece.UPDATES else "iam-plan"
    return f"{trouble.hint}; `eksdns doctor --print {text}` prints the least policy"


def of_addon(observed: Observed) -> Check:
    match observed:
        case Managed(version=version):
            return Check(Piece.DESCRIBE_ADDON, CheckState.FINE, version)
        case NotInstalled():
            return Check(Piece.DESCRIBE_ADDON, CheckState.FINE, "the managed add-on is not installed")
        case AutoMode():
            return Check(Piece.DESCRIBE_ADDON, CheckState.FINE, "EKS Auto Mode, without the add-on")
        case NotActive(status=status):
            return Check(Piece.DESCRIBE_ADDON, CheckState.SKIPPED, f"the cluster is {status}")
        case Connected():
            return Check(Piece.DESCRIBE_ADDON, CheckState.SKIPPED, "an external cluster has no add-ons")
        case Unreachable(trouble=trouble):
            return answered(Piece.DESCRIBE_ADDON, trouble)
        case _:
            assert_never(observed)


def of_workload(state: WorkloadState) -> Check:
    if not isinstance(state, NotChecked):
        return Check(Piece.KUBERNETES_READ, CheckState.FINE)
    return _unchecked(Piece.KUBERNETES_READ, state)


def of_trial(answer: Applied | ApplyConflict | WriteRefused | NotChecked) -> Check:
    """A conflict or a refusal of the document comes after the question of who may patch."""
    match answer:
        case NotChecked():
            return _unchecked(Piece.KUBERNETES_PATCH, answer)
        case Applied() | ApplyConflict() | WriteRefused():
            return Check(Piece.KUBERNETES_PATCH, CheckState.FINE, "proven by a dry run on the API server")
        case _:
            assert_never(answer)


def _unchecked(piece: Piece, state: NotChecked) -> Check:
    return Check(piece, CheckState.MISSING, state.reason, BREAKS[piece], _told(state.hint))


def _told(hint: str) -> str:
    """The doctor's own prints in place of where they are announced."""
    if "access entry" in hint:
        return "an access entry for the role is missing; `eksdns doctor --print access-entry` prints it"
    if "configs/access" in hint:
        return "install what `eksdns doctor --print role` prints"
    return hint
