"""The observed state of clusters, independent of a desired state."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from eksaddon.corefile.lint.start import start_errors
from eksaddon.corefile.meaning.resolve import lameducks
from eksaddon.corefile.syntax.parser import parse
from eksaddon.domain.cause import Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
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
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.domain.target import Target
from eksaddon.domain.workload import (
    NO_COREFILE,
    PAUSED,
    PAUSED_HINT,
    NotChecked,
    Workload,
    WorkloadState,
)
from eksaddon.frozen import dataclass
from eksaddon.report.model.model import NOTHING_HELD, Entry, Held, ReportModel
from eksaddon.report.model.protection import protection, seconds
from eksaddon.report.model.states import Kind, StatusWord
from eksaddon.rules.audit.commands import named
from eksaddon.rules.scaled_down import scaled_down
from eksaddon.schema import parse_version
from eksaddon.values import Unreadable, parse_values


@dataclass(frozen=True, slots=True)
class Row:
    """One cluster.

    Attributes:
        held: Configuration stored by the add-on; empty without add-on.
        trouble: Why it could not be read; None if it was.
        diagnostics: Health findings of the add-on, and of the live objects if these were read.
        is_unverified: The live objects were to be read, and could not be.
    """

    target: Target
    word: StatusWord
    version: str = ""
    held: Held = NOTHING_HELD
    trouble: Trouble | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    is_unverified: bool = False


NOT_LIVE = NotChecked("not read", is_chosen=True)


def row(
    target: Target,
    observed: Observed,
    workload: WorkloadState = NOT_LIVE,
    propagation: Propagation = DEFAULT,
) -> Row:
    match observed:
        case Managed():
            found = _managed(target, observed, workload)
            if isinstance(workload, Workload):
                held = replace(found.held, protection=protection(workload, propagation))
                found = replace(found, held=held)
            is_unverified = isinstance(workload, NotChecked) and not workload.is_chosen
            return replace(
                found,
                diagnostics=named((*found.diagnostics, *_live(workload)), target.ref),
                is_unverified=is_unverified,
            )
        case NotInstalled():
            return Row(target, StatusWord.NOT_INSTALLED)
        case AutoMode():
            return Row(target, StatusWord.AUTO_MODE)
        case NotActive(status=status):
            return Row(target, StatusWord.NOT_ACTIVE, held=Held(status))
        case Connected():
            return Row(target, StatusWord.CONNECTED)
        case RegionUnavailable(trouble=trouble):
            return Row(target, StatusWord.REGION_UNAVAILABLE, trouble=trouble)
        case Unreachable(trouble=trouble):
            return Row(target, StatusWord.UNREACHABLE, trouble=trouble)
        case _:
            assert_never(observed)


def _live(workload: WorkloadState) -> Iterator[Diagnostic]:
    """Why the pods are not as the Deployment asks, or could not be read."""
    match workload:
        case NotChecked(is_chosen=True):
            return
        case NotChecked(reason=reason, hint=hint):
            yield _warning("workload-not-checked", f"workload plane unreadable: {reason}", hint)
        case Workload(unfinished=unfinished):
            yield from filter(None, (scaled_down(workload),))
            if unfinished:
                detail = "`kubectl -n kube-system rollout status deployment/coredns` follows it"
                yield _warning("rollout-unfinished", unfinished, detail)
            elif workload.is_paused:
                yield _warning("rollout-paused", PAUSED, PAUSED_HINT)
        case _:
            assert_never(workload)


def _managed(target: Target, observed: Managed, workload: WorkloadState) -> Row:
    values = parse_values(observed.text)
    unwell = tuple(_health_finding(observed))
    if isinstance(values, Unreadable):
        unreadable = _warning("values-unreadable", f"invalid configurationValues: {values.reason}")
        held = Held(observed.status)
        return Row(target, StatusWord.MANAGED, observed.version, held, diagnostics=(*unwell, unreadable))
    corefile = values.tree.get("corefile")
    held = Held(observed.status, values.tree.get("replicaCount"), lameduck_seconds(corefile))
    findings = (*unwell, *_next_start(observed.version, corefile, workload))
    return Row(target, StatusWord.MANAGED, observed.version, held, diagnostics=findings)


def _next_start(version: str, stored: Json, workload: WorkloadState) -> Iterator[Diagnostic]:
    """A finding if CoreDNS would not start with the live Corefile, else with the stored one."""
    if isinstance(workload, Workload) and workload.lacks_corefile:
        yield _warning("corefile-next-start", NO_COREFILE, "restore the ConfigMap from a backup")
        return
    parsed = parse_version(version)
    live = workload.corefile if isinstance(workload, Workload) else None
    corefile, which = (stored, "stored") if live is None else (live, "live")
    if not isinstance(corefile, str) or parsed is None:
        return
    errors = start_errors(corefile, parsed.coredns)
    if errors:
        coredns = ".".join(map(str, parsed.coredns))
        summary = f"CoreDNS {coredns} will refuse the {which} Corefile at its next start: {errors[0].summary}"
        yield _warning("corefile-next-start", summary, "`eksdns corefile lint` shows every error")


def _health_finding(observed: Managed) -> Iterator[Diagnostic]:
    for issue in observed.issues:
        affected = ", ".join(issue.resources)
        yield _warning("addon-unhealthy", str(issue), affected)
    if observed.status != "ACTIVE" and not observed.issues:
        yield _warning("addon-unhealthy", f"the add-on is {observed.status}")


def _warning(rule: str, summary: str, detail: str = "") -> Diagnostic:
    return Diagnostic(Severity.WARNING, rule, summary, detail)


def lameduck_seconds(corefile: Json) -> int | float | None:
    """Total lameduck of all server blocks, an int if integral; None if CoreDNS would reject the file."""
    if not isinstance(corefile, str) or not corefile.strip():
        return None
    parsed = parse(corefile)
    found = lameducks(parsed)
    if parsed.fault or found.fault:
        return None
    return seconds(found.total)


def status_model(rows: Sequence[Row], created_at: str) -> ReportModel:
    return ReportModel(Kind.STATUS, created_at, tuple(_entry(one) for one in rows))


def _entry(one: Row) -> Entry:
    trouble = one.trouble
    return Entry(
        ref=one.target.ref,
        state=one.word.value,
        reason=trouble.message if trouble else "",
        account_name=one.target.account_name,
        labels=one.target.labels,
        version=one.version,
        cause=trouble.cause.value if trouble else "",
        hint=trouble.hint if trouble else "",
        diagnostics=one.diagnostics,
        held=one.held,
    )
