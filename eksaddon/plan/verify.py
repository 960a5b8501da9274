"""Verifies a saved plan: derives everything that it shows from its writes again; pure.

Anyone who can edit a plan file can also adjust its digest. Therefore what is shown for approval must match
the writes: changes, findings, reason, order and waves are derived from the documents to send, and a file
that shows anything else is rejected.
"""

from collections.abc import Iterator

from eksaddon.domain.basis import Basis, CorefileBase
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import canonical
from eksaddon.domain.kube.readiness import READINESS_PATHS
from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan, Plane, WorkloadWrite
from eksaddon.domain.rollout.strategy import unstaged
from eksaddon.domain.target import Account, AssumedRole
from eksaddon.domain.workload import GRACE_PATH, PRE_STOP_PATH, NotChecked
from eksaddon.plan.budget.left import is_disabled
from eksaddon.plan.budget.removal import RULE as REMOVED
from eksaddon.plan.budget.removal import removal_changes
from eksaddon.plan.checks import as_strict, check_draft, write_notes
from eksaddon.plan.corefile_change import NoStart, Start, corefile_in_force
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.draft import Draft, drafted
from eksaddon.plan.planner import accepted_cut, update_reason, write_order
from eksaddon.plan.version.move import version_changes
from eksaddon.plan.waves import staged_again
from eksaddon.plan.weakened import weakened
from eksaddon.plan.workload_changes import NOT_CHECKED, hook_change
from eksaddon.rules.weakening import weakening_findings
from eksaddon.schema import SchemaSource, packaged_schema
from eksaddon.values import Merged, Unreadable, edits_between, parse_values

_NOT_LIVE, _SCHEMA = "schema-not-live", "schema"
_OF_WRITES = frozenset({"resolve-conflicts", "force-conflicts", REMOVED})
_UNKNOWN = Trouble(Cause.NOT_FOUND, "not requested")
_NOT_READ = NotChecked("not read")


def contradictions(plan: Plan, *, same_tool: bool = True) -> Iterator[str]:
    """Yield contradictions between what a plan shows and its writes, the first of each target.

    Args:
        same_tool: Created by this version of eksdns; other versions have other texts, so only errors are
            compared.
    """
    for cluster in plan.clusters:
        found = next(_of_cluster(cluster, same_tool=same_tool), "")
        if found:
            yield f"{cluster.target}: {found}"
    refs = [cluster.target.ref for cluster in plan.clusters]
    if len(set(refs)) != len(refs):
        yield "a target is in the plan twice"
    yield from _of_fleet(plan)


def foreign_accounts(plan: Plan, accounts: tuple[Account, ...]) -> Iterator[str]:
    """Targets without credentials for their account, and roles of other accounts."""
    known = {account.id: account for account in accounts}
    for cluster in plan.clusters:
        if cluster.writes and cluster.target.ref.account not in known:
            yield f"{cluster.target}: it does not contain how its account is accessed"
    for account in accounts:
        match account.access:
            case AssumedRole(arns=(*_, last)) if f"::{account.id}:" not in last:
                yield f"the role for account {account.id} belongs to another account: {last}"
            case _:
                pass


def _of_fleet(plan: Plan) -> Iterator[str]:
    strategy = plan.strategy if plan.waves else None
    if strategy is None:
        if plan.strategy != unstaged() or any(cluster.wave for cluster in plan.clusters):
            yield "it assigns waves, but does not list them"
    elif plan.waves != tuple(wave.name for wave in strategy.waves):
        yield "its list of waves does not match its strategy"
    elif not _is_staged(plan):
        yield "its targets are not in the waves that its strategy assigns"
    if plan.digest != plan_digest(plan.clusters, strategy):
        yield "its digest does not match its content"


def _is_staged(plan: Plan) -> bool:
    try:
        return encode(list(staged_again(plan))) == encode(list(plan.clusters))
    except EksdnsError:  # a target that no wave selects
        return False


