"""An event loop whose clock jumps to the next timer, so that waiting takes no real time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

LEAST_STEP = 1e-6
"""Seconds; a smaller step could be lost in float rounding, and the loop would never advance."""


class VirtualClock:
    """A clock in seconds since the epoch that advances only in sleeps.

    Args:
        start: Seconds since the epoch; the default is 2026-01-01T00:00:00Z.
    """

    def __init__(self, start: float = 1_767_225_600.0) -> None:
        self._start = start
        self.elapsed = 0.0

    def now(self) -> float:
        return self._start + self.elapsed

    def advance(self, seconds: float) -> None:
        self.elapsed += seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits for files; advances the clock by the timeout instead."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return list(ready)
        if timeout is None:
            return list(super().select(None))
        self._clock.advance(max(timeout, LEAST_STEP))
        return []


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(_JumpingSelector(clock))
        self._clock = clock

    def time(self) -> float:
        return self._clock.elapsed

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Without two system calls that would wake this thread, which is awake if it calls."""
        is_awake = asyncio._get_running_loop() is self  # noqa: SLF001  # get_running_loop raises in other threads
        add = self.call_soon if is_awake else super().call_soon_threadsafe
        return add(callback, *args, context=context)


def run_virtually(main: Coroutine[Any, Any, T], clock: VirtualClock) -> T:
    """Like asyncio.run, with the given clock.

    Work of other threads takes no virtual time, so use it with an executor that runs calls
    immediately.
    """
    with asyncio.Runner(loop_factory=lambda: _VirtualLoop(clock)) as runner:
        return runner.run(main)
