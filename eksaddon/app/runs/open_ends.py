"""Clusters that the last run on record left failed, unproven or under way.

Such a cluster may look healthy while EKS refused its document; so plan and drift look at its update history.
"""

from collections.abc import Iterable, Iterator

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import RunStore

MOST_RUNS = 20
"""Journals that are read at most; the newest run of a fleet as a rule covers all of it."""

_NOT_PROVEN = frozenset({"Failed", "Unproven"})


def open_ends(store: RunStore, refs: Iterable[ClusterRef]) -> frozenset[ClusterRef]:
    """Those of the clusters whose newest write on record did not end well, or has no end on record.

    Raises:
        EksdnsError: The store cannot be read. A single journal that cannot be read is passed over: `history`
            names it.
    """
    left, found = set(refs), set()
    for run_id in list(reversed(store.runs()))[:MOST_RUNS]:
        if not left:
            break
        try:
            documents = store.open(run_id).read()
        except EksdnsError:
            continue
        ends = _ends(documents)
        found |= {ref for ref in left if ends.get(ref)}
        left -= ends.keys()
    return frozenset(found)


def _ends(documents: Iterable[JsonObject]) -> dict[ClusterRef, bool]:
    """For each cluster that a run wrote to, whether its last write is open."""
    ends: dict[ClusterRef, bool] = {}
    for kind, ref, outcome in _of_targets(documents):
        if kind == "Writing":
            ends[ref] = True
        elif ref in ends:
            ends[ref] = outcome in _NOT_PROVEN
    return ends


def _of_targets(documents: Iterable[JsonObject]) -> Iterator[tuple[str, ClusterRef, str]]:
    """Without decoding whole records: journals of thousands of targets are read on every plan."""
    for document in documents:
        kind, ref = document.get("type"), document.get("ref")
        if kind in {"Writing", "Ended"} and isinstance(ref, dict):
            place = tuple(_text(ref, name) for name in ("account", "region", "name"))
            outcome = document.get("outcome")
            word = _text(outcome, "type") if isinstance(outcome, dict) else ""
            yield str(kind), ClusterRef(*place), word


def _text(document: dict[str, Json], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""
