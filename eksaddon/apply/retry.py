"""Waits for a state of a cluster; requests are retried by botocore only.

A loop of its own: tenacity inspects every callback again at each read, which was 40 % of a rollout's calls.
"""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Unreachable
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock

T = TypeVar("T")

SIGNED_OUT = 30.0
"""Seconds to wait for expired credentials to be renewed elsewhere, for example by `aws sso login`."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Increasing pauses between two reads.

    Attributes:
        first: Seconds before the second read.
        cap: Maximum seconds.
        growth: Factor from one pause to the next.
    """

    first: float = 2.0
    cap: float = 15.0
    growth: float = 1.5

    def pause(self, attempt: int, dice: random.Random) -> float:
        """Seconds after the given attempt (from 1), with 20 % jitter to desynchronise targets."""
        steady = min(self.cap, self.first * self.growth ** min(attempt - 1, 32))
        return steady * dice.uniform(0.8, 1.2)


class DeadlineReachedError(Exception):
    """The deadline passed before the state was reached; contains the last value."""

    def __init__(self, last: object) -> None:
        super().__init__("deadline reached")
        self.last = last


RETRYING, READING = "retrying", "reading"
"""Steps of a target whose reads fail, and succeed again."""


def _unnoted(_step: str, _detail: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to poll.

    Attributes:
        note: Called with the name of a step and why a read failed, once for each reason.
    """

    clock: Clock
    dice: random.Random
    backoff: Backoff
    note: Callable[[str, str], None] = _unnoted

    async def until(
        self, read: Callable[[], Awaitable[T]], *, settled: Callable[[T], bool], deadline: float
    ) -> T:
        """Read until `settled` is true.

        Args:
            deadline: Seconds since the epoch; no read starts after it, nor after the credentials have been
                expired for SIGNED_OUT seconds, because they cannot be renewed here.

        Raises:
            DeadlineReachedError: With the last value.
        """
        last_reason = ""
        signed_out_at: float | None = None
        attempt = 0
        while True:
            attempt += 1
            seen = await read()
            is_settled = settled(seen)
            reason = "" if is_settled else _failure(seen)
            if reason != last_reason:
                self.note(RETRYING if reason else READING, reason or "answers again")
                last_reason = reason
            if is_settled:
                return seen
            now = self.clock.now()
            if not _is_signed_out(seen):
                signed_out_at = None
            elif signed_out_at is None:
                signed_out_at = now
            if now >= deadline or (signed_out_at is not None and now - signed_out_at >= SIGNED_OUT):
                raise DeadlineReachedError(seen)
            await self.clock.sleep(min(deadline - now, self.backoff.pause(attempt, self.dice)))


def _failure(seen: object) -> str:
    """Why a read failed; empty for a success, and for an id that EKS may not return yet."""
    trouble = seen.trouble if isinstance(seen, Unreachable) else seen
    if isinstance(trouble, Trouble):
        return "" if trouble.cause is Cause.NOT_FOUND else str(trouble)
    return seen.reason if isinstance(seen, NotChecked) else ""


def _is_signed_out(seen: object) -> bool:
    trouble = seen.trouble if isinstance(seen, Unreachable) else seen
    return isinstance(trouble, Trouble) and trouble.cause is Cause.CREDENTIALS_EXPIRED
