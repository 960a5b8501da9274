"""A clock for tests with real sockets: its seconds pass where somebody sleeps, on a busy machine too."""

import asyncio

TURNS = 20
"""Turns of the event loop that a sleep takes, so that a loopback server can answer meanwhile."""

LOOK = 1e-6
"""Seconds that pass at each look, so that what is measured takes some time."""


class SteppingClock:
    """Starts at 1970-01-01T00:00:00Z."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        self._now += LOOK
        return self._now

    async def sleep(self, seconds: float) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self._now += seconds