def _of_cluster(cluster: ClusterPlan, *, same_tool: bool) -> Iterator[str]:
    if cluster.action is not Action.UPDATE:
        if cluster.writes or cluster.kept or cluster.order:
            yield f"its action is {cluster.action}, but it contains a write"
        if cluster.action is Action.IN_SYNC and any(not change.note for change in cluster.changes):
            yield "it is in sync, but shows changes"
        return
    if cluster.basis is None:
        yield "it does not contain the observed state"
    elif not cluster.writes:
        yield "its action is update, but there is nothing to write"
    else:
        yield from _of_update(cluster, cluster.basis, same_tool=same_tool)


def _of_update(cluster: ClusterPlan, basis: Basis, *, same_tool: bool) -> Iterator[str]:
    made = draft_of(cluster, basis)
    if isinstance(made, str):
        yield made
    else:
        yield from _of_draft(cluster, basis, made, same_tool=same_tool)


def _of_draft(cluster: ClusterPlan, basis: Basis, made: Draft, *, same_tool: bool) -> Iterator[str]:
    yield from _of_basis(cluster, basis)
    yield from _of_removal(cluster, made)
    changes = (
        *version_changes(cluster.move),
        *made.changes,
        *_workload_changes(cluster.workload),
        *removal_changes(cluster.removal),
    )
    if _shown(cluster.changes, cluster.workload) != sorted(map(_mark, changes)):
        yield f"the changes shown differ from those it would write{_first(cluster, changes)}"
    reason = update_reason(changes, writes_addon=cluster.write is not None)
    if cluster.reason != reason:
        yield f"its reason is {cluster.reason!r}, not {reason!r}"
    order = write_order(made, basis, writes_addon=cluster.write is not None, workload=cluster.workload)
    if cluster.cut_ns != accepted_cut(made, basis, cluster.workload or cluster.kept):
        yield "the accepted cut of preStop and lameduck differs from the actual one"
    mode = cluster.write.resolve_conflicts if cluster.write else None
    if cluster.weakens != weakened(
        cluster.version, made, basis, mode, cluster.workload, move=cluster.move, removal=cluster.removal
    ):
        yield "the weakened settings shown differ from those it weakens"
    if not _says_what_is_unverified(cluster):
        yield "it does not say that it continues without reading the pods"
    if cluster.order != order:
        yield "its planes are not in the safe order"
    yield from _of_findings(cluster, made, basis, changes, same_tool=same_tool)


def _says_what_is_unverified(cluster: ClusterPlan) -> bool:
    if not cluster.unverified:
        return True
    is_shown = any(
        one.rule == NOT_CHECKED and cluster.unverified in one.summary for one in cluster.diagnostics
    )
    return is_shown and (cluster.workload, cluster.kept, cluster.removal) == (None, None, None)


def _of_removal(cluster: ClusterPlan, made: Draft) -> Iterator[str]:
    if cluster.removal is None:
        return
    if not is_disabled(made.merged.tree):
        yield "it deletes a PodDisruptionBudget that the configuration does not disable"
    if cluster.removal.returns is is_disabled(made.stored.tree):
        yield "what a rollback does about the PodDisruptionBudget differs from what it shows"


def draft_of(cluster: ClusterPlan, basis: Basis) -> Draft | str:
    """The draft of a plan's write, or a sentence why there is none."""
    stored = parse_values(basis.stored)
    after = parse_values(cluster.write.text if cluster.write else basis.stored)
    if isinstance(stored, Unreadable) or isinstance(after, Unreadable):
        return "its configurationValues cannot be read"
    text = cluster.write.text if cluster.write else stored.text
    merged = Merged(text, after.tree, edits_between(stored.tree, after.tree))
    start = _start(cluster.version, basis, stored.tree.get("corefile"))
    return start if isinstance(start, str) else drafted(stored, merged, start)


def _start(version: str, basis: Basis, stored: object) -> Start | NoStart | str:
    """The Corefile that the plan starts from, as far as known without the cluster."""
    if basis.corefile is None:
        return NoStart("not known")
    match basis.base:
        case CorefileBase.STORED:
            is_right = basis.corefile == stored
        case CorefileBase.PACKAGED | CorefileBase.INFERRED:
            is_right = corefile_in_force(version, {}, {}, _NOT_READ) == Start(basis.corefile, basis.base)
        case CorefileBase.DESIRED | CorefileBase.LIVE:
            is_right = True
        case _:
            is_right = False
    return Start(basis.corefile, basis.base) if is_right else "its base Corefile is not the active one"


