"""Plans one cluster from its desired and observed state; pure."""

from dataclasses import replace
from typing import assert_never

from eksaddon.domain.basis import Basis
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.live import LiveField
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
from eksaddon.domain.plan import (
    Action,
    AddonWrite,
    BudgetRemoval,
    Change,
    ClusterPlan,
    Plane,
    WorkloadWrite,
)
from eksaddon.domain.target import Target
from eksaddon.domain.termination import TerminationSettings
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.domain.weakening import Weakening
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.frozen import dataclass
from eksaddon.plan.budget.left import budget_left
from eksaddon.plan.budget.removal import budget_removal, removal_changes
from eksaddon.plan.checks import as_strict, basis_of, check_draft, write_notes
from eksaddon.plan.corefile_reading import Reading, Unparsable
from eksaddon.plan.draft import Blocked, Draft, draft
from eksaddon.plan.foreseen import foreseen
from eksaddon.plan.inputs import Situation
from eksaddon.plan.live import live_findings
from eksaddon.plan.live_fields import Documents, live_fields
from eksaddon.plan.next_start import NEXT_START, next_start
from eksaddon.plan.notes import of_status, of_version, waived
from eksaddon.plan.plane_order import plane_order
from eksaddon.plan.standing import shown_late, standing, unread_history
from eksaddon.plan.version.move import version_changes
from eksaddon.plan.weakened import weakened
from eksaddon.plan.workload_changes import (
    NOT_CHECKED,
    asked_in_vain,
    failed_read,
    is_blocking,
    not_read,
    workload_changes,
    workload_diagnostics,
    workload_kept,
    workload_write,
)
from eksaddon.rules.audit.commands import named
from eksaddon.rules.grace_of_pods import cut_ns
from eksaddon.rules.owners import managed_by, owner_findings
from eksaddon.rules.scaled_down import RULE as SCALED_DOWN
from eksaddon.rules.scaled_down import left_down
from eksaddon.rules.version.choice import Refuse
from eksaddon.rules.weakening import weakening_findings

GOING = frozenset({"DELETING"})
BROKEN = frozenset({"CREATE_FAILED", "DELETE_FAILED"})


