"""One target's way: guard, write, follow this update, prove the result."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from eksaddon.apply.calls import Calls
from eksaddon.apply.follow import Follower
from eksaddon.apply.guard import Permit
from eksaddon.apply.intent import Held, Intent, Late, LookFurther, Send
from eksaddon.apply.retry import Backoff
from eksaddon.apply.sign_in import is_about_keys
from eksaddon.apply.verdict import UNCERTAIN, outcome_of
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.proof import Proof, SameDocument, verdict
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.run.outcome import Failed, Outcome, Stale, Unproven, UnreachableTarget
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.update import UpdatePhase, UpdateRecord
from eksaddon.ports import Clock, UpdateRequest

REPEATS = 2
"""How often a request is repeated whose answer was lost, beside botocore's own repeats."""

AT_ONCE = 10.0
"""Seconds in which a request is repeated although the update history cannot be read.

If the first one arrived, its update still runs: EKS answers with it, or with 409 where it does not know the
token any more. Later, only the token would keep the change from being written twice."""

DATE_PRECISION = 1.0
"""Seconds; a Date header has whole ones."""

Note = Callable[[str, str], None]
"""Called with a step's word (`writing`, `updating`, `verifying`) and a detail."""

Tell = Callable[[Writing | Accepted], Awaitable[None]]
"""Returns once the record is safe, or raises, and then nothing may be written on its strength."""


Clear = Callable[[], Awaitable[Permit | Outcome]]
"""Looks at the pods and gives leave to write once, or the outcome of a target that must not be written to."""


