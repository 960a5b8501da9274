"""Sends queries at a constant rate, independent of answers."""

import asyncio
import math
from collections.abc import Awaitable, Callable

from eksaddon.frozen import dataclass
from eksaddon.ports import Clock
from eksaddon.probe.samples import NoReply, Reply, Sample

Ask = Callable[[], Awaitable[Reply | NoReply]]
"""Sends one query with its own timeout; does not raise."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Queries per second, at least 1."""

    per_second: int = 10

    def __post_init__(self) -> None:
        if self.per_second < 1:
            raise ValueError(f"{self.per_second} queries per second; must be 1 or more")


def lasting(seconds: float, clock: Clock) -> Callable[[], bool]:
    """Return a function that is True after the given seconds."""
    end = clock.now() + seconds
    return lambda: clock.now() >= end


def _ignore(_: Sample) -> None:
    """Default callback."""


async def probe(
    ask: Ask,
    pace: Pace,
    clock: Clock,
    over: Callable[[], bool],
    *,
    seen: Callable[[Sample], None] = _ignore,
) -> tuple[Sample, ...]:
    """Send queries until `over`, then wait for the last replies.

    A slow reply does not delay other queries. If this process is late, queries are skipped instead of sent
    in a
    burst: a gap of this process says nothing about the server.

    Args:
        over: Called before every query.
        seen: Called with each completed sample, in any order.

    Returns:
        The samples in the order in which they were sent.
    """
    samples: list[Sample] = []

    async def one() -> None:
        sent = clock.now()
        result = await ask()
        sample = Sample(sent, clock.now() - sent, result)
        samples.append(sample)
        seen(sample)

    began, turn = clock.now(), 0
    async with asyncio.TaskGroup() as group:
        while not over():
            group.create_task(one())
            turn = max(turn, math.floor((clock.now() - began) * pace.per_second)) + 1
            await clock.sleep(max(0.0, began + turn / pace.per_second - clock.now()))
    return tuple(sorted(samples, key=lambda sample: sample.sent))