@dataclass(frozen=True, slots=True)
class Resolution:
    """The decision for a situation, independent of the cluster.

    Attributes:
        text: The document to send; None if nothing is sent.
        version: The add-on version to send; empty to keep the installed one.
    """

    action: Action
    reason: str
    changes: tuple[Change, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    text: str | None = None
    workload: WorkloadWrite | None = None
    order: tuple[Plane, ...] = ()
    kept: WorkloadWrite | None = None
    live: tuple[LiveField, ...] = ()
    basis: Basis | None = None
    cut_ns: tuple[int, int] = (0, 0)
    unverified: str = ""
    weakens: tuple[Weakening, ...] = ()
    version: str = ""
    removal: BudgetRemoval | None = None


def without_addon(target: Target, observed: Observed) -> ClusterPlan:
    """The plan of a target without the managed add-on: skipped or unreachable, with a reason."""
    match observed:
        case NotInstalled():
            return ClusterPlan(target, Action.SKIPPED, "the managed add-on is not installed")
        case AutoMode():
            return ClusterPlan(target, Action.SKIPPED, "EKS Auto Mode provides its own cluster DNS")
        case NotActive(status=status):
            return ClusterPlan(target, Action.SKIPPED, f"the cluster is {status}")
        case Connected():
            return ClusterPlan(target, Action.SKIPPED, "connected clusters do not support add-ons")
        case RegionUnavailable(trouble=trouble):
            return ClusterPlan(target, Action.SKIPPED, f"the region is not available: {trouble}")
        case Unreachable(trouble=trouble):
            return ClusterPlan(target, Action.UNREACHABLE, str(trouble), trouble=trouble)
        case Managed():
            raise AssertionError(f"{target} has a managed add-on")
        case _:
            assert_never(observed)


def with_addon(target: Target, observed: Managed, desired: DesiredState, found: Resolution) -> ClusterPlan:
    """The plan of one cluster from the resolution of its situation."""
    write = None
    if found.text is not None:
        write = AddonWrite(
            observed.text, found.text, desired.resolve_conflicts, observed.role_arn, found.version
        )
    return ClusterPlan(
        target=target,
        action=found.action,
        reason=found.reason,
        version=observed.version,
        changes=found.changes,
        diagnostics=named(found.diagnostics, target.ref),
        fingerprint=observed.fingerprint,
        write=write,
        workload=found.workload,
        order=found.order,
        kept=found.kept,
        namespace=observed.namespace,
        live=found.live,
        basis=found.basis,
        cut_ns=found.cut_ns,
        unverified=found.unverified,
        weakens=found.weakens,
        removal=found.removal,
    )


def resolve(case: Situation) -> Resolution:
    """Decide the action; equal situations have equal results."""
    status = case.observed.status
    if status in GOING:
        return Resolution(Action.SKIPPED, "the add-on is being deleted")
    choice, about_version = case.choice, tuple(of_version(case))
    if not isinstance(choice, VersionMove):  # what is only compared needs no live objects
        case = replace(case, desired=replace(case.desired, version=None))
    notes = (
        *of_status(case.observed),
        *waived(case.desired),
        *workload_diagnostics(case.desired, case.workload, force=case.force),
        *live_findings(case),
        *about_version,
    )
    if status in BROKEN:
        return Resolution(Action.BLOCKED, f"the add-on is {status}", diagnostics=notes)
    if isinstance(choice, Refuse):
        return Resolution(Action.BLOCKED, choice.finding.summary, diagnostics=notes)
    made = draft(case.observed, case.desired, case.workload, case.move)
    if isinstance(made, Blocked):
        return Resolution(Action.BLOCKED, made.diagnostics[0].summary, diagnostics=made.diagnostics + notes)
    return replace(_decided(case, made, notes), live=_live_fields(case, made))


def _live_fields(case: Situation, made: Draft) -> tuple[LiveField, ...]:
    documents = Documents(made.stored.tree, made.merged.tree)
    return live_fields(documents, case.desired, case.workload)


def _decided(case: Situation, made: Draft, notes: tuple[Diagnostic, ...]) -> Resolution:
    stored, planned = made.stored.tree, made.merged.tree
    removal = budget_removal(case.desired, stored, case.workload)
    changes = (
        *version_changes(case.move),
        *made.changes,
        *workload_changes(case.desired, case.workload),
        *removal_changes(removal),
    )
    basis = basis_of(case, made)
    diagnostics = check_draft(case.version, made, basis, changes, case.schema, move=case.move) + notes
    diagnostics += tuple(next_start(case.version, made, case.workload, changes))
    writes_addon = bool(made.merged.changes) or case.move is not None
    diagnostics += tuple(budget_left(case.observed, stored, planned, case.desired, case.workload))
    if writes_addon:
        diagnostics += tuple(foreseen(case.version, stored, planned, case.desired, case.workload))
    writes = writes_addon or any(not change.note for change in changes)
    if not writes:
        return _without_change(case, made, changes, diagnostics, basis)
    diagnostics += tuple(
        owner_findings(managed_by(case.observed.tags, case.workload, stated=case.desired.owner))
    )
    text = document_to_send(case.observed.text, made) if writes_addon else None
    mode = case.desired.resolve_conflicts if text is not None else None
    workload = workload_write(case.desired, case.workload, force=case.force)
    weakens = weakened(case.observed.version, made, basis, mode, workload, move=case.move, removal=removal)
    found = weakening_findings(weakens, is_allowed=basis.allows_weakening)
    diagnostics = as_strict((*diagnostics, *found, *unread_history(case)), strict=case.strict)
    if blocked := _refused(diagnostics, changes, weakens):
        return blocked
    if writes_addon and (late := shown_late(case)):
        return Resolution(Action.BLOCKED, late.summary, (), (*diagnostics, late))
    kept = workload_kept(case.desired, case.workload, force=case.force) if text is not None else None
    diagnostics += tuple(write_notes(mode, workload, removal))
    order = write_order(made, basis, writes_addon=text is not None, workload=workload)
    reason = update_reason(changes)
    made_of = Resolution(
        Action.UPDATE, reason, changes, diagnostics, text, workload, order, kept, basis=basis
    )
    return replace(
        made_of,
        version=case.move.after if case.move else "",
        cut_ns=accepted_cut(made, basis, workload or kept),
        unverified=_unverified(case),
        weakens=weakens,
        removal=removal,
    )


CAUSES = frozenset({NOT_CHECKED, SCALED_DOWN})
"""Rules of errors that explain others: of what was not read, and of replicas that are there for a while."""


def _refused(
    diagnostics: tuple[Diagnostic, ...], changes: tuple[Change, ...], weakens: tuple[Weakening, ...]
) -> Resolution | None:
    """The blocked plan, where an error speaks against the write; the first one is its reason."""
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    errors.sort(key=lambda one: one.rule not in CAUSES)
    if not errors:
        return None
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return Resolution(Action.BLOCKED, errors[0].summary + more, changes, diagnostics, weakens=weakens)


def _without_change(
    case: Situation,
    made: Draft,
    changes: tuple[Change, ...],
    diagnostics: tuple[Diagnostic, ...],
    basis: Basis,
) -> Resolution:
    """Resolution for an unchanged document: in sync only if its update is proven and CoreDNS runs."""
    is_blind = case.desired.manages_objects and is_blocking(case.desired, case.workload)
    is_down = isinstance(case.workload, Workload) and left_down(case.workload) is not None
    if (is_blind or is_down) and (blocked := _refused(diagnostics, changes, ())):
        return blocked
    action, reason, finding = standing(case, _live_fields(case, made))
    diagnostics = (*diagnostics, finding) if finding is not None else diagnostics
    if action is Action.IN_SYNC and (waiting := _unfinished(case, made, changes, diagnostics, basis)):
        return waiting
    if action is Action.IN_SYNC:
        failed = failed_read(case.workload)
        unverified = not_read(case.desired, failed) if failed is not None else ""
        if failed is not None and not case.desired.concerns_pods:
            diagnostics = (*diagnostics, asked_in_vain(failed))
        reason = _in_sync(case, diagnostics)
        return Resolution(Action.IN_SYNC, reason, changes, diagnostics, unverified=unverified)
    kept = workload_kept(case.desired, case.workload, force=case.force)
    weakens = weakened(case.observed.version, made, basis, case.desired.resolve_conflicts, None)
    diagnostics = as_strict(
        (*diagnostics, *weakening_findings(weakens, is_allowed=basis.allows_weakening)), strict=case.strict
    )
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    if action is Action.BLOCKED or errors:
        summary = reason or errors[0].summary
        return Resolution(Action.BLOCKED, summary, changes, diagnostics, weakens=weakens)
    return Resolution(
        Action.UPDATE,
        update_reason(()),
        changes,
        diagnostics,
        text=case.observed.text or EMPTY,
        order=(Plane.ADDON,),
        kept=kept,
        basis=basis,
        cut_ns=accepted_cut(made, basis, kept),
        unverified=_unverified(case),
        weakens=weakens,
    )


def _unfinished(
    case: Situation,
    made: Draft,
    changes: tuple[Change, ...],
    diagnostics: tuple[Diagnostic, ...],
    basis: Basis,
) -> Resolution | None:
    """Repeat the apply to follow the rollout if the template is in sync but pods are older."""
    workload = workload_write(case.desired, case.workload, force=case.force)
    if workload is None:
        return None
    diagnostics = as_strict(diagnostics, strict=case.strict)
    if blocked := _refused(diagnostics, changes, ()):
        return blocked
    return Resolution(
        Action.UPDATE,
        update_reason((), writes_addon=False),
        changes,
        diagnostics,
        workload=workload,
        order=(Plane.WORKLOAD,),
        basis=basis,
        cut_ns=accepted_cut(made, basis, workload),
    )


EMPTY = "{}"
"""The document of an add-on without configuration (source: EKS user guide)."""


def document_to_send(stored: str | None, made: Draft) -> str:
    """The full document, which is sent with a new version even if it stays as it is."""
    return made.merged.text if made.merged.changes else stored or EMPTY


RESEND = "no change; the document is sent again unless an update that stores it succeeds"
FOLLOW = "no change; the rollout is not finished, and apply waits for its end"


def _unverified(case: Situation) -> str:
    """Why the plan proceeds without reading the live objects."""
    matters = case.desired.concerns_pods
    return not_read(case.desired, case.workload) if matters and isinstance(case.workload, NotChecked) else ""


def update_reason(changes: tuple[Change, ...], *, writes_addon: bool = True) -> str:
    """Reason text of a target with writes."""
    count = sum(1 for change in changes if not change.note)
    if not count:
        return RESEND if writes_addon else FOLLOW
    return f"{count} change{'s' if count > 1 else ''}"


def write_order(
    made: Draft, basis: Basis, *, writes_addon: bool, workload: WorkloadWrite | None
) -> tuple[Plane, ...]:
    """The order of the planes, relevant only if both are written."""
    if workload is None or not writes_addon:
        return ((Plane.ADDON,) if writes_addon else ()) + ((Plane.WORKLOAD,) if workload else ())
    grace, pre_stop = workload.before
    before = TerminationSettings(pre_stop, _lameducks(made.corefile_before), grace)
    after = TerminationSettings(basis.pre_stop_seconds, _lameducks(made.corefile), basis.grace_seconds)
    return plane_order(before, after)


def accepted_cut(made: Draft, basis: Basis, held: WorkloadWrite | None) -> tuple[int, int]:
    """What the grace period cuts off before and after the plan, in nanoseconds.

    Args:
        held: Settings written to the Deployment, or to be kept; None if it was not read.
    """
    grace, pre_stop = held.before if held else (basis.grace_seconds, basis.pre_stop_seconds)
    before, after = (sum(_lameducks(each)) for each in (made.corefile_before, made.corefile))
    return cut_ns(grace, pre_stop, before), cut_ns(basis.grace_seconds, basis.pre_stop_seconds, after)


def _lameducks(corefile: Reading | Unparsable | None) -> tuple[int, ...]:
    return corefile.nanoseconds if isinstance(corefile, Reading) else ()


def _in_sync(case: Situation, diagnostics: tuple[Diagnostic, ...]) -> str:
    refused = next((one.summary for one in diagnostics if one.rule == NEXT_START), "")
    if refused:
        return refused
    is_partial = case.desired.manages_objects or failed_read(case.workload) is not None
    if is_partial and isinstance(case.workload, NotChecked):
        return f"the add-on plane is in sync; {not_read(case.desired, case.workload)}"
    return "in sync"
