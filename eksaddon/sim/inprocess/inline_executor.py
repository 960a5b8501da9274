"""An executor without threads."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class InlineExecutor:
    """Runs every call immediately in the caller's thread, so that virtual time does not pass."""

    def submit(self, lane: Hashable, work: Callable[[], R]) -> Future[R]:  # noqa: ARG002  # the port's signature
        future: Future[R] = Future()
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001  # passed to the caller of result()
            future.set_exception(error)
        return future

    def each(
        self,
        items: Iterable[T],
        work: Callable[[T], R],
        *,
        lane: Callable[[T], Hashable],
        further: Callable[[T, R], Iterable[T]] = lambda _item, _result: (),
    ) -> Iterator[tuple[T, R]]:
        waiting = deque(items)
        while waiting:
            item = waiting.popleft()
            result = self.submit(lane(item), partial(work, item)).result()
            waiting.extendleft(reversed(tuple(further(item, result))))
            yield item, result
