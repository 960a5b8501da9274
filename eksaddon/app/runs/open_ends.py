"""Finds clusters that the last recorded run left failed, unproven or updating.

Such a cluster can look healthy although EKS rejected its document, so plan and drift read its update history.
"""

from collections.abc import Iterable, Iterator

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.ports import RunStore

MOST_RUNS, MOST_RECORDS = 100, 100_000
"""Maximum number of journals, and of their records, to read: the newest run of a fleet usually covers all of
it, but a pipeline can have a run for each cluster.
"""

_FAILED, _UNPROVEN = "Failed", "Unproven"
_PROVEN = frozenset({"Changed", "InSync", "RolledBack"})
_NOTHING_WRITTEN = "Stale"
"""The outcome of an announced write that EKS does not have, for a target that others changed."""

_NEW_ATTEMPTS = frozenset({"Retried", "RollbackAsked"})
_NO_TARGET = ClusterRef("", "", "")


@dataclass(frozen=True, slots=True)
class OpenEnds:
    """Clusters by the result of their newest recorded write.

    Attributes:
        undecided: Unproven, or without recorded result: the write may have succeeded. Also clusters that a
            damaged journal may be about.
        damaged: Errors of the journals that could not be read.
    """

    failed: frozenset[ClusterRef] = frozenset()
    undecided: frozenset[ClusterRef] = frozenset()
    damaged: tuple[str, ...] = ()

    @property
    def all(self) -> frozenset[ClusterRef]:
        return self.failed | self.undecided


def open_ends(store: RunStore, refs: Iterable[ClusterRef]) -> OpenEnds:
    """Clusters whose newest recorded write failed or has no recorded result.

    Raises:
        EksdnsError: The store cannot be read.
    """
    left, words, count = set(refs), dict[ClusterRef, str](), 0
    hidden, damaged = set[ClusterRef](), list[str]()
    for run_id in list(reversed(store.runs()))[:MOST_RUNS]:
        if not left or count >= MOST_RECORDS:
            break
        try:
            documents = tuple(store.open(run_id).read())
        except EksdnsError as error:
            hidden |= left
            damaged.append(str(error))
            continue
        count += len(documents)
        ends = _ends(documents)
        words |= {ref: ends[ref] for ref in left & ends.keys()}
        left -= ends.keys()
    failed = frozenset(ref for ref, word in words.items() if word == _FAILED)
    undecided = frozenset(ref for ref, word in words.items() if word == _UNPROVEN)
    return OpenEnds(failed, undecided | (hidden - failed), tuple(damaged))


def _ends(documents: Iterable[JsonObject]) -> dict[ClusterRef, str]:
    """The outcome of the last write to each cluster; unproven if none is recorded.

    An attempt without a write keeps the state of the previous one, unless it proved it; so does an announced
    write that was not made.
    """
    ends: dict[ClusterRef, str] = {}
    announced: dict[ClusterRef, str] = {}  # writes without an end, with the state before them
    left_open: set[ClusterRef] = set()
    for kind, ref, outcome in _of_targets(documents):
        if kind in _NEW_ATTEMPTS:
            announced.clear()
            left_open |= {each for each, word in ends.items() if word == _UNPROVEN}
        elif kind == "Writing":
            announced.setdefault(ref, ends.get(ref, ""))
            ends[ref] = _UNPROVEN
            left_open.discard(ref)
        elif ref in announced:
            before = announced.pop(ref)
            ends[ref] = before if outcome == _NOTHING_WRITTEN else outcome
        elif ref in ends and (outcome in _PROVEN or (outcome == _FAILED and ref not in left_open)):
            ends[ref] = outcome
    return {ref: word for ref, word in ends.items() if word}


def _of_targets(documents: Iterable[JsonObject]) -> Iterator[tuple[str, ClusterRef, str]]:
    """Scan records without decoding them, because every plan reads journals of thousands of targets."""
    for document in documents:
        kind, ref = document.get("type"), document.get("ref")
        if kind in _NEW_ATTEMPTS:
            yield str(kind), _NO_TARGET, ""
        if kind in {"Writing", "Ended"} and isinstance(ref, dict):
            ref_parts = tuple(_text(ref, name) for name in ("account", "region", "name"))
            outcome = document.get("outcome")
            word = _text(outcome, "type") if isinstance(outcome, dict) else ""
            yield str(kind), ClusterRef(*ref_parts), word


def _text(document: dict[str, Json], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""
