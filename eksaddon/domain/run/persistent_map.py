"""A mapping whose keys never change, for stories of thousands of targets."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_CHUNK = 64
"""Values that are copied when one of them changes; about the square root of the largest fleets."""


class PersistentMap(Mapping[K, V]):
    """Immutable; a copy with one value replaced shares almost everything with the original.

    Equal to every mapping with the same items; its order is that of the mapping it was made from.
    """

    __slots__ = ("_chunks", "_places")

    def __init__(self, items: Mapping[K, V]) -> None:
        values = tuple(items.values())
        self._places: Mapping[K, int] = {key: place for place, key in enumerate(items)}
        self._chunks = tuple(values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))

    def __getitem__(self, key: K) -> V:
        number, place = divmod(self._places[key], _CHUNK)
        return self._chunks[number][place]

    def __iter__(self) -> Iterator[K]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def place(self, key: K) -> int:
        """Where a key stands in the order.

        Raises:
            KeyError: It is none of the keys.
        """
        return self._places[key]

    def changed(self, key: K, value: V) -> "PersistentMap[K, V]":
        """A copy in which one value is another.

        Raises:
            KeyError: The key is none of the keys.
        """
        number, place = divmod(self._places[key], _CHUNK)
        chunk = self._chunks[number]
        chunk = (*chunk[:place], value, *chunk[place + 1 :])
        copy: PersistentMap[K, V] = PersistentMap.__new__(PersistentMap)
        copy._places = self._places
        copy._chunks = (*self._chunks[:number], chunk, *self._chunks[number + 1 :])
        return copy
