"""Updates one target: guard, write, follow the update, verify the result."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import field, replace

from eksaddon.apply.calls import Calls
from eksaddon.apply.follow import Follower
from eksaddon.apply.guard import Permit
from eksaddon.apply.intent import Held, Intent, Late, ReadHistory, Send
from eksaddon.apply.retry import Backoff
from eksaddon.apply.sign_in import is_about_keys
from eksaddon.apply.verdict import UNCERTAIN, outcome_of, with_live
from eksaddon.domain.cause import Cause, NotSent, Trouble
from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.proof import LiveNotRead, LiveSeen, Proof, SameDocument, proof_of, verdict
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.update import UpdatePhase, UpdateRecord
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, UpdateRequest
from eksaddon.rules.live_schema import schema_moved

REPEATS = 2
"""Number of retries of a request whose response was lost, in addition to botocore's."""

AT_ONCE = 10.0
"""Seconds in which a request is retried although the update history cannot be read.

If the first request arrived, its update is still running: EKS returns it, or 409 if it no longer recognises
the token. Later, only the token would prevent a second write.
"""

DATE_PRECISION = 1.0
"""Seconds; the resolution of a Date header."""

Note = Callable[[str, str], None]
"""Called with the name of a step (`writing`, `updating`, `verifying`) and a detail."""

Tell = Callable[[Writing | Accepted], Awaitable[None]]
"""Returns when the record is durable; if it raises, the recorded write must not be sent."""


Clear = Callable[[], Awaitable[Permit | Outcome]]
"""Reads the pods and returns a Permit, or the outcome of a target that must not be written."""


ReadLive = Callable[[], Awaitable[LiveSeen]]
"""Reads the live objects, if they are needed for the proof of the write."""


async def _without_live() -> LiveSeen:
    return LiveNotRead()


