"""Real time and threads."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from functools import partial
from queue import SimpleQueue
from typing import Generic, TypeVar

from eksaddon.app.window import Window
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
        import asyncio  # noqa: PLC0415  # 10 ms that commands without a run need not pay

        await asyncio.sleep(seconds)


@dataclass(slots=True)
class _Lane:
    running: int = 0
    waiting: deque[Callable[[], None]] = field(default_factory=deque)


@dataclass(slots=True)
class _Queue(Generic[T]):
    """The calls of a lane that were not started, and the number of those that were."""

    waiting: deque[T] = field(default_factory=deque)
    started: int = 0


class _Lanes(Generic[T]):
    """The calls of `each` by lane, in the order in which they are to start.

    Args:
        share: Maximum number of calls of a lane that are started and not finished, at this time.
        most: Maximum number of lanes that are begun and not finished.
    """

    def __init__(
        self,
        items: Iterable[T],
        lane: Callable[[T], Hashable],
        *,
        share: Callable[[Hashable], int],
        most: int,
    ) -> None:
        queues: dict[Hashable, _Queue[T]] = {}
        for item in items:
            queues.setdefault(lane(item), _Queue()).waiting.append(item)
        self._later = deque(sorted(queues.items(), key=lambda pair: -len(pair[1].waiting)))
        self._open: dict[Hashable, _Queue[T]] = {}
        self._ready: dict[Hashable, _Queue[T]] = {}
        self._share = share
        self._most = most

    @property
    def count(self) -> int:
        """Number of lanes that are not finished; at least 1."""
        return max(1, len(self._open) + len(self._later))

    def next(self) -> tuple[Hashable, T] | None:
        """The call to start: of the longest open lane below its share, or of a new lane; None without one."""
        if not self._ready and self._later and len(self._open) < self._most:
            name, queue = self._later.popleft()
            self._open[name] = self._ready[name] = queue
        if not self._ready:
            return None
        name, queue = max(self._ready.items(), key=lambda pair: len(pair[1].waiting))
        item = queue.waiting.popleft()
        queue.started += 1
        self._sort(name, queue)
        return name, item

    def finish(self, name: Hashable, further: Iterable[T]) -> None:
        """A call of a lane has ended, and leads to further ones of the same lane."""
        queue = self._open[name]
        queue.started -= 1
        queue.waiting.extend(further)
        self._sort(name, queue)
        if not queue.started and not queue.waiting:
            del self._open[name]

    def _sort(self, name: Hashable, queue: _Queue[T]) -> None:
        if queue.waiting and queue.started < self._share(name):
            self._ready[name] = queue
        else:
            self._ready.pop(name, None)


class ThreadExecutor:
    """A thread pool with a limit for each lane.

    A lane is an account and region, the unit that AWS throttles. It begins with `per_lane` calls at a time;
    while `each` has few lanes, the limit grows to its share of the threads. Calls of a full lane wait outside
    the pool, so that they do not occupy threads.

    Args:
        most_per_lane: A limit does not grow above it; at least `per_lane`.
    """

    def __init__(self, threads: int, per_lane: int, most_per_lane: int = 0) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="eksdns")
        self._threads = threads
        self._per_lane = per_lane
        self._most_per_lane = max(per_lane, most_per_lane)
        self._ahead = AHEAD * threads
        self._most_lanes = threads + threads // 4
        self._lock = threading.Lock()
        self._lanes: dict[Hashable, _Lane] = {}
        self._windows: dict[Hashable, Window] = {}
        self._most = per_lane

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
            if queue.running >= self._window(lane).limit:
                queue.waiting.append(run)
                return future
            queue.running += 1
        self._pool.submit(run)
        return future

    def throttled(self, lane: Hashable) -> None:
        """AWS throttled a call of a lane, which was or will be repeated; halves the lane's limit."""
        with self._lock:
            self._window(lane).throttled()

    def limit_of(self, lane: Hashable) -> int:
        """Maximum number of calls of a lane at this time."""
        return self._window(lane).limit

    def _window(self, lane: Hashable) -> Window:
        return self._windows.setdefault(lane, Window(self._per_lane))

    def _finished(self, lane: Hashable) -> None:
        following: list[Callable[[], None]] = []
        with self._lock:
            queue, window = self._lanes[lane], self._window(lane)
            window.answered(self._most)
            queue.running -= 1
            while queue.waiting and queue.running < window.limit:
                queue.running += 1
                following.append(queue.waiting.popleft())
            if not queue.running and not queue.waiting:
                del self._lanes[lane]
        for run in following:
            self._pool.submit(run)

    def each(
        self,
        items: Iterable[T],
        work: Callable[[T], R],
        *,
        lane: Callable[[T], Hashable],
        further: Callable[[T, R], Iterable[T]] = lambda _item, _result: (),
    ) -> Iterator[tuple[T, R]]:
        """Start lane after lane, and no more calls than keep the pool busy.

        The longest lane comes first, because the last one runs alone. Lanes end one after the other, so that
        their credentials can be released, and memory holds no call that has not started.
        """
        lanes = _Lanes(items, lane, share=lambda name: AHEAD * self.limit_of(name), most=self._most_lanes)
        running: dict[Future[R], tuple[Hashable, T]] = {}
        done: SimpleQueue[Future[R]] = SimpleQueue()

        def start(name: Hashable, item: T) -> None:
            future = self.submit(name, partial(work, item))
            running[future] = name, item
            future.add_done_callback(done.put)

        try:
            while True:
                self._most = min(self._most_per_lane, max(self._per_lane, self._threads // lanes.count))
                while len(running) < self._ahead and (begun := lanes.next()):
                    start(*begun)
                if not running:
                    return
                future = done.get()
                name, item = running.pop(future)
                result = future.result()
                lanes.finish(name, further(item, result))
                yield item, result
        finally:
            self._most = self._per_lane
            for future in running:
                future.cancel()

    def close(self) -> None:
        """Close the pool; calls that have not started are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
