"""Determines the remaining planes of a target, what their writes expect, and combines outcomes; pure."""

from dataclasses import replace

from eksaddon.domain.basis import CorefileBase, LiveBase, PodsState
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.plan import AddonWrite, ClusterPlan, Plane
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, RolledBack
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.rules.live_base import AFTER_RUN, Expected, base_digest
from eksaddon.rules.pdb_effect import DEFAULT_REPLICAS
from eksaddon.rules.reload_deadlock import RELOAD_SECONDS, deadlocks
from eksaddon.schema import DefaultCorefile, default_corefile, parse_version
from eksaddon.values import Unreadable, merge, parse_values

COREFILE, REPLICAS = "corefile", "replicaCount"


def planes_left(target: TargetProgress) -> tuple[Plane, ...]:
    """Remaining planes in a safe order; on a rollback in reverse, and only changed ones.

    The budget is always last: it is deleted once the configuration disables it, and EKS creates it again
    once the configuration enables it.
    """
    budget = (Plane.BUDGET,) if target.plan.removal is not None else ()
    order = target.plan.order or (() if budget else (Plane.ADDON,))
    if target.restores:
        changed = {
            Plane.ADDON: target.changed is not None,
            Plane.WORKLOAD: target.touched,
            Plane.BUDGET: target.removed,
        }
        order = tuple(plane for plane in (*reversed(order), *budget) if changed[plane])
    else:
        order = (*order, *budget)
    return tuple(plane for plane in order if plane not in target.done)


def reload_wait(target: TargetProgress) -> float:
    """Seconds between a new Corefile and a restart of the pods; 0 if nothing has to be reloaded.

    The Deployment is written after the Corefile if it is last in the plan, or first on a rollback.
    """
    plan = target.plan
    position = 0 if target.restores else -1
    follows = len(plan.order) > 1 and plan.order[position] is Plane.WORKLOAD
    version = parse_version(plan.planned_version)
    is_affected = deadlocks(version.coredns if version else None)
    return RELOAD_SECONDS if follows and is_affected and _changes_corefile(plan) else 0.0


def _changes_corefile(plan: ClusterPlan) -> bool:
    write = plan.write
    return write is not None and _stored_corefile(write.before) != _stored_corefile(write.text)


def is_good(outcome: object) -> bool:
    """Whether the next plane may be written."""
    return isinstance(outcome, Changed | InSync | RolledBack)


def combined(outcomes: list[Outcome]) -> Outcome:
    """Combine the outcomes of both planes; a change prevails, with the add-on's update id.

    What could not be read of one plane is not verified of the target.
    """
    changed = [one for one in outcomes if isinstance(one, Changed | RolledBack)]
    found = next((one for one in changed if one.update_id), changed[0] if changed else outcomes[-1])
    return _unverified(found, *(one.unverified for one in outcomes if isinstance(one, Changed | InSync)))


def with_doubt(outcome: Outcome, target: TargetProgress) -> Outcome:
    """Add what the plan did not apply, as the live objects could not be read, to a success."""
    plan = target.plan
    why = plan.unverified if plan.is_half_applied and not target.restores else ""
    return _unverified(outcome, why)


def _unverified(outcome: Outcome, *reasons: str) -> Outcome:
    why = next(filter(None, reasons), "")
    return replace(outcome, unverified=why) if why and isinstance(outcome, Changed | InSync) else outcome


def planned_corefile(plan: ClusterPlan) -> str:
    """The Corefile of the add-on write; empty without one."""
    return "" if plan.write is None else _stored_corefile(plan.write.text)


def keeps_corefile(write: AddonWrite) -> bool:
    """Whether a write leaves the Corefile as it is: the document has the same one, and no edit is lost."""
    is_same = _stored_corefile(write.text) == _stored_corefile(write.before)
    return is_same and write.resolve_conflicts is not ResolveConflicts.OVERWRITE


def corefile_after(write: AddonWrite, version: str) -> str:
    """The Corefile in force after a write; empty if it is not changed.

    If the document no longer has a Corefile, EKS restores its default.
    """
    stored = _stored_corefile(write.text)
    return stored if stored or not _stored_corefile(write.before) else _default_corefile(version)


def corefile_set_by(write: AddonWrite, version: str) -> str:
    """The Corefile that EKS applies with an update: of the document, else its default; empty if unknown."""
    return _stored_corefile(write.text) or _default_corefile(version)


def _default_corefile(version: str) -> str:
    default = default_corefile(parse_version(version))
    return default.text if isinstance(default, DefaultCorefile) else ""


