"""Plans the workload plane: grace, preStop and readiness probe, which no add-on schema has."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.domain.basis import GraceSource
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.kube.readiness import READINESS_PATHS, Readiness
from eksaddon.domain.plan import NOT_APPLIED, Change, Plane, WorkloadWrite
from eksaddon.domain.workload import (
    ADDON_BUDGET,
    GRACE_PATH,
    HOOK_PATH,
    PRE_STOP_PATH,
    SLEEP,
    STOCK_GRACE_SECONDS,
    NotChecked,
    Owner,
    Workload,
    WorkloadState,
)
from eksaddon.frozen import dataclass
from eksaddon.plan.readiness_effect import readiness_effect

HOOK = "pre-stop-foreign"
"""The rule about preStop handlers that eksdns did not set."""

NOT_CHECKED = "workload-not-checked"
"""Rule for a plane that could not be read."""

UNREADABLE = "workload plane unreadable"

OWN = "eksdns"
"""Field manager of our writes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the Deployment: its desired and its live value."""

    path: str
    wanted: int | None
    live: int | None
    owner: Owner | None


def workload_rows(desired: DesiredState, workload: Workload) -> tuple[Row, ...]:
    """Every field that eksdns can write, desired or not."""
    readiness = zip(
        READINESS_PATHS,
        desired.readiness.values,
        workload.readiness.values,
        workload.readiness_owners,
        strict=True,
    )
    return (
        Row(GRACE_PATH, desired.grace_seconds, workload.grace_seconds, workload.grace_owner),
        Row(PRE_STOP_PATH, desired.pre_stop_seconds, workload.pre_stop_seconds, workload.pre_stop_owner),
        *(Row(*each) for each in readiness),
    )


def _desired_fields(desired: DesiredState) -> tuple[tuple[str, int | None], ...]:
    return (
        (GRACE_PATH, desired.grace_seconds),
        (PRE_STOP_PATH, desired.pre_stop_seconds),
        *desired.readiness.items,
    )


def workload_changes(desired: DesiredState, workload: WorkloadState) -> tuple[Change, ...]:
    return tuple(_changes(desired, workload))


def _changes(desired: DesiredState, workload: WorkloadState) -> Iterator[Change]:
    match workload:
        case NotChecked(reason=reason):
            note = f"not applied: {reason}"
            for path, value in _desired_fields(desired):
                if value is not None:
                    yield Change(Plane.WORKLOAD, path, None, value, note)
        case Workload():
            for row in workload_rows(desired, workload):
                if row.wanted is not None and row.wanted != row.live:
                    yield Change(Plane.WORKLOAD, row.path, row.live, row.wanted)
            yield from hook_change(_hook_to_replace(desired, workload))
        case _:
            assert_never(workload)


def hook_change(kind: str) -> Iterator[Change]:
    """The removal of a preStop handler that is not a sleep, which has a change of its own.

    Args:
        kind: Of the handler that is removed; empty for none.
    """
    if kind not in {"", SLEEP}:
        yield Change(Plane.WORKLOAD, HOOK_PATH, kind, None)


def _hook_to_replace(desired: DesiredState, workload: Workload) -> str:
    """Kind of the preStop handler that an apply cannot remove or replace; empty if there is none.

    An apply without the sleep removes only a sleep that eksdns alone manages, and a handler of another
    kind must be removed first: the API server rejects two kinds in one handler.
    """
    if desired.pre_stop_seconds is None:
        return ""
    if workload.other_pre_stop:
        return workload.other_pre_stop
    owner = workload.pre_stop_owner
    is_ours = owner is not None and owner.manager == OWN
    is_removed = desired.pre_stop_seconds == 0 and workload.pre_stop_seconds > 0
    return SLEEP if is_removed and not is_ours else ""


def workload_write(desired: DesiredState, workload: WorkloadState, *, force: bool) -> WorkloadWrite | None:
    """The apply of all fields; None without changes, or if the workload was not read.

    Values that eksdns set earlier and that are no longer desired are kept: an apply without them would
    revert them. If the template is in sync but pods are older, the apply changes nothing, and its rollout
    is followed to the end.
    """
    if not isinstance(workload, Workload):
        return None
    is_unfinished = desired.manages_workload and bool(workload.unfinished)
    if not (is_unfinished or workload_changes(desired, workload)):
        return None
    return _own(desired, workload, force=force)


def workload_kept(desired: DesiredState, workload: WorkloadState, *, force: bool) -> WorkloadWrite | None:
    """Settings that an add-on update must keep; None if the workload was not read."""
    return _own(desired, workload, force=force) if isinstance(workload, Workload) else None


def _own(desired: DesiredState, workload: Workload, *, force: bool) -> WorkloadWrite:
    fields = zip(desired.readiness.values, workload.readiness.values, workload.readiness_owners, strict=True)
    readiness = Readiness(*(_kept(*each) for each in fields))
    return WorkloadWrite(
        _kept(desired.grace_seconds, workload.grace_seconds, workload.grace_owner),
        _kept(desired.pre_stop_seconds, workload.pre_stop_seconds, workload.pre_stop_owner),
        (workload.grace_seconds, workload.pre_stop_seconds),
        force,
        desired.reapply,
        readiness,
        workload.readiness.only(readiness),
        replaces_hook=_hook_to_replace(desired, workload) if force else "",
    )


def _kept(wanted: int | None, live: int | None, owner: Owner | None) -> int | None:
    is_ours = owner is not None and owner.manager == OWN
    return live if wanted is None and is_ours else wanted


def workload_diagnostics(
    desired: DesiredState, workload: WorkloadState, *, force: bool = False
) -> tuple[Diagnostic, ...]:
    """Findings on the workload plane; without them it would look in sync."""
    match workload:
        case NotChecked():
            return _not_checked(desired, workload)
        case Workload():
            return tuple(_findings(desired, workload, force=force))
        case _:
            assert_never(workload)


def _not_checked(desired: DesiredState, workload: NotChecked) -> tuple[Diagnostic, ...]:
    """Findings for an unread workload: blocks writes, unless it was not to be read or the user allows it."""
    if not desired.concerns_pods:
        return ()
    detail = (
        "a default grace period of 30 s is assumed; "
        "--allow-unverified-workload continues, and the run exits with 3"
    )
    if workload.is_chosen:
        detail = "a default grace period of 30 s is assumed, and the live values may differ"
    if workload.hint:
        detail = f"{workload.hint}; {detail}"
    return (
        Diagnostic(
            Severity.ERROR if is_blocking(desired, workload) else Severity.WARNING,
            NOT_CHECKED,
            f"{UNREADABLE}: {not_read(desired, workload)}",
            detail,
        ),
    )


def failed_read(workload: WorkloadState) -> NotChecked | None:
    """Why the live objects could not be read; None if they were, or were not to be."""
    return workload if isinstance(workload, NotChecked) and not workload.is_chosen else None


def asked_in_vain(workload: NotChecked) -> Diagnostic:
    """Finding for live objects that the plan does not need, and that the user wanted to see (`--live`)."""
    return Diagnostic(Severity.WARNING, NOT_CHECKED, f"{UNREADABLE}: {workload.reason}", workload.hint)


def not_read(desired: DesiredState, workload: NotChecked) -> str:
    """Why the pods could not be read, and which settings cannot be applied."""
    wanted = []
    if desired.grace_seconds is not None:
        wanted.append(f"{GRACE_PATH} {desired.grace_seconds}")
    if desired.pre_stop_seconds is not None:
        wanted.append(f"preStop {desired.pre_stop_seconds}")
    wanted += [f"{path} {value}" for path, value in desired.readiness.items]
    if desired.removes_budget:
        wanted.append(f"deletion of the PodDisruptionBudget {ADDON_BUDGET}")
    return workload.reason + (f"; {' and '.join(wanted)}{NOT_APPLIED}" if wanted else "")


def is_blocking(desired: DesiredState, workload: WorkloadState) -> bool:
    """Whether the plan is blocked because the live objects could not be read."""
    if not isinstance(workload, NotChecked) or workload.is_chosen or desired.consent.unverified_workload:
        return False
    return desired.concerns_pods


def _findings(desired: DesiredState, workload: Workload, *, force: bool) -> Iterator[Diagnostic]:
    if desired.pre_stop_seconds and not workload.knows_sleep:
        major, minor = workload.version
        yield Diagnostic(
            Severity.ERROR,
            "pre-stop-unsupported",
            f"Kubernetes {major}.{minor} does not support preStop sleep",
            "the CoreDNS image has no shell for an exec hook; remove preStop, or upgrade to 1.30 or later",
        )
    yield from _hooks(desired, workload, force=force)
    if len(workload.budgets) > 1:
        names = ", ".join(budget.name for budget in workload.budgets)
        yield Diagnostic(
            Severity.WARNING,
            "several-budgets",
            f"{len(workload.budgets)} PodDisruptionBudgets select the pods: {names}",
            "Kubernetes rejects evictions of pods with several budgets; delete all but one",
        )
    yield from _owners(desired, workload, force=force)
    yield from readiness_effect(desired, workload)


def _hooks(desired: DesiredState, workload: Workload, *, force: bool) -> Iterator[Diagnostic]:
    kind, to_replace = workload.other_pre_stop, _hook_to_replace(desired, workload)
    if to_replace:
        yield _replaced(desired, workload, to_replace, force=force)
    elif kind:
        summary = f"the Deployment has a preStop hook of type {kind}"
        detail = "an exec hook cannot run in the CoreDNS image, which has no shell" if kind == "exec" else ""
        yield Diagnostic(Severity.WARNING, HOOK, summary, detail)
    if workload.sidecar_hooks and desired.manages_workload:
        names = ", ".join(workload.sidecar_hooks)
        yield Diagnostic(
            Severity.INFO, "sidecar-hooks", f"preStop hooks of other containers are not changed: {names}"
        )


def _replaced(desired: DesiredState, workload: Workload, kind: str, *, force: bool) -> Diagnostic:
    """The one finding about a handler that has to be removed; it needs force, since it is not ours."""
    owner = workload.pre_stop_owner
    by = owner.manager if owner else "no field manager on record"
    what = f"sleep of {workload.pre_stop_seconds} s" if kind == SLEEP else f"hook of type {kind}"
    seconds = desired.pre_stop_seconds
    done = f"replaces it with a sleep of {seconds} s" if seconds else "removes it"
    if not force:
        summary = f"the preStop {what} is managed by {by}; an apply cannot remove it"
        return Diagnostic(Severity.ERROR, HOOK, summary, f"--force-conflicts {done}")
    summary = f"--force-conflicts {done}: the preStop {what}, managed by {by}"
    if kind == SLEEP:
        return Diagnostic(Severity.INFO, HOOK, summary)
    return Diagnostic(Severity.WARNING, HOOK, summary, "a rollback does not restore it")


def _owners(desired: DesiredState, workload: Workload, *, force: bool) -> Iterator[Diagnostic]:
    for row in workload_rows(desired, workload):
        if row.owner is None or row.owner.manager == OWN or row.wanted in {None, row.live}:
            continue
        if row.path == PRE_STOP_PATH and _hook_to_replace(desired, workload):
            continue  # the finding about the handler says it
        summary = f"{row.path} is managed by {row.owner.manager}, which set it to {row.live}"
        detail = "apply takes it over" if force else "apply fails unless --force-conflicts is set"
        yield Diagnostic(Severity.WARNING, "field-owned", summary, detail)


def grace_that_counts(desired: DesiredState, workload: WorkloadState) -> tuple[int, GraceSource, int]:
    """Effective grace, its source, and preStop after the plan."""
    match workload:
        case NotChecked():
            return STOCK_GRACE_SECONDS, GraceSource.STOCK, 0
        case Workload(grace_seconds=live, pre_stop_seconds=live_sleep):
            sleep = live_sleep if desired.pre_stop_seconds is None else desired.pre_stop_seconds
            if desired.grace_seconds is None:
                return live, GraceSource.LIVE, sleep
            return desired.grace_seconds, GraceSource.DESIRED, sleep
        case _:
            assert_never(workload)
