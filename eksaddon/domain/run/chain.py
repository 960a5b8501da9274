"""Records of a journal, each of which carries the hash of the one before; pure.

Whoever can write to the store can rewrite a whole journal and its hashes, but not the head that somebody has
written down when the run paused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject, digest

PREVIOUS = "previous"
"""The key under which a record carries the hash of the one before; empty in the first."""

_HEAD = re.compile(r"[0-9a-f]{12,64}")
_RESTORE = "restore the journal from a backup; eksdns does not guess what happened in a run"


@dataclass(frozen=True, slots=True)
class Chain:
    """A journal whose records follow one another.

    Attributes:
        records: Without what links them.
        hashes: SHA-256 of each record, with its link, in hex.
    """

    records: tuple[JsonObject, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """What identifies the journal as it is; empty where nothing is recorded."""
        return self.hashes[-1] if self.hashes else ""


def linked(records: Iterable[JsonObject], head: str) -> tuple[tuple[JsonObject, ...], str]:
    """The records as they follow a journal with this head, and the head with them."""
    documents = []
    for record in records:
        document = {**record, PREVIOUS: head}
        documents.append(document)
        head = digest(document)
    return tuple(documents), head


def followed(documents: Sequence[JsonObject], where: str) -> Chain:
    """Take the links off the records of a journal.

    Raises:
        EksdnsError: A record does not follow the one before, or is nested too deeply to be one.
    """
    records, hashes, head = [], [], ""
    for number, document in enumerate(documents, start=1):
        previous = document.get(PREVIOUS)
        if not isinstance(previous, str):
            raise EksdnsError(
                f"{where}: record {number} carries no hash of the record before it",
                hint="finish the run with the version of eksdns that began it, or plan again",
            )
        if previous != head:
            raise EksdnsError(f"{where}: record {number} does not follow record {number - 1}", hint=_RESTORE)
        try:
            head = digest(document)
        except RecursionError:
            raise EksdnsError(f"{where}: record {number} is nested too deeply", hint=_RESTORE) from None
        hashes.append(head)
        records.append({key: value for key, value in document.items() if key != PREVIOUS})
    return Chain(tuple(records), tuple(hashes))


def require_head(chain: Chain, wanted: str, where: str) -> None:
    """Refuse a journal that does not go on from the head that was printed.

    Args:
        wanted: A head in full or its first 12 digits or more. Records that were added since are fine.

    Raises:
        EksdnsError: It cannot be a head, or no record has this hash.
    """
    head = wanted.strip().lower()
    if not _HEAD.fullmatch(head):
        raise EksdnsError(
            f"invalid journal head {wanted!r}",
            hint="give what was printed when the run paused, at least its first 12 hexadecimal digits",
            exit_code=ExitCode.USAGE,
        )
    if not any(each.startswith(head) for each in chain.hashes):
        raise EksdnsError(
            f"{where}: no record has the hash {head}: the journal was changed or cut since that was printed",
            hint=_RESTORE,
            exit_code=ExitCode.REFUSED,
        )
