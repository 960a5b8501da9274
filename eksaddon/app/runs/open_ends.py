"""Clusters that the last run on record left failed, unproven or under way.

Such a cluster may look healthy while EKS refused its document; so plan and drift look at its update history.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import RunStore

MOST_RUNS = 20
"""Journals that are read at most; the newest run of a fleet as a rule covers all of it."""

_FAILED, _UNPROVEN = "Failed", "Unproven"
_PROVEN = frozenset({"Changed", "InSync", "RolledBack"})
_NEW_ATTEMPTS = frozenset({"Retried", "RollbackAsked"})
_NOBODY = ClusterRef("", "", "")


@dataclass(frozen=True, slots=True)
class OpenEnds:
    """Clusters by how their newest write on record ended.

    Attributes:
        undecided: It is unproven, or has no end on record: the write may have succeeded.
    """

    failed: frozenset[ClusterRef] = frozenset()
    undecided: frozenset[ClusterRef] = frozenset()

    @property
    def all(self) -> frozenset[ClusterRef]:
        return self.failed | self.undecided


def open_ends(store: RunStore, refs: Iterable[ClusterRef]) -> OpenEnds:
    """Those of the clusters whose newest write on record did not end well, or has no end on record.

    Raises:
        EksdnsError: The store cannot be read. A single journal that cannot be read is passed over: `history`
            names it.
    """
    left, words = set(refs), dict[ClusterRef, str]()
    for run_id in list(reversed(store.runs()))[:MOST_RUNS]:
        if not left:
            break
        try:
            documents = store.open(run_id).read()
        except EksdnsError:
            continue
        ends = _ends(documents)
        words |= {ref: ends[ref] for ref in left & ends.keys()}
        left -= ends.keys()
    return OpenEnds(
        frozenset(ref for ref, word in words.items() if word == _FAILED),
        frozenset(ref for ref, word in words.items() if word == _UNPROVEN),
    )


def _ends(documents: Iterable[JsonObject]) -> dict[ClusterRef, str]:
    """For each cluster that a run wrote to, the outcome of its last write; unproven where it has none.

    An attempt that wrote nothing leaves open what the one before left open, unless it proved it.
    """
    ends: dict[ClusterRef, str] = {}
    left_open: set[ClusterRef] = set()
    for kind, ref, outcome in _of_targets(documents):
        if kind in _NEW_ATTEMPTS:
            left_open |= {each for each, word in ends.items() if word == _UNPROVEN}
        elif kind == "Writing":
            ends[ref] = _UNPROVEN
            left_open.discard(ref)
        elif ref in ends and (outcome in _PROVEN or ref not in left_open):
            ends[ref] = outcome
    return ends


def _of_targets(documents: Iterable[JsonObject]) -> Iterator[tuple[str, ClusterRef, str]]:
    """Without decoding whole records: journals of thousands of targets are read on every plan."""
    for document in documents:
        kind, ref = document.get("type"), document.get("ref")
        if kind in _NEW_ATTEMPTS:
            yield str(kind), _NOBODY, ""
        if kind in {"Writing", "Ended"} and isinstance(ref, dict):
            place = tuple(_text(ref, name) for name in ("account", "region", "name"))
            outcome = document.get("outcome")
            word = _text(outcome, "type") if isinstance(outcome, dict) else ""
            yield str(kind), ClusterRef(*place), word


def _text(document: dict[str, Json], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""
