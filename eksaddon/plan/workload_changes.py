"""The workload plane's part of a plan: grace and preStop, which no add-on schema has."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.workload import STOCK_GRACE_SECONDS, NotChecked, Workload, WorkloadState
from eksaddon.rules.facts import GraceSource

GRACE_PATH = "terminationGracePeriodSeconds"
PRE_STOP_PATH = "lifecycle.preStop.sleep.seconds"


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


def workload_diagnostics(desired: DesiredState, workload: WorkloadState) -> tuple[Diagnostic, ...]:
    """Say aloud that a plane is not checked; silence would look like agreement."""
    if not isinstance(workload, NotChecked) or not desired.manages_workload:
        return ()
    wanted = []
    if desired.grace_seconds is not None:
        wanted.append(f"{GRACE_PATH} {desired.grace_seconds}")
    if desired.pre_stop_seconds is not None:
        wanted.append(f"preStop {desired.pre_stop_seconds}")
    summary = f"{' and '.join(wanted)} not applied: {workload.reason}"
    detail = "no add-on schema has them; until then every rule reckons with the stock grace of 30 s"
    return (Diagnostic(Severity.WARNING, "workload-not-checked", summary, detail),)


def grace_that_counts(desired: DesiredState, workload: WorkloadState) -> tuple[int, GraceSource, int]:
    """Grace, where it comes from, and preStop, as they will be after the plan."""
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
