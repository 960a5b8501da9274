"""Predicts conflicts and reverted values of an add-on update from the live objects; pure.

EKS applies the Corefile and the replicas even if its configuration does not set them, by server-side apply
(source: docs/workload-plane.md, "What survives an add-on update").
"""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.domain.desired import CorefileSource, DesiredState, ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.workload import NotChecked, Owner, Workload, WorkloadState, by_whom, is_anothers
from eksaddon.plan.corefile_change import same_meaning
from eksaddon.schema import DefaultCorefile, default_corefile, parse_version

COREFILE, REPLICAS = "corefile", "replicaCount"
EKS_REPLICAS = 2
"""Value in EKS's manifest (source: the add-on's schema, default of replicaCount)."""


def _text(values: JsonObject) -> str:
    found = values.get(COREFILE)
    return found if isinstance(found, str) and found.strip() else ""


def foreseen(
    version: str,
    stored: JsonObject,
    planned: JsonObject,
    desired: DesiredState,
    workload: WorkloadState,
) -> Iterator[Diagnostic]:
    """Findings about a planned update; empty if the cluster was not to be read.

    Args:
        version: Version of the add-on.
        stored: Current configurationValues.
        planned: configurationValues to send.
    """
    if not isinstance(workload, Workload):
        yield from _unread(desired, workload)
        return
    yield from _edited(version, stored, planned, desired, workload)
    yield from _corefile(version, planned, desired.resolve_conflicts, workload)
    yield from _replicas(planned, desired.resolve_conflicts, workload)
    if workload.scalers_unread:
        summary = f"some autoscalers could not be looked for: {workload.scalers_unread}"
        detail = "the Role in configs/access/kubernetes.yaml grants the required permissions"
        yield Diagnostic(Severity.INFO, "autoscalers-not-read", summary, detail)


def _unread(desired: DesiredState, workload: NotChecked) -> Iterator[Diagnostic]:
    """A note where nothing else says that the cluster could not be read."""
    if workload.is_chosen or desired.concerns_pods:
        return
    summary = f"conflicts with the live objects could not be checked: {workload.reason}"
    yield Diagnostic(Severity.INFO, "update-not-foreseen", summary, workload.hint)


def _edited(
    version: str, stored: JsonObject, planned: JsonObject, desired: DesiredState, workload: Workload
) -> Iterator[Diagnostic]:
    """An edit of the live Corefile that the update would revert.

    With `overwrite`, EKS reverts it also where the plan changes other keys only.
    """
    live, held, wanted = workload.corefile, _text(stored), _set_by_update(version, planned)
    if live is None or not wanted or same_meaning(live, wanted):
        return
    is_kept = _text(planned) == held and desired.resolve_conflicts is not ResolveConflicts.OVERWRITE
    chosen = desired.consent.corefile_base
    is_replaced = COREFILE in desired.values or desired.corefile.text is not None
    takes_live = desired.manages_corefile and not is_replaced
    if is_kept or (takes_live and (not held or chosen is CorefileSource.LIVE)):
        return
    is_edit = not same_meaning(live, held) if held else is_anothers(workload.corefile_owner)
    if not is_edit:
        return
    summary = f"the live Corefile differs from the stored one{by_whom(workload.corefile_owner)}"
    if chosen is CorefileSource.STORED:
        yield Diagnostic(Severity.WARNING, "corefile-edit-lost", f"{summary}, and its edits are lost", "")
        return
    keeps = "--corefile-base live keeps them" if takes_live else "a Corefile that contains them keeps them"
    detail = f"--corefile-base stored drops the edits, {keeps}; `drift --live` shows them"
    yield Diagnostic(Severity.ERROR, "corefile-edited", summary, detail)


def _set_by_update(version: str, planned: JsonObject) -> str:
    """The Corefile that EKS applies; empty if it is unknown."""
    default = default_corefile(parse_version(version))
    return _text(planned) or (default.text if isinstance(default, DefaultCorefile) else "")


def _corefile(
    version: str, planned: JsonObject, mode: ResolveConflicts, workload: Workload
) -> Iterator[Diagnostic]:
    wanted = _set_by_update(version, planned)
    if workload.corefile is None or not wanted or workload.corefile == wanted:
        return
    is_desired = bool(_text(planned))
    yield from _owned("Corefile", workload.corefile_owner, mode, is_desired=is_desired)


def _replicas(planned: JsonObject, mode: ResolveConflicts, workload: Workload) -> Iterator[Diagnostic]:
    count = planned.get(REPLICAS)
    wanted = count if isinstance(count, int) else EKS_REPLICAS
    if wanted == workload.replicas:
        return
    owner = workload.replicas_owner
    if is_anothers(owner) and mode is not ResolveConflicts.OVERWRITE:
        yield from _owned("replicas", owner, mode, is_desired=isinstance(count, int))
    elif wanted < workload.replicas:
        names = ", ".join(map(str, workload.scalers))
        by = f"; {names} scales up again" if names else ""
        summary = f"the update lowers the running replicas from {workload.replicas} to {wanted}{by}"
        yield Diagnostic(
            Severity.WARNING, "replicas-fall", summary, f"set replicaCount to {workload.replicas} or more"
        )


def _owned(
    what: str, owner: Owner | None, mode: ResolveConflicts, *, is_desired: bool
) -> Iterator[Diagnostic]:
    """A value of another manager that the update would change."""
    if not is_anothers(owner):
        return
    match mode:
        case ResolveConflicts.NONE:
            summary = f"the update will fail on the live {what}{by_whom(owner)}"
            detail = "--resolve-conflicts overwrite takes it over, preserve keeps it"
            yield Diagnostic(Severity.ERROR, "update-conflict", summary, detail)
        case ResolveConflicts.PRESERVE if is_desired:
            summary = f"with preserve the live {what} stays unchanged{by_whom(owner)}"
            detail = (
                "the desired value would be stored but not take effect; "
                "--resolve-conflicts overwrite takes it over"
            )
            yield Diagnostic(Severity.ERROR, "update-not-in-force", summary, detail)
        case ResolveConflicts.PRESERVE | ResolveConflicts.OVERWRITE:
            return
        case _:
            assert_never(mode)
