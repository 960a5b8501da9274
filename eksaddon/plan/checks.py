"""Checks a draft by the schema of its add-on version and by the rules."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from eksaddon.corefile.lint.upgrade import upgrade_notes
from eksaddon.domain.basis import Basis, CorefileBase
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import BudgetRemoval, Change, Plane, WorkloadWrite
from eksaddon.domain.versions.desired import ExactVersion
from eksaddon.domain.versions.offered import Offered, VersionMove
from eksaddon.domain.workload import Workload, WorkloadState, is_anothers
from eksaddon.plan.budget.removal import removal_notes
from eksaddon.plan.corefile_change import Start
from eksaddon.plan.corefile_lint import corefile_findings
from eksaddon.plan.corefile_reading import Reading, Unparsable, corefile_facts, lameduck_ns, read_corefile
from eksaddon.plan.draft import COREFILE, Draft
from eksaddon.plan.foreseen import REPLICAS
from eksaddon.plan.inputs import KnownSchema, Situation
from eksaddon.plan.version.move import version_findings
from eksaddon.plan.workload_changes import grace_that_counts
from eksaddon.rules.facts import Facts
from eksaddon.rules.live_base import base_digest, live_base
from eksaddon.rules.registry import check
from eksaddon.schema import (
    AddonSchema,
    SchemaSource,
    packaged_schema,
    parse_version,
    unread_patterns,
    validate,
)


def basis_of(case: Situation, made: Draft) -> Basis:
    """The input of a draft's checks, in addition to the draft."""
    grace, source, pre_stop = grace_that_counts(case.desired, case.workload)
    return Basis(
        stored=case.observed.text,
        corefile=made.start.text if isinstance(made.start, Start) else None,
        base=made.start.base if isinstance(made.start, Start) else CorefileBase.NOT_MANAGED,
        grace_seconds=grace,
        grace_source=source,
        pre_stop_seconds=pre_stop,
        live_replicas=case.workload.replicas if isinstance(case.workload, Workload) else None,
        live_lameduck_ns=_live_lameduck(case.workload),
        preserved=_set_by_others(case.workload),
        strict=case.strict,
        propagation=case.desired.propagation,
        kubernetes=case.workload.version if isinstance(case.workload, Workload) else (0, 0),
        live_corefile=base_digest(case.workload.corefile) if isinstance(case.workload, Workload) else "",
        allows_weakening=case.desired.consent.weaken,
        live=live_base(case.workload, made.stored.tree) if isinstance(case.workload, Workload) else None,
        allows_downgrade=case.desired.consent.downgrade,
        offered_at=_offered_at(case),
    )


def _offered_at(case: Situation) -> float:
    is_chosen = case.move is not None and not isinstance(case.desired.version, ExactVersion)
    return case.versions.current.read_at if is_chosen and isinstance(case.versions, Offered) else 0.0


def _live_lameduck(workload: WorkloadState) -> int | None:
    text = workload.corefile if isinstance(workload, Workload) else None
    found = read_corefile(text) if text else None
    return lameduck_ns(found) if isinstance(found, Reading) else None


def _set_by_others(workload: WorkloadState) -> tuple[str, ...]:
    if not isinstance(workload, Workload):
        return ()
    owners = {COREFILE: workload.corefile_owner, REPLICAS: workload.replicas_owner}
    return tuple(key for key, owner in owners.items() if is_anothers(owner))


def as_strict(found: Iterable[Diagnostic], *, strict: bool) -> tuple[Diagnostic, ...]:
    """The findings, with every warning as an error if `--strict` is set."""
    return tuple(
        replace(one, severity=Severity.ERROR) if strict and one.severity is Severity.WARNING else one
        for one in found
    )


def check_draft(
    version: str,
    made: Draft,
    basis: Basis,
    changes: tuple[Change, ...],
    schema: KnownSchema,
    *,
    move: VersionMove | None = None,
) -> tuple[Diagnostic, ...]:
    """Findings on a document by the schema of its add-on version, CoreDNS and the rules.

    Args:
        version: Version of the add-on after the plan.
        changes: Changes of both planes.
        schema: Of `version`.
        move: The change of the version; None if it stays.
    """
    found = [*made.diagnostics]
    if made.merged.changes or move is not None:
        found += _by_schema(version, made, schema, move)
    found += version_findings(move, made.merged.tree, allows_downgrade=basis.allows_downgrade)
    found += _by_coredns(version, made, move)
    if not isinstance(made.corefile, Unparsable):
        found += check(_facts(version, made, basis, changes, move))
    return tuple(found)


def _by_schema(
    version: str, made: Draft, known: KnownSchema, move: VersionMove | None
) -> Iterator[Diagnostic]:
    schema: AddonSchema | None
    if isinstance(known, Trouble):
        schema = packaged_schema(version)
        whole = made.merged.tree if move is not None else (one.keys[0] for one in made.merged.changes)
        yield _not_live(version, known, schema, whole)
    else:
        schema = known
    if schema is not None:
        for unread in unread_patterns(schema, made.merged.tree):
            yield Diagnostic(
                Severity.WARNING,
                "schema-pattern-unread",
                f"{unread.key} was not checked against its pattern, which cannot be read: {unread.pattern}",
                f"EKS checks it; the schema of {version} writes the pattern in another dialect",
            )
        refused_before = _errors_before(made, move)
        for error in validate(schema, made.merged.tree):
            what = error.path or "the document"
            detail = f"required by the schema of {_schema_name(schema)}"
            if move is not None and (what, error.message) not in refused_before:
                detail = f"{detail}; {move.before} accepts it"
            yield Diagnostic(Severity.ERROR, "schema", f"{what} {error.message}", detail)


