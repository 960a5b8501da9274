"""Real time and threads."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from eksaddon.frozen import dataclass

AHEAD = 2
"""Calls that are started for each one that can run, so that no thread waits for the next."""

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
        self._ahead = AHEAD * threads
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
        """Start lane after lane, and no more calls than keep the pool busy.

        The longest lane comes first, because the last one runs alone. Lanes end one after the other, so that
        their credentials can be released, and memory holds no call that has not started.
        """
        waiting: dict[Hashable, deque[T]] = {}
        for item in items:
            waiting.setdefault(lane(item), deque()).append(item)
        lanes = deque(sorted(waiting, key=lambda name: -len(waiting[name])))
        running: dict[Future[R], tuple[Hashable, T]] = {}
        done: SimpleQueue[Future[R]] = SimpleQueue()

        def start(name: Hashable) -> None:
            item = waiting[name].popleft()
            future = self.submit(name, partial(work, item))
            running[future] = name, item
            future.add_done_callback(done.put)

        try:
            while lanes or running:
                while lanes and len(running) < self._ahead:
                    name = lanes.popleft()
                    for _ in range(min(len(waiting[name]), AHEAD * self._per_lane)):
                        start(name)
                future = done.get()
                name, item = running.pop(future)
                if waiting[name]:
                    start(name)
                yield item, future.result()
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        """Close the pool; calls that have not started are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
