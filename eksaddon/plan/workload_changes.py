"""Plans the workload plane: grace and preStop, which no add-on schema has."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.domain.basis import GraceSource
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import NOT_APPLIED, Change, Plane, WorkloadWrite
from eksaddon.domain.workload import (
    GRACE_PATH,
    PRE_STOP_PATH,
    STOCK_GRACE_SECONDS,
    NotChecked,
    Owner,
    Workload,
    WorkloadState,
)

NOT_CHECKED = "workload-not-checked"
"""Rule for a plane that could not be read."""

OWN = "eksdns"
"""Field manager of our writes."""


def workload_changes(desired: DesiredState, workload: WorkloadState) -> tuple[Change, ...]:
    return tuple(_changes(desired, workload))


def _changes(desired: DesiredState, workload: WorkloadState) -> Iterator[Change]:
    wanted = ((GRACE_PATH, desired.grace_seconds), (PRE_STOP_PATH, desired.pre_stop_seconds))
    match workload:
        case NotChecked(reason=reason):
            note = f"not applied: {reason}"
            yield from (
                Change(Plane.WORKLOAD, path, None, value, note) for path, value in wanted if value is not None
            )
        case Workload(grace_seconds=grace, pre_stop_seconds=pre_stop):
            for (path, value), live in zip(wanted, (grace, pre_stop), strict=True):
                if value is not None and value != live:
                    yield Change(Plane.WORKLOAD, path, live, value)
        case _:
            assert_never(workload)


def workload_write(desired: DesiredState, workload: WorkloadState, *, force: bool) -> WorkloadWrite | None:
    """The apply of grace and preStop; None without changes, or if the workload was not read.

    Fields set by eksdns before that are no longer desired are kept: an apply without them would release
    them.
    """
    if not isinstance(workload, Workload) or not workload_changes(desired, workload):
        return None
    return _own(desired, workload, force=force)


def workload_kept(desired: DesiredState, workload: WorkloadState, *, force: bool) -> WorkloadWrite | None:
    """Settings that an add-on update must keep; None if the workload was not read."""
    return _own(desired, workload, force=force) if isinstance(workload, Workload) else None


def _own(desired: DesiredState, workload: Workload, *, force: bool) -> WorkloadWrite:
    return WorkloadWrite(
        _kept(desired.grace_seconds, workload.grace_seconds, workload.grace_owner),
        _kept(desired.pre_stop_seconds, workload.pre_stop_seconds, workload.pre_stop_owner),
        (workload.grace_seconds, workload.pre_stop_seconds),
        force,
        desired.reapply,
    )


def _kept(wanted: int | None, live: int, owner: Owner | None) -> int | None:
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
    if not desired.manages_workload and not desired.manages_corefile:
        return ()
    detail = (
        "a stock grace of 30 s is assumed; --allow-unverified-workload continues, and the run exits with 3"
    )
    if workload.is_chosen:
        detail = "a stock grace of 30 s is assumed, and the live values may differ"
    if workload.hint:
        detail = f"{workload.hint}; {detail}"
    return (
        Diagnostic(
            Severity.ERROR if is_blocking(desired, workload) else Severity.WARNING,
            NOT_CHECKED,
            f"workload plane unreadable: {not_read(desired, workload)}",
            detail,
        ),
    )


def not_read(desired: DesiredState, workload: NotChecked) -> str:
    """Why the pods could not be read, and which settings cannot be applied."""
    wanted = []
    if desired.grace_seconds is not None:
        wanted.append(f"{GRACE_PATH} {desired.grace_seconds}")
    if desired.pre_stop_seconds is not None:
        wanted.append(f"preStop {desired.pre_stop_seconds}")
    return workload.reason + (f"; {' and '.join(wanted)}{NOT_APPLIED}" if wanted else "")


def is_blocking(desired: DesiredState, workload: WorkloadState) -> bool:
    """Whether the plan is blocked because the live objects could not be read."""
    if not isinstance(workload, NotChecked) or workload.is_chosen or desired.consent.unverified_workload:
        return False
    return desired.manages_workload or desired.manages_corefile


def _findings(desired: DesiredState, workload: Workload, *, force: bool) -> Iterator[Diagnostic]:
    if desired.pre_stop_seconds and not workload.knows_sleep:
        major, minor = workload.version
        yield Diagnostic(
            Severity.ERROR,
            "pre-stop-unsupported",
            f"Kubernetes {major}.{minor} does not support preStop sleep",
            "the CoreDNS image has no shell for an exec hook; remove preStop, or upgrade to 1.30 or later",
        )
    if workload.other_pre_stop:
        yield Diagnostic(
            Severity.WARNING,
            "pre-stop-foreign",
            f"the Deployment has a preStop hook of type {workload.other_pre_stop}",
            "an exec hook cannot run in the CoreDNS image, which has no shell",
        )
    if len(workload.budgets) > 1:
        names = ", ".join(budget.name for budget in workload.budgets)
        yield Diagnostic(
            Severity.WARNING,
            "several-budgets",
            f"{len(workload.budgets)} PodDisruptionBudgets select the pods: {names}",
            "Kubernetes rejects evictions of pods with several budgets; delete all but one",
        )
    yield from _owners(desired, workload, force=force)


def _owners(desired: DesiredState, workload: Workload, *, force: bool) -> Iterator[Diagnostic]:
    owned = (
        (GRACE_PATH, desired.grace_seconds, workload.grace_seconds, workload.grace_owner),
        (PRE_STOP_PATH, desired.pre_stop_seconds, workload.pre_stop_seconds, workload.pre_stop_owner),
    )
    for path, wanted, live, owner in owned:
        if owner is None or owner.manager == OWN or wanted is None or wanted == live:
            continue
        summary = f"{path} is managed by {owner.manager}, which set it to {live}"
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
