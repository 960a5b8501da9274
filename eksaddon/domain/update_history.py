"""The updates of an add-on, newest first, with as few DescribeUpdate calls as the order allows."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from eksaddon.domain.cause import Trouble
from eksaddon.domain.update import NoUpdate, UpdateRecord, UpdateSeen

ENDS = 5
"""How many ids are described at each end of a list; 10 calls tell the newest of a list in order of time."""

Describe = Callable[[str], UpdateRecord | Trouble]


def newest_first(ids: Sequence[str], describe: Describe) -> tuple[UpdateRecord, ...] | Trouble:
    """The newest updates.

    ListUpdates documents no order. Where both ends of a long list show an order of time, the middle is older
    than one of them and is not described; where they do not, every update is.

    Returns:
        At least the newest `ENDS`, or the first Trouble: half a history could miss the newest one.
    """
    outer = tuple(dict.fromkeys((*ids[:ENDS], *ids[-ENDS:])))
    records = _described(outer, describe)
    if isinstance(records, Trouble):
        return records
    if len(outer) < len(ids) and not _is_ordered([each.created_at for each in records]):
        rest = _described([each for each in ids if each not in set(outer)], describe)
        if isinstance(rest, Trouble):
            return rest
        records = (*records, *rest)
    return tuple(sorted(records, key=lambda record: record.created_at, reverse=True))


def newest(ids: Sequence[str] | Trouble, describe: Describe) -> UpdateSeen:
    """The newest update of a list that ListUpdates gave."""
    if isinstance(ids, Trouble):
        return ids
    records = newest_first(ids, describe)
    if isinstance(records, Trouble):
        return records
    return records[0] if records else NoUpdate()


def _described(ids: Sequence[str], describe: Describe) -> tuple[UpdateRecord, ...] | Trouble:
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
