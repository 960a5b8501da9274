"""Waits of the program that take a tenth of their time, for processes that cannot run on simulated time."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from unittest import mock

from eksaddon.app.runtime import SystemClock

FACTOR = 10


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """The clock of every session passes faster; that of other machines, as of a bucket, does not."""
    begun = time.time()

    def now(_: SystemClock) -> float:
        return begun + (time.time() - begun) * FACTOR

    async def sleep(_: SystemClock, seconds: float) -> None:
        await asyncio.sleep(seconds / FACTOR)

    with mock.patch.object(SystemClock, "now", now), mock.patch.object(SystemClock, "sleep", sleep):
        yield
