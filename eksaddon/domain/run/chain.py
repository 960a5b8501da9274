"""Hash chain of journal records: each record contains the hash of the previous one; pure.

Anyone with write access to the store can rewrite a whole journal with its hashes, but not the head that was
printed when the run paused.
"""

from collections.abc import Iterable, Sequence

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject, digest
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

PREVIOUS = "previous"
"""Key of the previous record's hash; its value is empty in the first record."""

_HEAD = regex(r"[0-9a-f]{12,64}")
_RESTORE = "restore the journal from a backup; eksdns does not guess what happened in a run"


@dataclass(frozen=True, slots=True)
class Chain:
    """A journal with a valid chain.

    Attributes:
        records: Without their links.
        hashes: SHA-256 of each record including its link, as hex.
    """

    records: tuple[JsonObject, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Hash of the last record, which identifies the journal's state; empty for an empty journal."""
        return self.hashes[-1] if self.hashes else ""


def linked(records: Iterable[JsonObject], head: str) -> tuple[tuple[JsonObject, ...], str]:
    """Link records to a journal's head; returns the linked records and the new head."""
    documents = []
    for record in records:
        document = {**record, PREVIOUS: head}
        documents.append(document)
        head = digest(document)
    return tuple(documents), head


def followed(documents: Sequence[JsonObject], where: str) -> Chain:
    """Check and remove the links of a journal's records.

    Raises:
        EksdnsError: A record does not follow the previous one, or is nested too deeply.
    """
    records, hashes, head = [], [], ""
    for number, document in enumerate(documents, start=1):
        previous = document.get(PREVIOUS)
        if not isinstance(previous, str):
            raise EksdnsError(
                f"{where}: record {number} has no hash of the previous record",
                hint="finish the run with the version of eksdns that started it, or plan again",
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
    """Reject a journal that does not contain the printed head.

    Args:
        wanted: A head, or at least its first 12 digits. Later records are allowed.

    Raises:
        EksdnsError: Invalid head, or no record has this hash.
    """
    head = wanted.strip().lower()
    if not _HEAD.fullmatch(head):
        raise EksdnsError(
            f"invalid journal head {wanted!r}",
            hint="use the head printed when the run paused, at least its first 12 hexadecimal digits",
            exit_code=ExitCode.USAGE,
        )
    if not any(each.startswith(head) for each in chain.hashes):
        raise EksdnsError(
            f"{where}: no record has the hash {head}: "
            "the journal was changed or truncated since it was printed",
            hint=_RESTORE,
            exit_code=ExitCode.REFUSED,
        )
