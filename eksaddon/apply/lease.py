"""Renews the lease of a run while it is in progress."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import field, replace

from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Executor, Holder, Lock

LANE = "lock"

TIME_TO_LIVE = 120.0
"""Seconds; the longest time for which a killed process blocks others."""

RELEASE = 1.0
"""Maximum seconds for a release on immediate exit."""


@dataclass(slots=True)
class LeaseRenewer:
    """Renews a lease after each third of its time to live.

    Attributes:
        holder: Holder of the acquired lease.
    """

    lock: Lock
    holder: Holder
    clock: Clock
    executor: Executor
    time_to_live: float = TIME_TO_LIVE
    _is_leaving: bool = field(init=False, default=False)
    _is_kept: bool = field(init=False, default=False)

    @property
    def is_held(self) -> bool:
        """Whether the lease has not expired, by its own time, because the process can have been suspended."""
        return self.clock.now() < self.holder.until

    async def keep(self, stop: Callable[[str], None]) -> None:
        """Renew until cancelled, or until the lease is lost."""
        while True:
            await self.clock.sleep(self.time_to_live / 3)
            now = self.clock.now()
            renewed = replace(self.holder, until=now + self.time_to_live)
            if await self._is_ours(renewed, now):
                self.holder = renewed
            elif now >= self.holder.until - self.time_to_live / 3:
                stop("the lock was lost: another run may have taken it over")
                return

    async def _is_ours(self, renewed: Holder, now: float) -> bool:
        try:
            return await asyncio.wrap_future(
                self.executor.submit(LANE, lambda: self.lock.renew(renewed, now))
            )
        except Exception:  # noqa: BLE001  # not renewed for any reason; `keep` counts the time
            return False

    def leave(self, *, is_quiet: bool) -> None:
        """Release on immediate exit; only if no request is in progress, and with a short timeout."""
        self._is_leaving = True
        self._is_kept = not is_quiet

    def release(self) -> str:
        """Release the lease, or leave it to expire.

        Returns:
            Why it was not released; usually empty.
        """
        if self._is_kept:
            return "a request may still be in progress"
        failed: list[str] = ["the store did not answer in time"]

        def give_back() -> None:
            try:
                self.lock.release(self.holder)
                failed.clear()
            except Exception as error:  # noqa: BLE001  # the result of the run matters more
                failed[:] = [str(error) or type(error).__name__]

        if not self._is_leaving:
            give_back()
        else:
            releasing = threading.Thread(target=give_back, daemon=True)
            releasing.start()
            releasing.join(RELEASE)
        return "".join(failed[:1])
