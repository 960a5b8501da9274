"""Assigns targets to waves, once at planning; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import zip_longest

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import EmptyWave, SpreadBy, Strategy, Unmatched, Wave
from eksaddon.plan.digest import plan_digest

_SHOWN = 3


def staged(plan: Plan, strategy: Strategy) -> Plan:
    """Assign each target to the first wave that selects it, in a stable order.

    Targets without changes belong to a wave too, but do not count for its `limit`.

    Raises:
        EksdnsError: No wave selects a target with changes, or a wave has no targets, and the strategy forbids
            it.
    """
    assigned = _assign(sorted(plan.clusters, key=_order), strategy)
    _refuse_empty(assigned, strategy)
    clusters = tuple(_in_order(assigned, strategy))
    waves = tuple(wave.name for wave in strategy.waves)
    mark = plan_digest(clusters, strategy)
    return replace(plan, clusters=clusters, waves=waves, strategy=strategy, digest=mark)


def staged_again(plan: Plan) -> tuple[ClusterPlan, ...]:
    """Assign the clusters of a plan again by its strategy.

    The result equals the plan unless it was modified.

    Raises:
        EksdnsError: No wave selects a target with changes, and the strategy forbids it.
    """
    bare = (replace(cluster, wave="") for cluster in plan.clusters)
    assigned = _assign(sorted(bare, key=_order), plan.strategy)
    return tuple(_in_order(assigned, plan.strategy))


def _order(cluster: ClusterPlan) -> str:
    """Sort key: a hash of the identity, so that the order is independent of account and region."""
    return sha256(str(cluster.target.ref).encode()).hexdigest()


def _assign(clusters: Iterable[ClusterPlan], strategy: Strategy) -> tuple[ClusterPlan, ...]:
    counts: Counter[str] = Counter()
    assigned: list[ClusterPlan] = []
    unmatched: list[ClusterPlan] = []
    for cluster in clusters:
        wave = next((each for each in strategy.waves if _accepts(each, cluster, counts)), None)
        if wave is None:
            unmatched.append(cluster)
            continue
        counts[wave.name] += cluster.action is Action.UPDATE
        assigned.append(replace(cluster, wave=wave.name))
    return (*assigned, *_unmatched(unmatched, strategy))


def _accepts(wave: Wave, cluster: ClusterPlan, counts: Mapping[str, int]) -> bool:
    is_below_limit = not wave.limit or cluster.action is not Action.UPDATE or counts[wave.name] < wave.limit
    return is_below_limit and wave.select.matches(cluster.target)


def _unmatched(unmatched: list[ClusterPlan], strategy: Strategy) -> Iterable[ClusterPlan]:
    pending = [cluster for cluster in unmatched if cluster.action is Action.UPDATE]
    match strategy.unmatched:
        case Unmatched.LAST_WAVE:
            return [replace(cluster, wave=strategy.waves[-1].name) for cluster in unmatched]
        case Unmatched.ERROR if pending:
            raise EksdnsError(
                f"no wave selects {_some(pending)}",
                hint="add a wave for them, or set `unmatched` to `last-wave` or `exclude` under `rollout`",
                exit_code=ExitCode.REFUSED,
            )
        case _:
            return [_excluded(cluster) for cluster in unmatched]


def _excluded(cluster: ClusterPlan) -> ClusterPlan:
    if cluster.action is not Action.UPDATE:
        return cluster
    return replace(
        cluster,
        action=Action.SKIPPED,
        reason="not selected by any wave",
        write=None,
        workload=None,
        removal=None,
        kept=None,
        order=(),
        basis=None,
    )


def _some(clusters: list[ClusterPlan]) -> str:
    names = ", ".join(str(cluster.target) for cluster in clusters[:_SHOWN])
    omitted = len(clusters) - _SHOWN
    return f"{names} and {omitted} more" if omitted > 0 else names


def _refuse_empty(assigned: Iterable[ClusterPlan], strategy: Strategy) -> None:
    if strategy.empty_wave is not EmptyWave.ERROR:
        return
    filled = {cluster.wave for cluster in assigned if cluster.action is Action.UPDATE}
    empty = next((wave.name for wave in strategy.waves if wave.name not in filled), None)
    if empty is not None:
        raise EksdnsError(
            f"wave {empty} has no targets to change",
            hint="set `emptyWave: skip` under `rollout` to allow this",
            exit_code=ExitCode.REFUSED,
        )


def _in_order(assigned: tuple[ClusterPlan, ...], strategy: Strategy) -> Iterable[ClusterPlan]:
    for wave in strategy.waves:
        yield from _spread([each for each in assigned if each.wave == wave.name], wave.spread_by)
    names = {wave.name for wave in strategy.waves}
    yield from (each for each in assigned if each.wave not in names)


def _spread(members: list[ClusterPlan], by: SpreadBy) -> Iterable[ClusterPlan]:
    """Interleave members by account or region."""
    if by is SpreadBy.NOTHING:
        return members
    rows: dict[str, list[ClusterPlan]] = {}
    for member in members:
        ref = member.target.ref
        rows.setdefault(ref.account if by is SpreadBy.ACCOUNT else ref.region, []).append(member)
    return [each for row in zip_longest(*rows.values()) for each in row if each is not None]
