"""Maps API responses to permission checks; pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from eksaddon.domain.access.checkup import Check, CheckState, Piece
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    Overridden,
    WriteForbidden,
    WriteNotSent,
    WriteRefused,
)
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
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked, WorkloadState
from eksaddon.rules.audit.commands import with_name
from eksaddon.rules.scaled_down import left_down, scaled_down

ADDON_STILL_WORKS = "the add-on plane still works"

BREAKS: Mapping[Piece, str] = MappingProxyType(
    {
        Piece.ACCOUNT: "clusters in the account cannot be read or changed",
        Piece.LIST_CLUSTERS: "only clusters listed in the fleet file are found",
        Piece.DESCRIBE_CLUSTER: "a cluster without the add-on cannot be distinguished from one in Auto Mode, "
        "and its Kubernetes API cannot be found",
        Piece.DESCRIBE_ADDON: "plan, apply and drift do not work for the cluster",
        Piece.DESCRIBE_CONFIGURATION: (
            "values are checked against the packaged schema instead of the live one"
        ),
        Piece.UPDATES: "apply cannot follow or verify an update; plan still works",
        Piece.UPDATE_ADDON: "apply does not work; plan and drift still work",
        Piece.KUBERNETES_READ: "grace period and preStop can be neither read nor applied, "
        f"and the live Corefile is not checked; {ADDON_STILL_WORKS}",
        Piece.KUBERNETES_PATCH: f"grace period and preStop cannot be applied; {ADDON_STILL_WORKS}",
    }
)

DESCRIBE_CLUSTER = "DescribeCluster"

NO_SCALERS = "plans do not show which autoscaler changes the replicas; everything else works"
ROLE = "configs/access"

NOT_PROVABLE = Check(
    Piece.UPDATE_ADDON,
    CheckState.UNPROVEN,
    "cannot be verified without writing",
    BREAKS[Piece.UPDATE_ADDON],
    "compare the role's policy with `eksdns doctor --print iam-apply`",
)


def answered(piece: Piece, answer: object) -> Check:
    """Check of a call that returns its result or a Trouble."""
    if not isinstance(answer, Trouble):
        return Check(piece, CheckState.FINE)
    return Check(piece, CheckState.MISSING, str(answer), BREAKS[piece], remedy(piece, answer))


def remedy(piece: Piece, trouble: Trouble) -> str:
    if trouble.cause is not Cause.DENIED:
        return trouble.hint
    text = "iam-apply" if piece is Piece.UPDATES else "iam-plan"
    return f"{trouble.hint}; `eksdns doctor --print {text}` prints the minimum policy"


def of_addon(observed: Observed) -> Check:
    match observed:
        case Managed(version=version):
            return Check(Piece.DESCRIBE_ADDON, CheckState.FINE, version)
        case NotInstalled():
            return Check(Piece.DESCRIBE_ADDON, CheckState.FINE, "the managed add-on is not installed")
        case AutoMode():
            return Check(Piece.DESCRIBE_ADDON, CheckState.FINE, "EKS Auto Mode without the add-on")
        case NotActive(status=status):
            return Check(Piece.DESCRIBE_ADDON, CheckState.SKIPPED, f"the cluster is {status}")
        case Connected():
            return Check(
                Piece.DESCRIBE_ADDON, CheckState.SKIPPED, "connected clusters do not support add-ons"
            )
        case RegionUnavailable(trouble=trouble):
            return Check(Piece.DESCRIBE_ADDON, CheckState.SKIPPED, str(trouble))
        case Unreachable(trouble=trouble):
            about_cluster = DESCRIBE_CLUSTER in {trouble.operation, trouble.action.partition(":")[2]}
            return answered(Piece.DESCRIBE_CLUSTER if about_cluster else Piece.DESCRIBE_ADDON, trouble)
        case _:
            assert_never(observed)


def of_workload(state: WorkloadState) -> Check:
    if not isinstance(state, NotChecked):
        if state.scalers_unread:
            fix = _doctor_hint(ROLE)
            return Check(Piece.KUBERNETES_READ, CheckState.MISSING, state.scalers_unread, NO_SCALERS, fix)
        return Check(Piece.KUBERNETES_READ, CheckState.FINE, state.unfinished)
    return _unchecked(Piece.KUBERNETES_READ, state)


BLOCKS_PLANS = "until then, plan and apply are blocked"


def of_scaling(ref: ClusterRef, state: WorkloadState) -> Check | None:
    """A note where an interrupted proof has left a scaling; None where it has not."""
    found = None if isinstance(state, NotChecked) else scaled_down(state)
    if isinstance(state, NotChecked) or found is None:
        return None
    effect = BLOCKS_PLANS if left_down(state) else ""
    return Check(Piece.KUBERNETES_READ, CheckState.FINE, found.summary, effect, with_name(found.detail, ref))


def of_trial(answer: ApplyAnswer) -> Check:
    """Check of a dry run; conflicts and invalid documents are reported only to authorized callers."""
    match answer:
        case NotChecked() | WriteForbidden() | WriteNotSent():
            return _unchecked(Piece.KUBERNETES_PATCH, answer)
        case Applied() | ApplyConflict() | WriteRefused() | Overridden():
            return Check(Piece.KUBERNETES_PATCH, CheckState.FINE, "verified by a server-side dry run")
        case _:
            assert_never(answer)


def _unchecked(piece: Piece, state: NotChecked | WriteForbidden | WriteNotSent) -> Check:
    return Check(piece, CheckState.MISSING, state.reason, BREAKS[piece], _doctor_hint(state.hint))


def _doctor_hint(hint: str) -> str:
    """Replace the reference to `eksdns doctor` in a hint by the command that prints the policy."""
    if "access entry" in hint:
        return "create an access entry for the role; `eksdns doctor --print access-entry` prints one"
    if "configs/access" in hint:
        return "apply the Role printed by `eksdns doctor --print role`"
    return hint
