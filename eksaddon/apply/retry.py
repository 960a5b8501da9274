"""Waits for a state of a cluster, with tenacity; requests are retried by botocore only."""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, RetryError, retry_if_result

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

        async def noted() -> T:
            nonlocal last_reason
            seen = await read()
            reason = "" if settled(seen) else _failure(seen)
            if reason != last_reason:
                self.note(RETRYING if reason else READING, reason or "answers again")
                last_reason = reason
            return seen

        def wait(state: RetryCallState) -> float:
            remaining = max(0.0, deadline - self.clock.now())
            return min(remaining, self.backoff.pause(state.attempt_number, self.dice))

        signed_out_at: float | None = None

        def out_of_time(state: RetryCallState) -> bool:
            nonlocal signed_out_at
            now = self.clock.now()
            if not _is_signed_out(state):
                signed_out_at = None
            elif signed_out_at is None:
                signed_out_at = now
            return now >= deadline or (signed_out_at is not None and now - signed_out_at >= SIGNED_OUT)

        retrying = AsyncRetrying(
            sleep=self.clock.sleep,
            wait=wait,
            stop=out_of_time,
            retry=retry_if_result(lambda value: not settled(value)),
        )
        try:
            return await retrying(noted)
        except RetryError as error:
            raise DeadlineReachedError(error.last_attempt.result()) from None


def _failure(seen: object) -> str:
    """Why a read failed; empty for a success, and for an id that EKS may not return yet."""
    trouble = seen.trouble if isinstance(seen, Unreachable) else seen
    if isinstance(trouble, Trouble):
        return "" if trouble.cause is Cause.NOT_FOUND else str(trouble)
    return seen.reason if isinstance(seen, NotChecked) else ""


def _is_signed_out(state: RetryCallState) -> bool:
    if state.outcome is None or state.outcome.failed:
        return False
    seen = state.outcome.result()
    trouble = seen.trouble if isinstance(seen, Unreachable) else seen
    return isinstance(trouble, Trouble) and trouble.cause is Cause.CREDENTIALS_EXPIRED
