"""Who has been at drifted clusters last: the newest add-on update that EKS remembers."""

from collections.abc import Iterable, Mapping

from eksaddon.domain.cause import Trouble
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import AddonApi, Executor

LOOKED_AT = 5
"""At both ends of the list, which has no documented order: at most 10 calls a cluster beside the list's."""


def last_updates(
    refs: Iterable[ClusterRef], api: AddonApi, executor: Executor
) -> Mapping[ClusterRef, LastUpdate]:
    """One for each cluster, whatever EKS answers."""
    found = executor.each(refs, lambda ref: _newest(ref, api), lane=lambda ref: ref.scope)
    return dict(found)


def _newest(ref: ClusterRef, api: AddonApi) -> LastUpdate:
    ids = api.updates(ref)
    if isinstance(ids, Trouble):
        return LastUpdate(status="unknown", detail=str(ids))
    asked = [api.describe_update(ref, each) for each in dict.fromkeys(ids[:LOOKED_AT] + ids[-LOOKED_AT:])]
    records = [each for each in asked if isinstance(each, UpdateRecord)]
    troubles = [each for each in asked if isinstance(each, Trouble)]
    if troubles:
        return LastUpdate(status="unknown", detail=str(troubles[0]))
    if not records:
        return LastUpdate()
    newest = max(records, key=lambda record: record.created_at)
    sent = tuple(name for name, _ in newest.params)
    detail = "; ".join(f"{error.code}: {error.message}" for error in newest.errors)
    return LastUpdate(newest.id, newest.created_at, newest.status, sent, detail)
