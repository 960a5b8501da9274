"""A store in memory, for the demo and for tests."""

from collections.abc import Callable, Sequence
from dataclasses import field

from eksaddon.domain.json import JsonObject, canonical
from eksaddon.frozen import dataclass
from eksaddon.ports import Held, HeldByOther, Holder
from eksaddon.store.holdings import Holdings, acquired, held_for, released, renewed, unlocked
from eksaddon.store.names import checked, no_such_run, run_exists

_WHERE = "this process"


@dataclass(slots=True)
class MemoryJournal:
    """A journal in memory.

    Attributes:
        before: Called with the current number of records before each append; may raise.
    """

    records: list[JsonObject] = field(default_factory=list)
    before: Callable[[int], None] = lambda _: None

    def append(self, records: Sequence[JsonObject]) -> None:
        for record in records:
            canonical(record)
        self.before(len(self.records))
        self.records.extend(records)

    def read(self) -> tuple[JsonObject, ...]:
        return tuple(self.records)

    def close(self) -> None:
        """No-op."""


@dataclass(slots=True)
class MemoryLock:
    """A lock in memory, with the same rules as the other locks."""

    held: Holdings = ()

    def acquire(self, keys: frozenset[str], holder: Holder, now: float) -> Held | HeldByOther:
        result = acquired(self.held, keys, holder, now)
        if isinstance(result, HeldByOther):
            return result
        self.held = result
        return Held(holder.until)

    def renew(self, holder: Holder, now: float) -> bool:
        result = renewed(self.held, holder, now)
        if result is not None:
            self.held = result
        return result is not None

    def release(self, holder: Holder) -> None:
        self.held = released(self.held, holder)

    def held_for(self, run_id: str, now: float) -> tuple[Holder, ...]:
        return held_for(self.held, run_id, now)

    def unlock(self, run_id: str) -> None:
        self.held = unlocked(self.held, run_id)


@dataclass(slots=True)
class MemoryStore:
    journals: dict[str, MemoryJournal] = field(default_factory=dict)
    one_lock: MemoryLock = field(default_factory=MemoryLock)

    def create(self, run_id: str) -> MemoryJournal:
        if checked(run_id) in self.journals:
            raise run_exists(run_id, _WHERE)
        self.journals[run_id] = MemoryJournal()
        return self.journals[run_id]

    def open(self, run_id: str) -> MemoryJournal:
        if checked(run_id) not in self.journals:
            raise no_such_run(run_id, _WHERE, self.runs())
        return self.journals[run_id]

    def runs(self) -> tuple[str, ...]:
        return tuple(sorted(self.journals))

    def lock(self) -> MemoryLock:
        return self.one_lock
