"""Asks once for what many threads want at the same time."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from eksaddon.domain.cause import Cause, Trouble

T = TypeVar("T")

_LASTING = frozenset(
    {Cause.DENIED, Cause.DENIED_BY_SCP, Cause.INVALID, Cause.NOT_FOUND, Cause.REGION_NOT_ENABLED}
)


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    asker: Hashable
    value: T | Trouble


class Once(Generic[T]):
    """Answers by key, shared by all who ask; a refusal only by those who ask from the same place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[Hashable, Future[_Answer[T]]] = {}
        self._refusals: dict[tuple[Hashable, Hashable], Trouble] = {}

    def get(self, key: Hashable, asker: Hashable, ask: Callable[[], T | Trouble]) -> T | Trouble:
        """The answer for a key.

        Args:
            asker: Where the question comes from; another place may get an answer where this one gets none.
            ask: Called by one thread at a time for each key, until there is an answer.
        """
        while True:
            with self._lock:
                refusal = self._refusals.get((key, asker))
                if refusal is not None:
                    return refusal
                mine: Future[_Answer[T]] = Future()
                pending = self._answers.setdefault(key, mine)
            if pending is mine:
                return self._ask(key, asker, ask, mine)
            answer = pending.result()
            if not isinstance(answer.value, Trouble) or answer.asker == asker:
                return answer.value

    def _ask(
        self, key: Hashable, asker: Hashable, ask: Callable[[], T | Trouble], mine: "Future[_Answer[T]]"
    ) -> T | Trouble:
        try:
            value = ask()
        except BaseException as error:
            self._withdraw(key)
            mine.set_exception(error)
            raise
        if isinstance(value, Trouble):
            self._withdraw(key)
            if value.cause in _LASTING:
                with self._lock:
                    self._refusals[key, asker] = value
        mine.set_result(_Answer(asker, value))
        return value

    def _withdraw(self, key: Hashable) -> None:
        with self._lock:
            del self._answers[key]
