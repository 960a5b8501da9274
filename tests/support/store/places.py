"""Places of every store, and times of their clocks."""

from pathlib import Path

from eksaddon.domain.json import JsonObject
from eksaddon.ports import Holder
from eksaddon.store.local import LocalStore

NAME = "acme-eksdns"

RECORDS: list[JsonObject] = [
    {"type": "A", "n": 1},
    {"type": "B", "text": "ä\n\u2028"},
    {"type": "C", "deep": {"x": [None, True]}},
]

KEYS = frozenset({"1/eu/a", "1/eu/b"})


def holder(run: str = "r1", who: str = "me", until: float = 100.0) -> Holder:
    return Holder(run, who, until)


def _private_store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "state")
    store.create("r1").append([{"n": 1}])
    store.lock()
    return store
