"""Choose the members of a wave that may start now, within all concurrency limits; pure."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import assert_never

from eksaddon.apply.steps import InFlight, Limits
from eksaddon.domain.rollout.strategy import ConcurrencyMode, SpreadBy, tolerance, width
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef


def tolerated(wave: WaveProgress) -> int:
    """Number of failures that the wave tolerates."""
    return tolerance(wave.wave.failure_tolerance, len(wave.members))


def startable(
    run_progress: RunProgress, wave: WaveProgress, limits: Limits, in_flight: InFlight
) -> tuple[ClusterRef, ...]:
    """The next members in order, within all limits."""
    capacity = limits.total - len(in_flight.active)
    in_wave = sum(run_progress.targets[ref].plan.wave == wave.wave.name for ref in in_flight.active)
    capacity = min(capacity, width(wave.wave.max_concurrency, len(wave.members)) - in_wave)
    if run_progress.opened.strategy.concurrency_mode is ConcurrencyMode.STRICT:
        remaining = tolerated(wave) - (wave.counts.failures - wave.forgiven) + 1
        capacity = min(capacity, max(remaining, 1) - in_wave)
    if capacity <= 0:
        return ()
    back = run_progress.state is RunState.ROLLING_BACK
    rest = islice(wave.members, wave.counts.first, None)
    ready = (ref for ref in rest if _is_ready(run_progress.targets[ref], ref, in_flight, back=back))
    chosen = _within(ready, capacity, wave, limits, in_flight)
    is_first_batch = wave.counts.waiting == len(wave.members)
    return tuple(_apart(chosen, wave, in_flight) if is_first_batch and not back else chosen)


def _apart(chosen: Iterator[ClusterRef], wave: WaveProgress, in_flight: InFlight) -> Iterator[ClusterRef]:
    """Limit the first batch to one target of each account or region if `spreadBy` is set."""
    seen = {_group(ref, wave.wave.spread_by) for ref in in_flight.active}
    for ref in chosen:
        group = _group(ref, wave.wave.spread_by)
        if not group:
            yield ref
        elif group not in seen:
            seen.add(group)
            yield ref


def _group(ref: ClusterRef, by: SpreadBy) -> str:
    match by:
        case SpreadBy.NOTHING:
            return ""
        case SpreadBy.ACCOUNT:
            return ref.account
        case SpreadBy.REGION:
            return ref.region
        case _:
            assert_never(by)


def _is_ready(target: TargetProgress, ref: ClusterRef, in_flight: InFlight, *, back: bool) -> bool:
    if back and not target.restores:
        return False
    return (
        target.outcome is None
        and ref not in in_flight.active
        and in_flight.held.get(ref, 0.0) <= in_flight.now
    )


def _within(
    ready: Iterator[ClusterRef], capacity: int, wave: WaveProgress, limits: Limits, in_flight: InFlight
) -> Iterator[ClusterRef]:
    scopes = Counter(ref.scope for ref in in_flight.active)
    accounts = Counter(ref.account for ref in in_flight.active)
    most_in_scope = min(limits.per_scope, wave.wave.per_region or limits.per_scope)
    for ref in ready:
        if capacity <= 0:
            return
        if scopes[ref.scope] >= most_in_scope:
            continue
        if wave.wave.per_account and accounts[ref.account] >= wave.wave.per_account:
            continue
        capacity -= 1
        scopes[ref.scope] += 1
        accounts[ref.account] += 1
        yield ref
