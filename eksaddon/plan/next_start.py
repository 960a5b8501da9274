"""Whether CoreDNS will accept the Corefile in force at the next start of its pods; pure.

A running CoreDNS keeps its configuration if a reload fails (source: CoreDNS plugin/reload), so that a broken
Corefile shows only when a pod starts.
"""

from collections.abc import Iterable, Iterator

from eksaddon.corefile.lint.start import start_errors
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.workload import NO_COREFILE, Workload, WorkloadState
from eksaddon.plan.draft import COREFILE, Draft
from eksaddon.schema import parse_version

NEXT_START = "corefile-next-start"
"""The rule about a Corefile in force that CoreDNS would refuse."""

_NO_PODS = frozenset({"corefile", "podDisruptionBudget", "autoScaling"})
"""Keys whose change starts no pod by itself."""


def next_start(
    version: str, made: Draft, workload: WorkloadState, changes: tuple[Change, ...]
) -> Iterator[Diagnostic]:
    """A finding if the Corefile in force is refused: an error if the plan starts pods with it.

    Args:
        version: Add-on version.
        changes: Changes of both planes.
    """
    if isinstance(workload, Workload) and workload.lacks_corefile:
        # An update of the add-on also applies its ConfigMap, before its pods start.
        yield _finding(NO_COREFILE, [change for change in changes if change.plane is Plane.WORKLOAD])
        return
    parsed = parse_version(version)
    text = _in_force(made, workload)
    errors = start_errors(text, parsed.coredns) if text and parsed is not None else ()
    if not errors or parsed is None or _is_replaced(made, parsed.coredns, changes):
        return
    coredns = ".".join(map(str, parsed.coredns))
    summary = f"CoreDNS {coredns} will refuse the Corefile in force at its next start: {errors[0].summary}"
    yield _finding(summary, changes)


def _finding(summary: str, changes: Iterable[Change]) -> Diagnostic:
    starts = next((change.path for change in changes if _starts_pods(change)), "")
    if starts:
        detail = f"changing {starts} starts new pods; fix the Corefile first"
        return Diagnostic(Severity.ERROR, NEXT_START, summary, detail)
    detail = "running pods keep their configuration; fix it before a node or a pod is replaced"
    return Diagnostic(Severity.WARNING, NEXT_START, summary, detail)


def _in_force(made: Draft, workload: WorkloadState) -> str:
    """The live Corefile, else the stored one."""
    live = workload.corefile if isinstance(workload, Workload) else None
    stored = made.stored.tree.get(COREFILE)
    return live or (stored if isinstance(stored, str) else "")


def _is_replaced(made: Draft, coredns: Version, changes: tuple[Change, ...]) -> bool:
    """Whether the plan brings a Corefile that is accepted, before or together with the new pods."""
    is_touched = any(edit.keys == (COREFILE,) for edit in made.merged.changes)
    after = made.merged.tree.get(COREFILE)
    is_first = not any(change.plane is Plane.WORKLOAD and not change.note for change in changes)
    return is_touched and is_first and isinstance(after, str) and not start_errors(after, coredns)


def _starts_pods(change: Change) -> bool:
    if change.note or change.plane is Plane.WORKLOAD:
        return not change.note  # a note: desired and not applied
    key = change.path.partition(".")[0].partition("[")[0]
    if key == "replicaCount" and isinstance(change.before, int) and isinstance(change.after, int):
        return change.after > change.before
    return key not in _NO_PODS
