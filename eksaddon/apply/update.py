"""One target's way: guard, write, follow this update, prove the result."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from eksaddon.apply.calls import Calls
from eksaddon.apply.intent import Intent
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.apply.verdict import (
    BUSY_STATES,
    IN_PROGRESS,
    UNCERTAIN,
    WORTH_ANOTHER_LOOK,
    SameDocument,
    after_failure,
    after_success,
    is_healthy,
)
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.run.outcome import Failed, Outcome, Stale, UnreachableTarget
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.ports import Clock, UpdateRecord, UpdateRequest

LOOKED_AT = 10

Note = Callable[[str, str], None]
"""Called with a step's word (`writing`, `updating`, `verifying`) and a detail."""

Tell = Callable[[Writing | Accepted], Awaitable[None]]
"""Returns once the record is safe, or raises, and then nothing may be written on its strength."""


@dataclass(frozen=True, slots=True)
class Held:
    """The target cannot be written to now; somebody should come back later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Patiences:
    """Time limits, in seconds.

    Attributes:
        busy: For somebody else's update to end before ours may start.
        update: For our update to end. EKS leaves a roll-out that cannot finish InProgress beyond 20
            minutes (source: aws/containers-roadmap#2242), hence 40.
        settle: For a passing DEGRADED after a successful update; pods that roll make one.
        reread: For a read that fails to work again.
        skew: How far EKS' clock and ours may be apart.
    """

    busy: float = 1800.0
    update: float = 2400.0
    settle: float = 300.0
    reread: float = 120.0
    skew: float = 60.0


@dataclass(frozen=True, slots=True)
class TargetUpdate:
    """Everything one target's update needs; `run` leads to exactly one outcome."""

    intent: Intent
    calls: Calls
    clock: Clock
    same: SameDocument
    note: Note
    tell: Tell
    dice: random.Random
    limits: Patiences = field(default_factory=Patiences)
    backoff: Backoff = field(default_factory=Backoff)

    async def run(self) -> Outcome | Held:
        """From the start: look, announce, write, follow."""
        observed = await self._read_steadily()
        if (reason := self.intent.brake(observed)) is not None:
            return Held(reason)
        refusal = self.intent.guard(observed, self.same)
        if refusal is not None:
            return refusal
        before = observed.text if isinstance(observed, Managed) else None
        await self.tell(self.intent.announced(self.clock.now(), before))
        return await self._write()

    async def resume(self, announced: Writing, update_id: str) -> Outcome | Held:
        """Go on with a write that was announced, whether or not it was ever sent."""
        if update_id:
            return await self.finish(update_id)
        own = await self._own_update(since=announced.at)
        if own is not None:
            return await self._accepted(own.id)
        observed = await self._read_steadily()
        match observed:
            case Unreachable(trouble=trouble):
                return UnreachableTarget(trouble)
            case Managed(text=text) if self.same(text, announced.before):
                return await self._write()
            case Managed(text=text) if self.same(text, self.intent.write.text):
                return self.intent.done(after_success(await self._settled(), "", text or "", self.same))
            case _:
                return Stale("its configuration was changed while the run was interrupted")

    async def _write(self) -> Outcome:
        self.note("writing", "")
        begun = self.clock.now()
        answer = await self._send(begun)
        if isinstance(answer, Trouble):
            return await self._given_up(answer)
        return await self._accepted(answer.id)

    async def _accepted(self, update_id: str) -> Outcome:
        await self.tell(Accepted(self.clock.now(), self.intent.ref, update_id))
        return await self.finish(update_id)

    async def finish(self, update_id: str) -> Outcome:
        """Follow an accepted update to its end and prove what it left."""
        self.note("updating", update_id)
        record = await self._follow(update_id)
        if isinstance(record, Trouble):
            return UnreachableTarget(record, update_id)
        self.note("verifying", update_id)
        write = self.intent.write
        if record.status != "Successful":
            observed = await self._read_steadily()
            return after_failure(record, observed, write.before, write.text, self.same)
        return self.intent.done(after_success(await self._settled(), update_id, write.text, self.same))

    def _request(self) -> UpdateRequest:
        return UpdateRequest(
            text=self.intent.write.text,
            resolve_conflicts=self.intent.write.resolve_conflicts,
            token=self.intent.token,
            role_arn=self.intent.write.role_arn,
        )

    async def _send(self, begun: float) -> UpdateRecord | Trouble:
        """Send the update once; after an uncertain answer look whether it arrived before sending it again."""
        answer = await self.calls.update(self._request())
        if isinstance(answer, UpdateRecord):
            return answer
        if answer.cause is Cause.BUSY or answer.cause in UNCERTAIN:
            return await self._own_update(since=begun) or await self._again(answer)
        if answer.cause is Cause.CREDENTIALS_EXPIRED:
            return await self.calls.update(self._request())
        return answer

    async def _again(self, answer: Trouble) -> UpdateRecord | Trouble:
        """Once more where the target still is as it was; the token keeps EKS from doing it twice."""
        begun = self.clock.now()
        observed = await self._free()
        if isinstance(observed, Unreachable) or self.intent.guard(observed, self.same) is not None:
            return answer
        again = await self.calls.update(self._request())
        if isinstance(again, Trouble) and (again.cause is Cause.BUSY or again.cause in UNCERTAIN):
            return await self._own_update(since=begun) or again
        return again

    async def _free(self) -> Observed:
        """Read the target once nobody's update holds it any more, or when that takes too long."""

        def is_free(seen: Observed) -> bool:
            return not isinstance(seen, Managed) or seen.status not in BUSY_STATES

        return await self._read_until(is_free, self.limits.busy)

    async def _own_update(self, since: float) -> UpdateRecord | None:
        """The newest update since then that carries our document; EKS gives no token back (its model).

        ListUpdates has no documented order, so a good number at both ends are looked at.
        """
        ids = await self.calls.updates()
        if isinstance(ids, Trouble):
            return None
        records = [
            await self.calls.describe_update(update_id)
            for update_id in dict.fromkeys(ids[:LOOKED_AT] + ids[-LOOKED_AT:])
        ]
        mine = [each for each in records if isinstance(each, UpdateRecord) and self._is_own(each, since)]
        return max(mine, key=lambda record: record.created_at, default=None)

    def _is_own(self, record: UpdateRecord, since: float) -> bool:
        recent = record.created_at >= since - self.limits.skew
        return recent and dict(record.params).get("ConfigurationValues") == self.intent.write.text

    async def _given_up(self, trouble: Trouble) -> Outcome:
        if trouble.cause not in UNCERTAIN and trouble.cause is not Cause.BUSY:
            return Failed(trouble)
        match await self._read_steadily():
            case Managed(text=text) if self.same(text, self.intent.write.text):
                document = self.intent.write.text
                return self.intent.done(after_success(await self._settled(), "", document, self.same))
            case Unreachable(trouble=later):
                return UnreachableTarget(later)
            case _:
                return Failed(trouble)

    async def _follow(self, update_id: str) -> UpdateRecord | Trouble:
        """The update's last record, or why its end is not known."""

        def ended(seen: UpdateRecord | Trouble) -> bool:
            if isinstance(seen, Trouble):
                return seen.cause not in WORTH_ANOTHER_LOOK
            return seen.status != IN_PROGRESS

        async def read() -> UpdateRecord | Trouble:
            return await self.calls.describe_update(update_id)

        try:
            return await self._patience().until(
                read, settled=ended, deadline=self.clock.now() + self.limits.update
            )
        except DeadlineReachedError as error:
            if isinstance(error.last, Trouble):
                return error.last
            minutes = int(self.limits.update // 60)
            return Trouble(
                Cause.STILL_RUNNING,
                f"update {update_id} is still running after {minutes} minutes",
                operation="DescribeUpdate",
            )

    async def _settled(self) -> Observed:
        """The add-on once it is healthy, or as it still is when its time to settle is over."""

        def settled(seen: Observed) -> bool:
            if not isinstance(seen, Managed):
                return not (isinstance(seen, Unreachable) and seen.trouble.cause in WORTH_ANOTHER_LOOK)
            return is_healthy(seen) or not self.same(seen.text, self.intent.write.text)

        return await self._read_until(settled, self.limits.settle)

    async def _read_steadily(self) -> Observed:
        def readable(seen: Observed) -> bool:
            return not (isinstance(seen, Unreachable) and seen.trouble.cause in WORTH_ANOTHER_LOOK)

        return await self._read_until(readable, self.limits.reread)

    async def _read_until(self, settled: Callable[[Observed], bool], seconds: float) -> Observed:
        try:
            return await self._patience().until(
                self.calls.read, settled=settled, deadline=self.clock.now() + seconds
            )
        except DeadlineReachedError as error:
            last: object = error.last
            if isinstance(last, Managed | Unreachable):
                return last
            raise

    def _patience(self) -> Patience:
        return Patience(self.clock, self.dice, self.backoff)