def _errors_before(made: Draft, move: VersionMove | None) -> frozenset[tuple[str, str]]:
    """Errors of the same document by the packaged schema of the installed version."""
    schema = packaged_schema(move.before) if move is not None else None
    errors = () if schema is None else validate(schema, made.merged.tree)
    return frozenset((error.path or "the document", error.message) for error in errors)


def _schema_name(schema: AddonSchema) -> str:
    return "an older version" if schema.source is SchemaSource.ASSUMED else schema.version


def _not_live(version: str, trouble: Trouble, schema: AddonSchema | None, sent: Iterable[str]) -> Diagnostic:
    """Warn that EKS alone checks what is sent.

    No error: EKS validates configurationValues when it receives the request, and rejects it before it changes
    anything (source: InvalidParameterException in public logs, "Json schema validation failed").

    Args:
        sent: Keys that EKS has not accepted for this version yet.
    """
    match schema:
        case None:
            keys = ", ".join(dict.fromkeys(sent)) or "the empty configuration"
            instead = f"not checked against a schema: {keys}"
        case AddonSchema(source=SchemaSource.ASSUMED):
            instead = "checked against the schema of an older version"
        case _:
            instead = "checked against the packaged schema"
    return Diagnostic(
        Severity.WARNING,
        "schema-not-live",
        f"the live schema of {version} could not be read ({trouble}); {instead}",
        f"EKS rejects an invalid configuration before it changes anything; {schema_hint(trouble)}",
    )


def schema_hint(trouble: Trouble) -> str:
    """How to make the live schema readable."""
    return "grant eks:DescribeAddonConfiguration" if trouble.cause is Cause.DENIED else trouble.hint


def _by_coredns(version: str, made: Draft, move: VersionMove | None) -> Iterator[Diagnostic]:
    text = made.merged.tree.get(COREFILE)
    parsed = parse_version(version)
    if not isinstance(text, str) or parsed is None:
        return
    touched = move is not None or any(edit.keys == (COREFILE,) for edit in made.merged.changes)
    installed = parse_version(move.before) if move is not None else parsed
    if installed is not None and move is not None:
        yield from (one.diagnostic for one in upgrade_notes(text, installed.coredns, parsed.coredns))
    yield from corefile_findings(
        _in_force(made), text, parsed.coredns, touched=touched, installed=(installed or parsed).coredns
    )


def _in_force(made: Draft) -> str | None:
    """The Corefile before the plan; None where it is not known."""
    stored = made.stored.tree.get(COREFILE)
    if isinstance(stored, str):
        return stored
    match made.start:
        case Start(text=text, base=base) if base is not CorefileBase.DESIRED:
            return text
        case _:
            return None


def _facts(
    version: str, made: Draft, basis: Basis, changes: tuple[Change, ...], move: VersionMove | None
) -> Facts:
    parsed = parse_version(version)
    after = made.corefile
    touched = {edit.path for edit in made.merged.changes}
    touched |= {change.path for change in changes if change.plane is Plane.WORKLOAD and not change.note}
    if move is not None:  # new pods start with the Corefile, also if it stays as it is
        touched.add(COREFILE)
    return Facts(
        version=version,
        coredns=parsed.coredns if parsed else None,
        build=parsed.build if parsed else 0,
        values=made.merged.tree,
        touched=frozenset(touched),
        corefile=corefile_facts(made.corefile_before, after) if isinstance(after, Reading) else None,
        base=made.base,
        grace_seconds=basis.grace_seconds,
        grace_source=basis.grace_source,
        pre_stop_seconds=basis.pre_stop_seconds,
        live_replicas=basis.live_replicas,
        propagation=basis.propagation,
        kubernetes=basis.kubernetes,
    )


_TAKES_OVER = {
    ResolveConflicts.PRESERVE: "values set by other controllers are kept",
    ResolveConflicts.OVERWRITE: "values set by other controllers are overwritten",
}


def write_notes(
    mode: ResolveConflicts | None, workload: WorkloadWrite | None, removal: BudgetRemoval | None
) -> Iterator[Diagnostic]:
    """Notes on what a write does to fields of other managers and to the budget, so that the plan shows it.

    Args:
        mode: Mode of the add-on update; None without one.
    """
    if mode in _TAKES_OVER:
        yield Diagnostic(
            Severity.INFO, "resolve-conflicts", f"resolveConflicts is {mode}: {_TAKES_OVER[mode]}"
        )
    if workload is not None and workload.force:
        summary = "the Deployment's fields are taken from their managers (--force-conflicts)"
        yield Diagnostic(Severity.INFO, "force-conflicts", summary)
    yield from removal_notes(removal)
