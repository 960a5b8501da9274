"""Reads the newest update of add-ons whose own state is not sufficient."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from eksaddon.domain.cause import Trouble
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.observed import Managed
from eksaddon.domain.proof import is_healthy
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import HistoryNotRead, NoUpdate, UpdateRecord, UpdateSeen
from eksaddon.domain.update_history import newest
from eksaddon.observe.snapshot import Observation
from eksaddon.ports import AddonApi, Executor


def with_updates(
    observations: Iterable[Observation],
    is_open: Callable[[ClusterRef], bool],
    api: AddonApi,
    executor: Executor,
) -> tuple[Observation, ...]:
    """Add the newest update to observations whose status, issues or last run require it.

    A healthy cluster without an open run needs no call.

    Args:
        is_open: Whether the last run that wrote to a cluster left it failed, unproven or updating.
    """
    found = tuple(observations)
    relevant = [
        each.observed.ref
        for each in found
        if isinstance(each.observed, Managed)
        and (not is_healthy(each.observed) or is_open(each.observed.ref))
    ]
    updates = dict(executor.each(relevant, lambda ref: _newest(ref, api), lane=lambda ref: ref.scope))
    return tuple(_with_update(each, updates.get(each.target.ref, HistoryNotRead())) for each in found)


def _with_update(observation: Observation, update: UpdateSeen) -> Observation:
    match observation.observed:
        case Managed() as addon if not isinstance(update, HistoryNotRead):
            return replace(observation, observed=addon.with_newest(update))
        case _:
            return observation


def last_updates(
    refs: Iterable[ClusterRef], api: AddonApi, executor: Executor
) -> Mapping[ClusterRef, LastUpdate]:
    """Read the last update of each cluster; errors are part of the result."""
    found = executor.each(refs, lambda ref: _newest(ref, api), lane=lambda ref: ref.scope)
    return {ref: _to_last_update(update) for ref, update in found}


def _newest(ref: ClusterRef, api: AddonApi) -> UpdateSeen:
    return newest(api.updates(ref), lambda update_id: api.describe_update(ref, update_id))


def _to_last_update(update: UpdateSeen) -> LastUpdate:
    match update:
        case UpdateRecord():
            sent = tuple(name for name, _ in update.params)
            detail = "; ".join(map(str, update.errors))
            return LastUpdate(update.id, update.created_at, update.status, sent, detail)
        case Trouble():
            return LastUpdate(status="unknown", detail=str(update))
        case NoUpdate() | HistoryNotRead():
            return LastUpdate()
