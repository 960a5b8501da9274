"""Terminates a process like the kubelet terminates a container: preStop, SIGTERM, SIGKILL."""

import asyncio
import contextlib
from typing import Protocol

from eksaddon.frozen import dataclass
from eksaddon.ports import Clock

LEAST_AFTER_SIGTERM = 2.0
"""Seconds (source: kubelet, killContainer, minimumGracePeriodInSeconds)."""


class Container(Protocol):
    """The interface of a process that is needed here; implemented by asyncio's subprocess."""

    def terminate(self) -> None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """The termination of a container; times in seconds since the epoch.

    Attributes:
        killed: The process was ended by SIGKILL.
    """

    deleted: float
    exited: float
    killed: bool


async def delete(
    container: Container, pre_stop: float, grace: float, clock: Clock, *, scale: int = 1
) -> Ending:
    """Delete the pod of a container and wait for its end, also if it has ended before.

    Args:
        pre_stop: Seconds of the native sleep action; skipped if the grace is 0.
        grace: terminationGracePeriodSeconds.
        scale: Speed-up factor; `pre_stop` and `grace` are divided by it.
    """
    deleted = clock.now()
    if grace > 0:
        await clock.sleep(min(pre_stop, grace) / scale)
        with contextlib.suppress(ProcessLookupError):
            container.terminate()
        left = deleted + grace / scale - clock.now()
        try:
            async with asyncio.timeout(max(left, LEAST_AFTER_SIGTERM / scale)):
                await container.wait()
        except TimeoutError:
            pass
        else:
            return Ending(deleted, clock.now(), killed=False)
    with contextlib.suppress(ProcessLookupError):
        container.kill()
    await container.wait()
    return Ending(deleted, clock.now(), killed=True)
