"""Polls a target until its state is final, within time limits."""

import random
from collections.abc import Awaitable, Callable

from eksaddon.apply.calls import Calls
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience, T
from eksaddon.apply.verdict import WORTH_ANOTHER_LOOK
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Observed, Unreachable
from eksaddon.domain.proof import (
    Behind,
    NotLive,
    Proof,
    Proven,
    Refused,
    Replaced,
    Running,
    SameDocument,
    Unhealthy,
    Unseen,
    verdict,
)
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.update import UpdatePhase, UpdateRecord, UpdateSeen
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock


@dataclass(frozen=True, slots=True)
class Follower:
    calls: Calls
    clock: Clock
    same: SameDocument
    dice: random.Random
    limits: TimeLimits
    backoff: Backoff
    note: Callable[[str, str], None]

    async def end_of(self, update_id: str) -> UpdateRecord | Trouble:
        """Wait for the end of an update; returns its last state, or why it is unknown."""
        fresh_until = self.clock.now() + self.limits.consistency

        def is_settled(seen: UpdateRecord | Trouble) -> bool:
            if isinstance(seen, UpdateRecord):
                return seen.phase is not UpdatePhase.RUNNING
            # EKS can return 404 for an id that it has just returned.
            is_fresh = seen.cause is Cause.NOT_FOUND and self.clock.now() < fresh_until
            return not is_fresh and seen.cause not in WORTH_ANOTHER_LOOK

        async def read() -> UpdateRecord | Trouble:
            return await self.calls.describe_update(update_id)

        last = await self._until(read, is_settled, self.limits.update)
        if isinstance(last, UpdateRecord) and last.phase is UpdatePhase.RUNNING:
            minutes = int(self.limits.update // 60)
            message = f"update {update_id} is still running after {minutes} minutes ({last.status})"
            return Trouble(Cause.STILL_RUNNING, message, operation="DescribeUpdate")
        return last

    async def settled(
        self, update: UpdateRecord, wanted: str, before: str | None, move: VersionMove | None = None
    ) -> Observed:
        """Read the add-on until its verdict is final, or the time limit is reached."""
        behind_until = self.clock.now() + self.limits.consistency

        def is_settled(seen: Observed) -> bool:
            match verdict(Proof(seen, update), wanted, before, self.same, move):
                case Proven() | NotLive() | Replaced():
                    return True
                case Refused():
                    return is_readable(seen)
                case Behind():
                    return self.clock.now() >= behind_until
                case Unseen(trouble=trouble):
                    return trouble.cause not in WORTH_ANOTHER_LOOK
                case Running() | Unhealthy():
                    return False

        return await self._until(self.calls.read, is_settled, self.limits.settle)

    async def read_steadily(self) -> Observed:
        return await self._until(self.calls.read, is_readable, self.limits.reread)

    async def newest_update(self) -> UpdateSeen:
        return await self._until(self.calls.newest_update, self._is_history(), self.limits.reread)

    async def history(self, known: frozenset[str]) -> tuple[UpdateRecord, ...] | Trouble:
        """Updates in EKS's history except known ones, newest first."""

        async def read() -> tuple[UpdateRecord, ...] | Trouble:
            return await self.calls.history(known)

        return await self._until(read, self._is_history(), self.limits.reread)

    def _is_history(self) -> Callable[[object], bool]:
        """Whether a history is complete: DescribeUpdate may not find a new update of ListUpdates yet."""
        fresh_until = self.clock.now() + self.limits.consistency

        def is_history(seen: object) -> bool:
            if not isinstance(seen, Trouble):
                return True
            is_fresh = seen.cause is Cause.NOT_FOUND and self.clock.now() < fresh_until
            return not is_fresh and seen.cause not in WORTH_ANOTHER_LOOK

        return is_history

    async def _until(
        self, read: Callable[[], Awaitable[T]], settled: Callable[[T], bool], seconds: float
    ) -> T:
        last: list[T] = []

        async def remembered() -> T:
            last[:] = [await read()]
            return last[0]

        patience = Patience(self.clock, self.dice, self.backoff, self.note)
        try:
            return await patience.until(remembered, settled=settled, deadline=self.clock.now() + seconds)
        except DeadlineReachedError:
            return last[0]


def is_readable(seen: Observed) -> bool:
    return not (isinstance(seen, Unreachable) and seen.trouble.cause in WORTH_ANOTHER_LOOK)
