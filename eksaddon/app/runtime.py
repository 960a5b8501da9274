"""Real time and threads."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def _elapsed() -> float:
    """Monotonic seconds that include suspend."""
    which = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if which is None else time.clock_gettime(which)


class SystemClock:
    """Wall-clock time at creation plus elapsed time, so that setting the clock does not move deadlines."""

    def __init__(self) -> None:
        self._begun = time.time() - _elapsed()

    def now(self) -> float:
        return self._begun + _elapsed()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class _Lane:
    running: int = 0
    waiting: deque[Callable[[], None]] = field(default_factory=deque)


class ThreadExecutor:
    """A thread pool that runs at most `per_lane` calls of a lane concurrently.

    A lane is an account and region, the unit that AWS throttles. Calls of a full lane wait outside the pool,
    so that they do not occupy threads.
    """

    def __init__(self, threads: int, per_lane: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="eksdns")
        self._per_lane = per_lane
        self._lock = threading.Lock()
        self._lanes: dict[Hashable, _Lane] = {}

    def submit(self, lane: Hashable, work: Callable[[], R]) -> Future[R]:
        future: Future[R] = Future()

        def run() -> None:
            try:
                if future.set_running_or_notify_cancel():
                    future.set_result(work())
            except BaseException as error:  # noqa: BLE001  # passed to the caller of result()
                future.set_exception(error)
            finally:
                self._finished(lane)

        with self._lock:
            queue = self._lanes.setdefault(lane, _Lane())
            if queue.running >= self._per_lane:
                queue.waiting.append(run)
                return future
            queue.running += 1
        self._pool.submit(run)
        return future

    def _finished(self, lane: Hashable) -> None:
        with self._lock:
            queue = self._lanes[lane]
            if not queue.waiting:
                queue.running -= 1
                if not queue.running:
                    del self._lanes[lane]
                return
            following = queue.waiting.popleft()
        self._pool.submit(following)

    def each(
        self, items: Iterable[T], work: Callable[[T], R], *, lane: Callable[[T], Hashable]
    ) -> Iterator[tuple[T, R]]:
        futures = {self.submit(lane(item), lambda item=item: work(item)): item for item in items}  # type: ignore[misc]  # mypy cannot type a lambda's default
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """Close the pool; calls that have not started are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
