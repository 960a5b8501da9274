"""An immutable mapping with fixed keys, for runs with thousands of targets."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_CHUNK = 64
"""Number of values copied when one changes; about the square root of the largest fleets."""


class PersistentMap(Mapping[K, V]):
    """An immutable mapping; a copy with one value replaced shares most of its memory with the original.

    Equal to every mapping with the same items; keeps the order of the source mapping.
    """

    __slots__ = ("_chunks", "_places")

    def __init__(self, items: Mapping[K, V]) -> None:
        values = tuple(items.values())
        self._places: Mapping[K, int] = {key: place for place, key in enumerate(items)}
        self._chunks = tuple(values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))

    def __getitem__(self, key: K) -> V:
        number, place = divmod(self._places[key], _CHUNK)
        return self._chunks[number][place]

    def __iter__(self) -> Iterator[K]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def place(self, key: K) -> int:
        """Index of a key.

        Raises:
            KeyError: Unknown key.
        """
        return self._places[key]

    def changed(self, key: K, value: V) -> "PersistentMap[K, V]":
        """Return a copy with one value replaced.

        Raises:
            KeyError: Unknown key.
        """
        number, place = divmod(self._places[key], _CHUNK)
        chunk = self._chunks[number]
        chunk = (*chunk[:place], value, *chunk[place + 1 :])
        copy: PersistentMap[K, V] = PersistentMap.__new__(PersistentMap)
        copy._places = self._places
        copy._chunks = (*self._chunks[:number], chunk, *self._chunks[number + 1 :])
        return copy
