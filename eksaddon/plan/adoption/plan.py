"""Plans the CreateAddon request that adopts a live CoreDNS; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from eksaddon.domain.adoption import Adoption, Manifests, Taken
from eksaddon.domain.basis import Basis
from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import DesiredState, ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.readiness import NO_READINESS
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass
from eksaddon.plan.adoption.import_values import importable
from eksaddon.plan.adoption.not_covered import left_behind
from eksaddon.plan.adoption.ownership import taken_over
from eksaddon.plan.checks import as_strict, basis_of, check_draft, schema_hint
from eksaddon.plan.corefile_reading import Reading, lameduck_ns
from eksaddon.plan.draft import Blocked, Draft, draft
from eksaddon.plan.inputs import KnownSchema, Situation
from eksaddon.rules.audit.commands import named
from eksaddon.rules.pdb_effect import least_replicas
from eksaddon.rules.scaled_down import left_down, scaled_down
from eksaddon.rules.weakening import Protection, weakening_findings, weakenings
from eksaddon.schema import AddonSchema, packaged_schema
from eksaddon.values.overlay import apply_edits, edits

PDB = "podDisruptionBudget"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The input of the plan of an adoption.

    Attributes:
        version: Version of the add-on to create.
        desired: Merged into the live settings.
    """

    target: Target
    found: Manifests
    version: str
    schema: KnownSchema
    desired: DesiredState
    resolve_conflicts: ResolveConflicts = ResolveConflicts.NONE
    strict: bool = False


def plan_adoption(case: Candidate) -> Adoption:
    if not (case.found.workload.corefile or "").strip():
        return _blocked(case, (_no_corefile(),))
    scaled = named(tuple(filter(None, (scaled_down(case.found.workload),))), case.target.ref)
    if left_down(case.found.workload):  # their number would become the add-on's
        return _blocked(case, scaled)
    if isinstance(case.schema, AddonSchema):
        schema = case.schema
    elif (packaged := packaged_schema(case.version)) is not None:
        schema = packaged
    else:
        return _blocked(case, (_no_schema(case.version, case.schema),))
    carried = importable(case.found, schema)
    desired, later = _now_and_later(case.desired, case.found)
    wanted = replace(desired, values=_laid_over(carried.values, desired.values))
    fresh = Managed(case.target.ref, case.version, "ACTIVE", None)
    made = draft(fresh, wanted, case.found.workload)
    notes = (*scaled, *left_behind(case.found, case.version), *carried.findings, *later)
    if isinstance(made, Blocked):
        return _blocked(case, made.diagnostics + notes)
    situation = Situation(fresh, wanted, case.found.workload, case.schema, case.strict)
    basis = basis_of(situation, made)
    found = check_draft(case.version, made, basis, made.changes, case.schema)
    weaker = _weaker(carried.values, made, basis)
    return _adoption(case, made, (*found, *weaker, _frozen(), *notes))


def _weaker(live: JsonObject, made: Draft, basis: Basis) -> Iterator[Diagnostic]:
    """What the add-on would leave weaker than the live objects.

    Args:
        live: Values of the add-on that the live objects come to.
    """
    termination = (basis.grace_seconds, basis.pre_stop_seconds)
    lameduck = lameduck_ns(made.corefile) if isinstance(made.corefile, Reading) else None
    replicas, planned = basis.live_replicas or 0, made.merged.tree
    before = Protection(replicas, live, basis.live_lameduck_ns, *termination)
    after = Protection(least_replicas(planned), planned, lameduck, *termination)
    yield from weakening_findings(weakenings(before, after), is_allowed=basis.allows_weakening)


def _adoption(case: Candidate, made: Draft, diagnostics: tuple[Diagnostic, ...]) -> Adoption:
    tree = made.merged.tree
    count = tree.get("replicaCount")
    takes = taken_over(case.found, case.version, tree)
    return replace(
        _blocked(case, as_strict((*diagnostics, *_conflicts(case, takes)), strict=case.strict)),
        text=made.merged.text,
        corefile=str(tree.get("corefile") or ""),
        replicas=count if isinstance(count, int) else case.found.workload.replicas,
        values={key: value for key, value in tree.items() if key != "corefile"},
        takes=takes,
    )


def _blocked(case: Candidate, diagnostics: tuple[Diagnostic, ...]) -> Adoption:
    """A blocked adoption, without document."""
    live = case.found.workload
    return Adoption(
        target=case.target,
        kubernetes=".".join(map(str, live.version)),
        version=case.version,
        text="",
        corefile="",
        live_corefile=live.corefile or "",
        replicas=live.replicas,
        resolve_conflicts=case.resolve_conflicts,
        fingerprint=case.found.fingerprint,
        diagnostics=diagnostics,
    )


def _laid_over(carried: JsonObject, desired: JsonObject) -> JsonObject:
    """Merge desired keys into imported ones; a desired bound of the budget replaces an imported one."""
    bounds = desired.get(PDB)
    if isinstance(bounds, Mapping) and {"maxUnavailable", "minAvailable"} & set(bounds):
        carried = {key: value for key, value in carried.items() if key != PDB}
    return apply_edits(carried, edits(carried, desired))


def _now_and_later(desired: DesiredState, found: Manifests) -> tuple[DesiredState, tuple[Diagnostic, ...]]:
    """Split off grace and preStop, which `apply` sets, and a lameduck that may require them first."""
    live = found.workload
    wanted = (desired.grace_seconds, desired.pre_stop_seconds)
    differs = not desired.readiness.agrees_with(live.readiness) or any(
        want not in {None, have}
        for want, have in zip(wanted, (live.grace_seconds, live.pre_stop_seconds), strict=True)
    )
    now = replace(desired, grace_seconds=None, pre_stop_seconds=None, readiness=NO_READINESS)
    if not differs:
        return now, ()
    fields = (
        "grace period and preStop"
        if desired.readiness.is_empty
        else "grace period, preStop and readinessProbe"
    )
    names = f"lameduck, {fields}" if desired.lameduck else fields
    summary = f"{names} are not changed now, because their order matters"
    way_on = "run `eksdns apply` once EKS manages the add-on"
    return replace(now, lameduck=None), (Diagnostic(Severity.INFO, "adopt-later", summary, way_on),)


def _conflicts(case: Candidate, takes: tuple[Taken, ...]) -> Iterator[Diagnostic]:
    """Fields of other managers that they would lose; resolved by those managers or by OVERWRITE."""
    sure = [one for one in takes if one.is_conflict]
    if case.resolve_conflicts is ResolveConflicts.OVERWRITE or not sure:
        return
    owners = ", ".join(sorted({one.owner for one in sure}))
    count = "1 field" if len(sure) == 1 else f"{len(sure)} fields"
    summary = f"resolveConflicts NONE fails on {count} managed by {owners}"
    way_out = "--resolve-conflicts overwrite takes them over; the plan lists each new value"
    yield Diagnostic(Severity.ERROR, "adopt-conflicts", summary, way_out)


def _frozen() -> Diagnostic:
    summary = "the Corefile becomes part of the add-on's configuration and no longer follows EKS's defaults"
    return Diagnostic(Severity.INFO, "corefile-frozen", summary)


def _no_corefile() -> Diagnostic:
    summary = "the ConfigMap coredns contains no Corefile"
    return Diagnostic(Severity.ERROR, "adopt-no-corefile", summary, "there is no Corefile to import")


def _no_schema(version: str, trouble: Trouble) -> Diagnostic:
    summary = f"the schema of {version} could not be read ({trouble}), so the configuration cannot be checked"
    return Diagnostic(Severity.ERROR, "schema-not-live", summary, schema_hint(trouble))