@dataclass(frozen=True, slots=True)
class TargetUpdate:
    """The update of one target; `run` returns exactly one outcome.

    Attributes:
        unsent: Requests of this target so far that could not be sent.
    """

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
    live: ReadLive = _without_live
    unsent: int = 0

    async def run(self) -> Outcome | Held:
        """Read, announce, write and follow."""
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
        answer = await self._send(permit, announced)
        if isinstance(answer, Trouble) and answer.cause is Cause.CREDENTIALS_EXPIRED:
            answer = await self._send(permit, announced)
        if isinstance(answer, UpdateRecord):
            return await self._answered(answer, announced)
        if isinstance(answer, NotSent):
            return await self._run_again(answer.trouble)
        if answer.cause in UNCERTAIN or answer.cause is Cause.BUSY:
            return await self._settle(announced, answer)
        return Failed(answer)

    async def _run_again(self, trouble: Trouble) -> Outcome | Held:
        """Begin again after a request that was certainly not sent, with a new read and the same guards."""
        if self.unsent >= REPEATS:
            return UnreachableTarget(trouble)
        await self.clock.sleep(self.backoff.pause(self.unsent + 1, self.dice))
        return await replace(self, unsent=self.unsent + 1).run()

    async def resume(self, announced: Writing, update_id: str) -> Outcome | Held:
        """Continue an announced write, which may or may not have been sent."""
        if update_id:
            return await self.finish(update_id)
        return await self._settle(announced, None)

    async def finish(self, update_id: str) -> Outcome:
        """Follow an accepted update to its end and verify the result."""
        self.note("updating", update_id)
        follower, write = self._follower(), self.intent.write
        update = await follower.end_of(update_id)
        if isinstance(update, Trouble):
            return Unproven(update, update_id)
        self.note("verifying", update_id)
        observed = await follower.settled(update, write.text, write.before, self.intent.move)
        eks_time = observed.eks_time if isinstance(observed, Managed) else 0.0
        proof = Proof(observed, update, eks_time)
        found = verdict(proof, write.text, write.before, self.same, self.intent.move)
        return await self._in_force(proof, outcome_of(found, update_id))

    async def _in_force(self, proof: Proof, outcome: Outcome) -> Outcome:
        """The outcome with the live objects, which are read only once EKS proves the document."""
        if not isinstance(outcome, Changed | InSync | RolledBack):
            return outcome
        write, complete = self.intent.write, replace(proof, live=await self.live())
        found = verdict(complete, write.text, write.before, self.same, self.intent.move)
        return self.intent.done(with_live(outcome, found))

    async def _answered(self, update: UpdateRecord, announced: Writing) -> Outcome | Held:
        """Follow the update, unless it had ended before the request: then decide by the update history.

        For the token of a change EKS returns the update that made it before, for another run. Nothing was
        started: the document is shown late, or that update failed, and then this run sends the change again.
        """
        is_known_change = announced.token != self.intent.token
        is_earlier = 0 < update.created_at < announced.eks_time - DATE_PRECISION
        if is_known_change and is_earlier and update.phase is not UpdatePhase.RUNNING:
            failed = frozenset({update.id} if update.phase is UpdatePhase.FAILED else ())
            intent = replace(self.intent, is_doubtful=True, own=self.intent.own | failed)
            return await replace(self, intent=intent).run()
        return await self._accepted(update.id)

    async def _accepted(self, update_id: str) -> Outcome:
        await self.tell(Accepted(self.clock.now(), self.intent.ref, update_id))
        return await self.finish(update_id)

    async def _look(self, intent: Intent) -> tuple[Observed, Send | Held | Outcome]:
        """Read the target, and its update history if the document is not sufficient to decide.

        A stale document is read again within the time limits.
        """
        late_until, attempt = self.clock.now() + self.limits.consistency, 0
        observed = await self._follower().read_steadily()
        while True:
            match intent.next_step(observed, self.same):
                case ReadHistory():
                    assert isinstance(observed, Managed)  # noqa: S101  # only the managed add-on has an update history
                    observed = observed.with_newest(await self._follower().newest_update())
                case Late() as late if self.clock.now() >= late_until:
                    return observed, late.outcome
                case Late():
                    attempt += 1
                    await self.clock.sleep(self.backoff.pause(attempt, self.dice))
                    observed = await self._follower().read_steadily()
                case Send() | Held() as step:
                    return observed, step
                case outcome:
                    return observed, await self._in_force(proof_of(observed), outcome)

    async def _send(self, permit: Permit, announced: Writing) -> UpdateRecord | NotSent | Trouble:
        write = self.intent.write
        return await self.calls.update(
            UpdateRequest(
                text=write.text,
                resolve_conflicts=write.resolve_conflicts,
                token=announced.token,
                role_arn=write.role_arn,
                version=write.version,
            ),
            permit,
        )

    async def _settle(self, announced: Writing, answer: Trouble | None) -> Outcome | Held:
        """Find out the result of a request without a response, and send it again if it never arrived.

        In this order: find our update in EKS's history; read the target, with the same guard as every write;
        send the request again with the same token, for which EKS returns the existing update.

        Args:
            answer: Error of the request; None if another process announced it.
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
            if answer is None and (refused := await self._schema_moved()):
                return refused
            retried = await self._repeated(own, announced)
            if not isinstance(retried, Trouble | None):
                return retried
            if retried is not None:
                repeats += retried.cause is not Cause.BUSY
                sent_at, answer = self.clock.now(), retried
                await self.clock.sleep(self.backoff.pause(attempt, self.dice))

    async def _repeated(self, own: Trouble | None, announced: Writing) -> Outcome | Held | Trouble | None:
        """Send the request again.

        Returns:
            A Trouble if the result is unknown again; None if nothing was sent because the guard had to wait.
        """
        permit = await self.clear()
        if not isinstance(permit, Permit):
            return permit if own is None else Unproven(own)
        if permit.waited:
            return None
        retried = await self._send(permit, announced)
        if isinstance(retried, NotSent):  # the request before it can have arrived
            retried = retried.trouble
        if isinstance(retried, UpdateRecord):
            return await self._answered(retried, announced)
        if retried.cause not in UNCERTAIN and retried.cause is not Cause.BUSY:
            return Failed(retried) if own is None else Unproven(retried)
        return retried

    async def _schema_moved(self) -> Stale | None:
        version = self.intent.version
        reason = schema_moved(version, self.intent.write.text, await self.calls.schema(version))
        return Stale(reason) if reason else None

    def _is_left_alone(self, observed: Observed, step: Send | Held | Outcome) -> bool:
        """Whether no other tool has changed the target since the request was sent."""
        return isinstance(step, Send | Held) or self.intent.is_stored(observed, self.same)

    def _in_doubt(self, own: Trouble | None) -> Intent:
        """The intent to compare the target with, if EKS's history has no update of ours or cannot be read."""
        return replace(self.intent, is_doubtful=True) if own is None else self.intent

    def _undecided(
        self, step: Send | Held | Outcome, own: Trouble | None, answer: Trouble | None
    ) -> Outcome | Held:
        """The outcome if nothing more may be sent.

        Args:
            own: Why EKS's history could not be read; None if it has no update of ours.
        """
        match step:
            case Held(cause=Cause.UNHEALTHY) if answer is None and own is None:
                return Stale(step.reason)
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
        """The update that our request started, by EKS's clock and the document sent.

        Without EKS's clock it is the newest one, if it sent the document and did not fail.

        Returns:
            None if EKS has none; a Trouble if that is unknown.
        """
        records = await self._follower().history(self.intent.own)
        if isinstance(records, Trouble):
            return records
        if not announced.eks_time:
            records = tuple(each for each in records[:1] if each.phase is not UpdatePhase.FAILED)
        since = announced.eks_time - DATE_PRECISION
        own_updates = (each for each in records if each.created_at >= since and self._sends_this(each))
        return next(own_updates, None)

    def _sends_this(self, update: UpdateRecord) -> bool:
        """Whether an update has the request's parameters; it can name the version also if none was sent."""
        write = self.intent.write
        versions = {write.version, write.version or self.intent.version}
        return update.text == write.text and update.version in versions

    def _follower(self) -> Follower:
        return Follower(self.calls, self.clock, self.same, self.dice, self.limits, self.backoff, self.note)


def _truth(answer: Trouble) -> Trouble:
    if answer.cause is not Cause.BUSY:
        return answer
    message = f"EKS still rejects the update; an update of the cluster can cause this too: {answer.message}"
    return Trouble(Cause.BUSY, message, answer.code, answer.operation)
