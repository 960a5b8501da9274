"""Finds the newest updates of an add-on with as few DescribeUpdate calls as possible."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from eksaddon.domain.cause import Trouble
from eksaddon.domain.update import NoUpdate, UpdateRecord, UpdateSeen

ENDS = 5
"""Number of ids to describe at each end of a list; for a list ordered by time, 10 calls are enough."""

Describe = Callable[[str], UpdateRecord | Trouble]


def newest_first(ids: Sequence[str], describe: Describe) -> tuple[UpdateRecord, ...] | Trouble:
    """Return the newest updates, newest first.

    ListUpdates documents no order. If both ends of a long list are ordered by time, the middle is older
    than one of them and is not described; otherwise every update is described.

    Returns:
        At least the newest `ENDS`, or the first Trouble: a partial history could miss the newest update.
    """
    outer = tuple(dict.fromkeys((*ids[:ENDS], *ids[-ENDS:])))
    records = _describe_all(outer, describe)
    if isinstance(records, Trouble):
        return records
    if len(outer) < len(ids) and not _is_ordered([each.created_at for each in records]):
        rest = _describe_all([each for each in ids if each not in set(outer)], describe)
        if isinstance(rest, Trouble):
            return rest
        records = (*records, *rest)
    return tuple(sorted(records, key=lambda record: record.created_at, reverse=True))


def newest(ids: Sequence[str] | Trouble, describe: Describe) -> UpdateSeen:
    """The newest update among the ids that ListUpdates returned."""
    if isinstance(ids, Trouble):
        return ids
    records = newest_first(ids, describe)
    if isinstance(records, Trouble):
        return records
    return records[0] if records else NoUpdate()


def _describe_all(ids: Sequence[str], describe: Describe) -> tuple[UpdateRecord, ...] | Trouble:
    records: list[UpdateRecord] = []
    for each in ids:
        found = describe(each)
        if isinstance(found, Trouble):
            return found
        records.append(found)
    return tuple(records)


def _is_ordered(times: Sequence[float]) -> bool:
    pairs = tuple(pairwise(times))
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)
