"""What a plan leaves with less protection, worked out from what it was made of and what it writes; pure."""

from collections.abc import Mapping
from types import MappingProxyType

from eksaddon.domain.basis import Basis
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import BudgetRemoval, WorkloadWrite
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.domain.weakening import Weakening
from eksaddon.plan.budget.removal import removal_weakens
from eksaddon.plan.corefile_reading import Reading, lameduck_ns, read_corefile
from eksaddon.plan.draft import COREFILE, Draft
from eksaddon.plan.foreseen import REPLICAS
from eksaddon.rules.pdb_effect import least_replicas
from eksaddon.rules.weakening import Protection, is_scaled, weakenings
from eksaddon.schema import DefaultCorefile, default_corefile, parse_version

ZONE_SPREAD_SINCE: Mapping[tuple[int, int, int], int] = MappingProxyType({(1, 9, 3): 11, (1, 10, 1): 7})
"""First builds whose Deployment is spread over zones; versions after these always are (source: EKS's
CoreDNS manifests)."""


def weakened(
    version: str,
    made: Draft,
    basis: Basis,
    mode: ResolveConflicts | None,
    workload: WorkloadWrite | None,
    *,
    move: VersionMove | None = None,
    removal: BudgetRemoval | None = None,
) -> tuple[Weakening, ...]:
    """What is weaker after the writes of a plan.

    Args:
        version: The installed add-on version.
        mode: Of the add-on update; None where there is none.
        workload: What is written to the Deployment; None where nothing is.
        move: The change of the add-on version; None where it stays.
        removal: The budget that is deleted; None where none is.
    """
    then_version = move.after if move is not None else version
    stored = made.stored.tree
    planned = stored if mode is None else made.merged.tree
    now, then = _termination(basis, workload)
    replicas = _replicas_before(basis, stored, planned)
    lameduck = _lameduck_before(version, basis, stored)
    kept = () if mode is ResolveConflicts.OVERWRITE else basis.preserved
    before = Protection(replicas, stored, lameduck, *now, is_zone_spread=_is_zone_spread(version))
    after = Protection(
        replicas if mode is None or REPLICAS in kept else least_replicas(planned),
        planned,
        lameduck if mode is None or COREFILE in kept else _lameduck_of(then_version, planned),
        *then,
        is_zone_spread=_is_zone_spread(then_version),
    )
    return (*weakenings(before, after), *removal_weakens(removal))


def _replicas_before(basis: Basis, stored: JsonObject, planned: JsonObject) -> int:
    """Those that run, where that is known and the add-on's own autoscaling does not decide it."""
    least = least_replicas(stored)
    if basis.live_replicas is None or (is_scaled(stored) and is_scaled(planned)):
        return least
    return max(least, basis.live_replicas)


def _lameduck_before(version: str, basis: Basis, stored: JsonObject) -> int | None:
    return _lameduck_of(version, stored) if basis.live_lameduck_ns is None else basis.live_lameduck_ns


def _lameduck_of(version: str, values: JsonObject) -> int | None:
    """Of the Corefile that EKS applies: the configuration's, else its own for the version."""
    text = values.get(COREFILE)
    if not isinstance(text, str) or not text.strip():
        default = default_corefile(parse_version(version))
        text = default.text if isinstance(default, DefaultCorefile) else ""
    found = read_corefile(text)
    return lameduck_ns(found) if text and isinstance(found, Reading) else None


def _termination(basis: Basis, workload: WorkloadWrite | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Grace and preStop in seconds, before and after."""
    if workload is None:
        same = (basis.grace_seconds, basis.pre_stop_seconds)
        return same, same
    grace, pre_stop = workload.before
    written = (workload.grace_seconds, workload.pre_stop_seconds)
    after = (grace if written[0] is None else written[0], pre_stop if written[1] is None else written[1])
    return workload.before, after


def _is_zone_spread(version: str) -> bool:
    found = parse_version(version)
    if found is None:
        return False
    first = ZONE_SPREAD_SINCE.get(found.coredns)
    return found.coredns > max(ZONE_SPREAD_SINCE) if first is None else found.build >= first