def _of_basis(cluster: ClusterPlan, basis: Basis) -> Iterator[str]:
    if cluster.write is not None and cluster.write.before != basis.stored:
        yield "the document to replace differs from the observed one"
    if cluster.workload is None or cluster.write is None:
        return
    if cluster.kept is not None and encode(cluster.kept) != encode(cluster.workload):
        yield "the fields of the Deployment to keep differ from those to write"


def _workload_changes(write: WorkloadWrite | None) -> Iterator[Change]:
    if write is None:
        return
    wanted = (
        (GRACE_PATH, write.grace_seconds),
        (PRE_STOP_PATH, write.pre_stop_seconds),
        *zip(READINESS_PATHS, write.readiness.values, strict=True),
    )
    for (path, after), before in zip(wanted, (*write.before, *write.readiness_before.values), strict=True):
        if after is not None and after != before:
            yield Change(Plane.WORKLOAD, path, before, after)
    yield from hook_change(write.replaces_hook)


def _mark(change: Change) -> str:
    return canonical([change.plane, change.path, change.before, change.after, change.note])


def _shown(changes: tuple[Change, ...], write: WorkloadWrite | None) -> list[str]:
    """Changes without those that are marked as not applied."""
    return sorted(_mark(change) for change in changes if not (write is None and _is_not_applied(change)))


def _is_not_applied(change: Change) -> bool:
    return (
        change.plane is Plane.WORKLOAD
        and change.path in {GRACE_PATH, PRE_STOP_PATH, *READINESS_PATHS}
        and change.before is None
        and bool(change.note)
    )


def _first(cluster: ClusterPlan, changes: tuple[Change, ...]) -> str:
    """The first path that differs."""
    written, shown = {_mark(one): one for one in changes}, {_mark(one): one for one in cluster.changes}
    mismatches = [
        one.path
        for mark, one in (*written.items(), *shown.items())
        if not (mark in written and mark in shown)
    ]
    return f" ({mismatches[0]})" if mismatches else ""


def _of_findings(
    cluster: ClusterPlan, made: Draft, basis: Basis, changes: tuple[Change, ...], *, same_tool: bool
) -> Iterator[str]:
    schema = packaged_schema(cluster.planned_version)
    is_known = schema is not None and schema.source is SchemaSource.PACKAGED
    known = schema if schema is not None and is_known else _UNKNOWN
    mode = cluster.write.resolve_conflicts if cluster.write else None
    found = as_strict(
        (
            *check_draft(cluster.planned_version, made, basis, changes, known, move=cluster.move),
            *weakening_findings(cluster.weakens, is_allowed=basis.allows_weakening),
            *write_notes(mode, cluster.workload, cluster.removal),
        ),
        strict=basis.strict,
    )
    if not is_known:  # the plan was checked against the live schema, or has the error itself
        found = tuple(one for one in found if one.rule != _SCHEMA)
    checked = (one for one in found if one.rule != _NOT_LIVE)
    shown = as_strict(cluster.diagnostics, strict=basis.strict)
    errors = [one for one in (*checked, *shown) if one.severity is Severity.ERROR]
    if errors:
        yield f"it would write values that are rejected: {errors[0].summary}"
    derived = {_finding(one) for one in found}
    rules = (_OF_WRITES | {one.rule for one in found}) - {_NOT_LIVE}
    shown_findings = {_finding(one) for one in cluster.diagnostics}
    mismatches = [one for one in cluster.diagnostics if one.rule in rules and _finding(one) not in derived]
    if mismatches and same_tool:
        yield f"it shows a finding that does not apply: {mismatches[0].summary}"
    hidden = [one for one in found if one.rule != _NOT_LIVE and _finding(one) not in shown_findings]
    if hidden and same_tool:
        yield f"it omits a finding: {hidden[0].summary}"


def _finding(one: Diagnostic) -> tuple[str, str, str, str]:
    return one.severity, one.rule, one.summary, one.detail
