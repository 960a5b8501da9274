"""Deduplicates concurrent requests for the same value."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.frozen import dataclass

T = TypeVar("T")

_PERMANENT = frozenset(
    {Cause.DENIED, Cause.DENIED_BY_SCP, Cause.INVALID, Cause.NOT_FOUND, Cause.REGION_NOT_ENABLED}
)


@dataclass(frozen=True, slots=True)
class _Result(Generic[T]):
    origin: Hashable
    value: T | Trouble


class Once(Generic[T]):
    """Caches values by key for all callers; failures are shared only with callers from the same place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: dict[Hashable, Future[_Result[T]]] = {}
        self._failures: dict[tuple[Hashable, Hashable], Trouble] = {}

    def get(self, key: Hashable, origin: Hashable, fetch: Callable[[], T | Trouble]) -> T | Trouble:
        """Return the value of a key.

        Args:
            origin: Origin of the call, such as a scope; a call from another origin may succeed.
            fetch: Reads the value; called by one thread at a time for each key until it succeeds.
        """
        while True:
            with self._lock:
                failure = self._failures.get((key, origin))
                if failure is not None:
                    return failure
                own: Future[_Result[T]] = Future()
                pending = self._results.setdefault(key, own)
            if pending is own:
                return self._fetch(key, origin, fetch, own)
            result = pending.result()
            if not isinstance(result.value, Trouble) or result.origin == origin:
                return result.value

    def _fetch(
        self, key: Hashable, origin: Hashable, fetch: Callable[[], T | Trouble], own: "Future[_Result[T]]"
    ) -> T | Trouble:
        try:
            value = fetch()
        except BaseException as error:
            self._remove(key)
            own.set_exception(error)
            raise
        if isinstance(value, Trouble):
            self._remove(key)
            if value.cause in _PERMANENT:
                with self._lock:
                    self._failures[key, origin] = value
        own.set_result(_Result(origin, value))
        return value

    def _remove(self, key: Hashable) -> None:
        with self._lock:
            del self._results[key]
