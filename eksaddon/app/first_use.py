"""Opens an edge at its first use, so that a command that never uses it does not import it."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class FirstUse(Generic[T]):
    """Stands for an object that is expensive to import; thread-safe.

    Args:
        open_: Imports and creates the object; called at most once.
    """

    def __init__(self, open_: Callable[[], T]) -> None:
        self._open = open_
        self._opened: T | None = None
        self._lock = threading.Lock()

    @property
    def opened(self) -> T | None:
        """The object, or None if it was never used."""
        return self._opened

    def as_object(self) -> T:
        """This stand-in with the type of the object: it has the same attributes."""
        return cast("T", self)

    def __getattr__(self, name: str) -> object:
        """Open the object when its first attribute is read."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
        return getattr(self._opened, name)
