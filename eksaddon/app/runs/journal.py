"""The journal of a run as a hash chain, in any store."""

from collections.abc import Sequence
from dataclasses import field

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.run.chain import Chain, followed, linked, require_head
from eksaddon.frozen import dataclass
from eksaddon.ports import Journal, RunStore


class NotStartedError(EksdnsError):
    """The journal has no record: its process ended before the first one, or is about to write it.

    A cut-off first record is none: it was never acknowledged, and every write to a cluster follows it.
    """

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"run {run_id} has not started: its journal has no record, and nothing was changed",
            hint="there is nothing to resume; run the command that started it again",
            exit_code=ExitCode.REFUSED,
        )


@dataclass(slots=True)
class ChainedJournal:
    """Implements the port `Journal`; each record contains the hash of the previous one.

    Attributes:
        head: Hash of the last record read or appended.
    """

    run_id: str
    journal: Journal
    head: str = field(default="")
    _is_read: bool = field(default=False)

    def append(self, records: Sequence[JsonObject]) -> None:
        if not self._is_read:
            self.chain()
        documents, head = linked(records, self.head)
        self.journal.append(documents)
        self.head = head

    def read(self) -> tuple[JsonObject, ...]:
        return self.chain().records

    def close(self) -> None:
        self.journal.close()

    def chain(self, head: str = "") -> Chain:
        """Read the records with their hashes.

        Args:
            head: A hash that must be in the chain; empty for none.

        Raises:
            EksdnsError: The chain is broken, or no record has that hash.
        """
        found = followed(self.journal.read(), f"run {self.run_id}")
        if head:
            require_head(found, head, f"run {self.run_id}")
        self.head, self._is_read = found.head, True
        return found

    def started(self, head: str = "") -> Chain:
        """Read the records of a run that has some.

        Raises:
            EksdnsError: See `chain`.
            NotStartedError: There is no record.
        """
        found = self.chain(head)
        if not found.records:
            raise NotStartedError(self.run_id)
        return found


def open_journal(store: RunStore, run_id: str) -> ChainedJournal:
    """Open a journal; raises EksdnsError if the run does not exist."""
    return ChainedJournal(run_id, store.open(run_id))


def create_journal(store: RunStore, run_id: str) -> ChainedJournal:
    """Create a journal; raises EksdnsError if the run exists."""
    return ChainedJournal(run_id, store.create(run_id))
