"""One target's way: guard, write, follow this update, prove the result."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from eksaddon.apply.calls import Calls
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.apply.token import request_token
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
from eksaddon.domain.outcome import Failed, Outcome, Stale, Unchanged, Unreached
from eksaddon.domain.plan import AddonWrite, ClusterPlan
from eksaddon.ports import Clock, UpdateRecord, UpdateRequest

LOOKED_AT = 10

Note = Callable[[str, str], None]
"""Called with a step's word (`waiting`, `writing`, `updating`, `verifying`) and a detail."""


@dataclass(frozen=True, slots=True)
class Patiences:
    """Time limits, in seconds.

    Attributes:
        busy: For somebody else's update to end before ours may start.
        update: For our update to end. EKS leaves a roll-out that cannot finish InProgress beyond 20
            minutes (source: aws/containers-roadmap#2242), hence 40.
        settle: For a passing DEGRADED after a successful update; pods that roll make one.
        reread: For a read that fails to work again.
        recent: How old an update with our document may be to be taken for ours.
    """

    busy: float = 1800.0
    update: float = 2400.0
    settle: float = 300.0
    reread: float = 120.0
    recent: float = 900.0


@dataclass(frozen=True, slots=True)
class TargetUpdate:
    """Everything one target's update needs; `run` leads to exactly one outcome."""

    plan: ClusterPlan
    write: AddonWrite
    run_id: str
    calls: Calls
    clock: Clock
    same: SameDocument
    note: Note
    dice: random.Random
    limits: Patiences = field(default_factory=Patiences)
    backoff: Backoff = field(default_factory=Backoff)

    async def run(self) -> Outcome:
        observed = await self._free()
        refusal = self._guard(observed)
        if refusal is not None:
            return refusal
        self.note("writing", "")
        answer = await self._send()
        if isinstance(answer, Trouble):
            return await self._given_up(answer)
        return await self.finish(answer.id)

    async def finish(self, update_id: str) -> Outcome:
        """Follow an accepted update to its end and prove what it left."""
        self.note("updating", update_id)
        record = await self._follow(update_id)
        if isinstance(record, Trouble):
            return Unreached(record, update_id)
        self.note("verifying", update_id)
        if record.status != "Successful":
            observed = await self._read_steadily()
            return after_failure(record, observed, self.write.before, self.write.text, self.same)
        return after_success(await self._settled(), update_id, self.write.text, self.same)

    async def _free(self) -> Observed:
        """Read the target, waiting while somebody's update holds it."""

        def settled(seen: Observed) -> bool:
            busy = isinstance(seen, Managed) and seen.status in BUSY_STATES
            if busy:
                self.note("waiting", "another update of the add-on is running")
            return not busy

        try:
            return await self._patience().until(
                self._read_steadily, settled=settled, deadline=self.clock.now() + self.limits.busy
            )
        except DeadlineReachedError as error:
            return error.last if isinstance(error.last, Managed) else await self.calls.read()

    def _guard(self, observed: Observed) -> Outcome | None:
        """Refuse to write where the target is not as the plan saw it."""
        match observed:
            case Unreachable(trouble=trouble):
                return Unreached(trouble)
            case Managed(status=status) if status in BUSY_STATES:
                return Failed(
                    Trouble(Cause.BUSY, f"the add-on has been {status} for too long", operation="UpdateAddon")
                )
            case Managed(fingerprint=fingerprint) if fingerprint == self.plan.fingerprint:
                return None
            case Managed(text=text, version=version) if version == self.plan.version and self.same(
                text, self.write.text
            ):
                return Unchanged()
            case Managed(version=version) if version != self.plan.version:
                return Stale(f"the add-on is {version} now, the plan was made for {self.plan.version}")
            case Managed():
                return Stale("its configuration was changed after the plan was made")
            case _:
                return Stale("the add-on is gone since the plan was made")

    def _request(self) -> UpdateRequest:
        return UpdateRequest(
            text=self.write.text,
            resolve_conflicts=self.write.resolve_conflicts,
            token=request_token(self.run_id, self.plan, self.write.text),
            role_arn=self.write.role_arn,
        )

    async def _send(self) -> UpdateRecord | Trouble:
        """Send the update once; after an uncertain answer look whether it arrived before sending it again."""
        answer = await self.calls.update(self._request())
        if isinstance(answer, UpdateRecord):
            return answer
        if answer.cause is Cause.BUSY:
            return await self._after_busy(answer)
        if answer.cause in UNCERTAIN:
            return await self._after_uncertain(answer)
        if answer.cause is Cause.CREDENTIALS_EXPIRED:
            return await self.calls.update(self._request())
        return answer

    async def _after_busy(self, answer: Trouble) -> UpdateRecord | Trouble:
        """409: the update in the way may be our own; if it is somebody's, wait for it and try once more."""
        own = await self._own_update()
        if own is not None:
            return own
        observed = await self._free()
        if isinstance(observed, Managed) and observed.fingerprint == self.plan.fingerprint:
            return await self.calls.update(self._request())
        return answer

    async def _after_uncertain(self, answer: Trouble) -> UpdateRecord | Trouble:
        own = await self._own_update()
        if own is not None:
            return own
        observed = await self._read_steadily()
        if not isinstance(observed, Managed) or observed.fingerprint != self.plan.fingerprint:
            return answer
        again = await self.calls.update(self._request())
        if isinstance(again, Trouble) and again.cause is Cause.BUSY:
            return await self._own_update() or again
        return again

    async def _own_update(self) -> UpdateRecord | None:
        """The newest update that carries our document; EKS gives no token back (eks model 2017-11-01).

        ListUpdates has no documented order, so a good number at both ends are looked at.
        """
        ids = await self.calls.updates()
        if isinstance(ids, Trouble):
            return None
        records = [
            await self.calls.describe_update(update_id)
            for update_id in dict.fromkeys(ids[:LOOKED_AT] + ids[-LOOKED_AT:])
        ]
        mine = [record for record in records if isinstance(record, UpdateRecord) and self._is_own(record)]
        return max(mine, key=lambda record: record.created_at, default=None)

    def _is_own(self, record: UpdateRecord) -> bool:
        recent = record.created_at >= self.clock.now() - self.limits.recent
        return recent and dict(record.params).get("ConfigurationValues") == self.write.text

    async def _given_up(self, trouble: Trouble) -> Outcome:
        if trouble.cause not in UNCERTAIN and trouble.cause is not Cause.BUSY:
            return Failed(trouble)
        match await self._read_steadily():
            case Managed(text=text) if self.same(text, self.write.text):
                return after_success(await self._settled(), "", self.write.text, self.same)
            case Unreachable(trouble=later):
                return Unreached(later)
            case _:
                return Failed(trouble)

    async def _follow(self, update_id: str) -> UpdateRecord | Trouble:
        """The update's last record, or why its end is not known."""

        def ended(seen: UpdateRecord | Trouble) -> bool:
            if isinstance(seen, Trouble):
                return seen.cause not in WORTH_ANOTHER_LOOK
            return seen.status != IN_PROGRESS

        async def look() -> UpdateRecord | Trouble:
            return await self.calls.describe_update(update_id)

        try:
            return await self._patience().until(
                look, settled=ended, deadline=self.clock.now() + self.limits.update
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
            return is_healthy(seen) or not self.same(seen.text, self.write.text)

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
