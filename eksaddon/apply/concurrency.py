"""Which members of a wave may start now, within every width; pure."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import assert_never

from eksaddon.apply.steps import Limits, Moment
from eksaddon.domain.run.progress import Story, TargetStory, WaveStory
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.strategy import ConcurrencyMode, SpreadBy, tolerance, width
from eksaddon.domain.target import ClusterRef


def tolerated(wave: WaveStory) -> int:
    """Failures that the wave bears."""
    return tolerance(wave.wave.failure_tolerance, len(wave.members))


def startable(story: Story, wave: WaveStory, limits: Limits, moment: Moment) -> tuple[ClusterRef, ...]:
    """The next members in order, within every width."""
    room = limits.total - len(moment.active)
    own = sum(story.targets[ref].plan.wave == wave.wave.name for ref in moment.active)
    room = min(room, width(wave.wave.max_concurrency, len(wave.members)) - own)
    if story.opened.strategy.concurrency_mode is ConcurrencyMode.STRICT:
        left = tolerated(wave) - (wave.tally.failures - wave.forgiven) + 1
        room = min(room, max(left, 1) - own)
    if room <= 0:
        return ()
    back = story.state is RunState.ROLLING_BACK
    rest = islice(wave.members, wave.tally.first, None)
    ready = (ref for ref in rest if _is_ready(story.targets[ref], ref, moment, back=back))
    chosen = _within(ready, room, wave, limits, moment)
    is_first_batch = wave.tally.waiting == len(wave.members)
    return tuple(_apart(chosen, wave, moment) if is_first_batch and not back else chosen)


def _apart(chosen: Iterator[ClusterRef], wave: WaveStory, moment: Moment) -> Iterator[ClusterRef]:
    """In the first batch no two of one account or region, where the wave wants them spread."""
    seen = {_group(ref, wave.wave.spread_by) for ref in moment.active}
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


def _is_ready(target: TargetStory, ref: ClusterRef, moment: Moment, *, back: bool) -> bool:
    if back and not target.restores:
        return False
    return target.outcome is None and ref not in moment.active and moment.held.get(ref, 0.0) <= moment.now


def _within(
    ready: Iterator[ClusterRef], room: int, wave: WaveStory, limits: Limits, moment: Moment
) -> Iterator[ClusterRef]:
    scopes = Counter(ref.scope for ref in moment.active)
    accounts = Counter(ref.account for ref in moment.active)
    most_in_scope = min(limits.per_scope, wave.wave.per_region or limits.per_scope)
    for ref in ready:
        if room <= 0:
            return
        if scopes[ref.scope] >= most_in_scope:
            continue
        if wave.wave.per_account and accounts[ref.account] >= wave.wave.per_account:
            continue
        room -= 1
        scopes[ref.scope] += 1
        accounts[ref.account] += 1
        yield ref