def _stored_corefile(text: str | None) -> str:
    values = parse_values(text)
    found = None if isinstance(values, Unreadable) else values.tree.get(COREFILE)
    return found if isinstance(found, str) else ""


def addon_expectation(plan: ClusterPlan, write: AddonWrite, *, is_begun: bool) -> Expected | None:
    """What an add-on update expects; None if the plan did not read the live objects.

    Args:
        is_begun: This run has sent an update before, which can have replaced pods.
    """
    basis = plan.basis
    if basis is None or basis.live is None:
        return None
    held = plan.workload
    return Expected(
        base=_any_pods(basis.live) if is_begun else basis.live,
        corefile=basis.live_corefile,
        corefiles=frozenset({corefile_set_by(write, write.version or plan.version)}),
        replicas=None if _keeps_replicas(plan, write) else basis.live_replicas,
        counts=frozenset({_replicas_of(write)}),
        graces=_values(basis.live.grace_seconds, held.grace_seconds if held else None),
        pre_stops=_values(basis.live.pre_stop_seconds, held.pre_stop_seconds if held else None),
    )


def workload_expectation(plan: ClusterPlan, *, is_begun: bool) -> Expected | None:
    """What a write of the Deployment expects; None if the plan did not read the live objects.

    It sets no replicas, so these do not matter; grace and preStop are compared by the write itself.

    Args:
        is_begun: This run has written to the cluster before, so that pods were replaced, and the Corefile
            is compared with the planned one by the write itself.
    """
    basis = plan.basis
    if basis is None or basis.live is None:
        return None
    return Expected(
        base=_any_pods(basis.live) if is_begun else basis.live,
        corefile="" if is_begun else basis.live_corefile,
        corefiles=frozenset({planned_corefile(plan)}),
    )


def rollback_expectation(plan: ClusterPlan, write: AddonWrite | None) -> Expected | None:
    """What a rollback expects: the live objects as this run left them, or as they were before it.

    Args:
        write: The rollback of the add-on; None for that of the Deployment, which sets no replicas.
    """
    basis = plan.basis
    if basis is None or basis.live is None:
        return None
    writes = [each for each in (plan.write, write) if each is not None]
    is_kept = write is None or basis.live.is_scaled or _keeps_replicas(plan, write)
    held = plan.workload
    return Expected(
        base=_any_pods(basis.live),
        corefile=basis.live_corefile,
        corefiles=frozenset(corefile_set_by(each, each.version or plan.version) for each in writes),
        replicas=None if is_kept else basis.live_replicas,
        counts=frozenset(map(_replicas_of, writes)),
        graces=_values(basis.live.grace_seconds, held.grace_seconds if held else None),
        pre_stops=_values(basis.live.pre_stop_seconds, held.pre_stop_seconds if held else None),
        since=AFTER_RUN,
    )


def restored_text(plan: ClusterPlan, before: str) -> str:
    """The document of a rollback.

    Args:
        before: The document before the run. If the live Corefile was another one than it brings, it also gets
            that Corefile, because EKS would replace it now.
    """
    basis = plan.basis
    if basis is None or basis.base is not CorefileBase.LIVE or not basis.corefile:
        return before
    values = parse_values(before)
    if isinstance(values, Unreadable):
        return before
    brought = values.tree.get(COREFILE) or _default_corefile(plan.version)
    return before if brought == basis.corefile else merge(values, {COREFILE: basis.corefile}).text


def restored_corefile(plan: ClusterPlan, write: AddonWrite) -> str:
    """The Corefile that must be live after a rollback; empty if the rollback changes none, or it is unknown.

    EKS's default is known to be that of this cluster if it was live before the run.
    """
    basis = plan.basis
    if basis is None or basis.live is None or plan.unverified or keeps_corefile(write):
        return ""
    default = _default_corefile(write.version or plan.version)
    return _stored_corefile(write.text) or (default if base_digest(default) == basis.live_corefile else "")


def _keeps_replicas(plan: ClusterPlan, write: AddonWrite) -> bool:
    is_overwritten = write.resolve_conflicts is ResolveConflicts.OVERWRITE
    return not is_overwritten and plan.basis is not None and REPLICAS in plan.basis.preserved


def _values(before: int, goal: int | None) -> frozenset[int]:
    return frozenset({before} if goal is None else {before, goal})


def _any_pods(base: LiveBase) -> LiveBase:
    return replace(base, pods=PodsState.STUCK)


def _replicas_of(write: AddonWrite) -> int:
    values = parse_values(write.text)
    count = None if isinstance(values, Unreadable) else values.tree.get(REPLICAS)
    return count if isinstance(count, int) else DEFAULT_REPLICAS