@dataclass(frozen=True, slots=True)
class TargetUpdate:
    """Everything one target's update needs; `run` leads to exactly one outcome."""

    intent: Intent
    calls: Calls
    clock: Clock
    same: SameDocument
    note: Note
    tell: Tell
    clear: Clear
    dice: random.Random
    limits: TimeLimits = field(default_factory=TimeLimits)
    backoff: Backoff = field(default_factory=Backoff)

    async def run(self) -> Outcome | Held:
        """From the start: look, announce, write, follow."""
        _, step = await self._look(self.intent)
        if not isinstance(step, Send):
            return step
        permit = await self.clear()
        if not isinstance(permit, Permit):
            return permit
        if permit.waited:
            return await self.run()
        announced = self.intent.announced(self.clock.now(), step)
        await self.tell(announced)
        self.note("writing", "")
        answer = await self._send(permit)
        if isinstance(answer, Trouble) and answer.cause is Cause.CREDENTIALS_EXPIRED:
            answer = await self._send(permit)
        if isinstance(answer, UpdateRecord):
            return await self._accepted(answer.id)
        if answer.cause in UNCERTAIN or answer.cause is Cause.BUSY:
            return await self._settle(announced, answer)
        return Failed(answer)

    async def resume(self, announced: Writing, update_id: str) -> Outcome | Held:
        """Go on with a write that was announced, whether or not it was ever sent."""
        if update_id:
            return await self.finish(update_id)
        return await self._settle(announced, None)

    async def finish(self, update_id: str) -> Outcome:
        """Follow an accepted update to its end and prove what it left."""
        self.note("updating", update_id)
        follower, write = self._follower(), self.intent.write
        update = await follower.end_of(update_id)
        if isinstance(update, Trouble):
            return Unproven(update, update_id)
        self.note("verifying", update_id)
        observed = await follower.settled(update, write.text, write.before)
        eks_time = observed.eks_time if isinstance(observed, Managed) else 0.0
        found = verdict(Proof(observed, update, eks_time), write.text, write.before, self.same)
        return self.intent.done(outcome_of(found, update_id))

    async def _accepted(self, update_id: str) -> Outcome:
        await self.tell(Accepted(self.clock.now(), self.intent.ref, update_id))
        return await self.finish(update_id)

    async def _look(self, intent: Intent) -> tuple[Observed, Send | Held | Outcome]:
        """Read the target, and its update history where the document alone does not decide.

        A document that EKS shows late is read again for as long as the time limits say.
        """
        late_until, attempt = self.clock.now() + self.limits.consistency, 0
        observed = await self._follower().read_steadily()
        while True:
            match intent.next_step(observed, self.same):
                case LookFurther():
                    assert isinstance(observed, Managed)  # noqa: S101  # only that has an update history
                    observed = replace(observed, update=await self._follower().newest_update())
                case Late() as late if self.clock.now() >= late_until:
                    return observed, late.outcome
                case Late():
                    attempt += 1
                    await self.clock.sleep(self.backoff.pause(attempt, self.dice))
                    observed = await self._follower().read_steadily()
                case step:
                    return observed, step

    async def _send(self, permit: Permit) -> UpdateRecord | Trouble:
        write = self.intent.write
        return await self.calls.update(
            UpdateRequest(
                text=write.text,
                resolve_conflicts=write.resolve_conflicts,
                token=self.intent.token,
                role_arn=write.role_arn,
            ),
            permit,
        )

    async def _settle(self, announced: Writing, answer: Trouble | None) -> Outcome | Held:
        """Find out what became of a request without an answer, and send it where it never arrived.

        In this order: an update in EKS's history that is ours; the target itself, past the same guard as
        every write; the request again with the same token, which EKS answers with the update it knows.

        Args:
            answer: What the request met; None where another process announced it.
        """
        sent_at, repeats, attempt = announced.at, 0, 0
        deadline = self.clock.now() + self.limits.busy
        while True:
            attempt += 1
            own = await self._own_update(announced)
            if isinstance(own, UpdateRecord):
                return await self._accepted(own.id)
            if isinstance(own, Trouble) and is_about_keys(own):
                return Unproven(own)
            observed, step = await self._look(self._in_doubt(own))
            now = self.clock.now()
            may_be_late = now < sent_at + self.limits.consistency
            if own is None and (isinstance(step, Held) or may_be_late) and now < deadline:
                await self.clock.sleep(self.backoff.pause(attempt, self.dice))
                continue
            if own is None:
                may_repeat = isinstance(step, Send) and now < deadline
            else:
                is_soon = answer is not None and now < announced.at + AT_ONCE
                may_repeat = is_soon and self._is_left_alone(observed, step)
            if not may_repeat or repeats >= REPEATS:
                return self._undecided(step, own, answer)
            again = await self._repeated(own)
            if not isinstance(again, Trouble | None):
                return again
            if again is not None:
                repeats += again.cause is not Cause.BUSY
                sent_at, answer = self.clock.now(), again
                await self.clock.sleep(self.backoff.pause(attempt, self.dice))

    async def _repeated(self, own: Trouble | None) -> Outcome | Trouble | None:
        """Send the request again.

        Returns:
            A Trouble where the answer is not known again; None where nothing was sent, because the guard had
            to wait.
        """
        permit = await self.clear()
        if not isinstance(permit, Permit):
            return permit if own is None else Unproven(own)
        if permit.waited:
            return None
        again = await self._send(permit)
        if isinstance(again, UpdateRecord):
            return await self._accepted(again.id)
        if again.cause not in UNCERTAIN and again.cause is not Cause.BUSY:
            return Failed(again) if own is None else Unproven(again)
        return again

    def _is_left_alone(self, observed: Observed, step: Send | Held | Outcome) -> bool:
        """Whether nobody else has changed the target since the request was sent."""
        return isinstance(step, Send | Held) or self.intent.is_stored(observed, self.same)

    def _in_doubt(self, own: Trouble | None) -> Intent:
        """What to compare the target with, where EKS remembers no update of ours, or cannot tell."""
        return replace(self.intent, is_doubtful=True) if own is None else self.intent

    def _undecided(
        self, step: Send | Held | Outcome, own: Trouble | None, answer: Trouble | None
    ) -> Outcome | Held:
        """What is left to say once nothing more may be sent.

        Args:
            own: Why EKS's history could not be read; None where it was, and holds no update of ours.
        """
        match step:
            case Held() if answer is None:
                return step
            case UnreachableTarget(trouble=trouble):
                return Unproven(trouble)
            case Send() | Held() | Stale() if own is not None:
                return Unproven(own)
            case Send() | Held():
                return Failed(_truth(answer or Trouble(Cause.UNKNOWN, "nothing was sent")))
            case _:
                return step

    async def _own_update(self, announced: Writing) -> UpdateRecord | Trouble | None:
        """The update that a request of ours began, by EKS's own clock and the document that it carried.

        Without EKS's clock it is the newest one, if that carried the document and did not fail.

        Returns:
            None where EKS remembers none; a Trouble where that cannot be told.
        """
        records = await self._follower().history(self.intent.own)
        if isinstance(records, Trouble):
            return records
        if not announced.eks_time:
            records = tuple(each for each in records[:1] if each.phase is not UpdatePhase.FAILED)
        since = announced.eks_time - DATE_PRECISION
        mine = (each for each in records if each.created_at >= since and each.text == self.intent.write.text)
        return next(mine, None)

    def _follower(self) -> Follower:
        return Follower(self.calls, self.clock, self.same, self.dice, self.limits, self.backoff, self.note)


def _truth(answer: Trouble) -> Trouble:
    if answer.cause is not Cause.BUSY:
        return answer
    message = f"EKS still refuses the update, which an update of the cluster can cause too: {answer.message}"
    return Trouble(Cause.BUSY, message, answer.code, answer.operation)
