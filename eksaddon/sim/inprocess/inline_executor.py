"""An executor without threads."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future
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
        self, items: Iterable[T], work: Callable[[T], R], *, lane: Callable[[T], Hashable]
    ) -> Iterator[tuple[T, R]]:
        for item in items:
            yield item, self.submit(lane(item), lambda item=item: work(item)).result()  # type: ignore[misc]  # mypy cannot type a lambda's default
