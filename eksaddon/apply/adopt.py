"""Creates the add-on over a running CoreDNS, follows and verifies it; or removes it again."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import field, replace
from typing import TypeVar

from eksaddon.apply.adoption_verdict import (
    CREATING,
    after_removal,
    is_over,
    is_own,
    is_removal_over,
    is_settled,
    lacks_addon,
    live_of,
    of_adoption,
    of_removal,
    refusal,
    what_is_there,
)
from eksaddon.apply.guard import Permit, before_creation
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.apply.verdict import UNCERTAIN, WORTH_ANOTHER_LOOK
from eksaddon.domain.adoption import Adoption, Manifests, ManifestsSeen
from eksaddon.domain.cause import Cause, NotSent, Trouble
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.proof import proof_of
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, RolledBack, Unproven, UnreachableTarget
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateSeen
from eksaddon.domain.update_history import newest
from eksaddon.frozen import dataclass
from eksaddon.ports import AddonApi, AddonInstaller, Clock, CreateRequest, Executor, ManifestReader

R = TypeVar("R")

APPEAR, CREATE, SETTLE, ROLLOUT = 60.0, 2400.0, 300.0, 900.0
"""Seconds until an add-on that was asked for can be read, is created, is healthy, has all its pods."""

REMOVE, REREAD = 900.0, 30.0
"""Seconds until waiting ends, and until a failing read must work again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The result of an adoption.

    Attributes:
        there: Sentences on the current state; empty if everything is as planned.
    """

    outcome: Outcome
    there: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptionPorts:
    """The ports of an adoption.

    Attributes:
        note: Called with the name of a step and a detail.
    """

    addons: AddonApi
    installer: AddonInstaller
    manifests: ManifestReader
    executor: Executor
    clock: Clock
    note: Callable[[str, str], None]
    dice: random.Random
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(frozen=True, slots=True)
class AdoptionRun:
    """The adoption of one cluster; every method returns exactly one Ending.

    Attributes:
        corefile: The live Corefile before the first write.
    """

    ref: ClusterRef
    corefile: str
    io: AdoptionPorts

    async def adopt(self, plan: Adoption) -> Ending:
        """Read, create, follow and verify."""
        observed = await self._addon(_is_readable, REREAD)
        if is_own(observed, plan):
            return await self.follow(plan, is_ours=False)
        seen = await self._live(_is_anything, REREAD)
        permit = refusal(observed, seen, plan) or before_creation(seen, plan.corefile)
        if not isinstance(permit, Permit):
            return Ending(permit)
        self.io.note("writing", "CreateAddon")
        failure = await self._created(plan, permit)
        return await self.follow(plan) if failure is None else await self._bad(failure)

    async def follow(self, plan: Adoption, *, is_ours: bool = True) -> Ending:
        """Follow a requested add-on to its end, and verify the result.

        Args:
            is_ours: This process sent the request just now. Otherwise the add-on may have been updated
                since, and only its update history shows whether that succeeded.
        """
        self.io.note("creating", "")
        await self._addon(lambda seen: isinstance(seen, Managed), APPEAR)
        await self._addon(lambda seen: _is_readable(seen) and _status(seen) != CREATING, CREATE)
        observed = await self._addon(is_over, SETTLE)
        if isinstance(observed, Managed) and not is_ours:
            observed = observed.with_newest(await self._newest_update())
        proof = proof_of(observed)
        outcome = of_adoption(proof, plan)
        if isinstance(outcome, Changed):
            self.io.note("verifying", "Corefile and rollout")
            seen = await self._live(lambda seen: is_settled(seen, plan), ROLLOUT)
            outcome = of_adoption(replace(proof, live=live_of(seen, plan)), plan)
        return Ending(outcome) if isinstance(outcome, Changed) else await self._bad(outcome)

    async def give_up(self) -> Ending:
        """Remove the add-on; the live objects keep running."""
        self.io.note("writing", "DeleteAddon, objects preserved")
        trouble = await self._call(lambda: self.io.installer.remove(self.ref))
        if isinstance(trouble, NotSent):
            return await self._bad(UnreachableTarget(trouble.trouble))
        if trouble is not None and trouble.cause not in UNCERTAIN:
            return await self._bad(Failed(trouble))
        return await self.follow_removal(trouble)

    async def follow_removal(self, trouble: Trouble | None = None) -> Ending:
        """Follow a requested deletion, and verify that the live objects keep running.

        Args:
            trouble: Error of the request; None if EKS accepted it, or another process sent it.
        """
        self.io.note("deleting", "")
        failure = of_removal(await self._addon(is_removal_over, REMOVE), trouble)
        outcome = failure or after_removal(await self._live(_is_anything, REREAD), self.corefile)
        return Ending(outcome) if isinstance(outcome, RolledBack) else await self._bad(outcome)

    async def _bad(self, outcome: Outcome) -> Ending:
        observed, seen = await self._addon(_is_readable, REREAD), await self._live(_is_anything, REREAD)
        return Ending(outcome, tuple(what_is_there(observed, seen, self.corefile)))

    async def _created(self, plan: Adoption, permit: Permit) -> Failed | Unproven | UnreachableTarget | None:
        """Send the request; after an unclear result, check whether it arrived before it is repeated.

        Returns:
            None if EKS has the add-on; unproven if that could not be read, unreachable if no request
            was sent.
        """
        del permit
        request = CreateRequest(plan.version, plan.text, plan.resolve_conflicts, plan.token)
        may_have_arrived = False
        for is_last in (False, True):
            answer = await self._call(lambda: self.io.installer.create(self.ref, request))
            if answer is None:
                return None
            may_have_arrived |= not isinstance(answer, NotSent)
            trouble = answer.trouble if isinstance(answer, NotSent) else answer
            if trouble.cause not in UNCERTAIN | {Cause.BUSY, Cause.CREDENTIALS_EXPIRED}:
                return Failed(trouble)
            shown_within = APPEAR if is_last and trouble.cause in UNCERTAIN else REREAD
            observed = await self._addon(_is_shown if is_last else _is_readable, shown_within)
            if is_own(observed, plan):
                return None
            if not may_have_arrived and (is_last or isinstance(observed, Unreachable)):
                return UnreachableTarget(trouble)
            if isinstance(observed, Unreachable):
                return Unproven(observed.trouble)
            if is_last or not lacks_addon(observed):
                return Failed(trouble)
        raise AssertionError("the last request decides")

    async def _newest_update(self) -> UpdateSeen:
        addons = self.io.addons

        def read() -> UpdateSeen:
            return newest(addons.updates(self.ref), lambda found: addons.describe_update(self.ref, found))

        def is_read(seen: UpdateSeen) -> bool:
            return not (isinstance(seen, Trouble) and seen.cause in WORTH_ANOTHER_LOOK)

        return await self._until(read, is_read, REREAD)

    async def _addon(self, settled: Callable[[Observed], bool], seconds: float) -> Observed:
        def read() -> Observed:
            return self.io.addons.read(self.ref)

        return await self._until(read, settled, seconds)

    async def _live(self, settled: Callable[[ManifestsSeen], bool], seconds: float) -> ManifestsSeen:
        def read() -> ManifestsSeen:
            return self.io.manifests.manifests(self.ref)

        return await self._until(read, settled, seconds)

    async def _until(self, read: Callable[[], R], settled: Callable[[R], bool], seconds: float) -> R:
        """Read until `settled` is true, or return the last value at the time limit."""
        io = self.io
        patience = Patience(io.clock, io.dice, io.backoff, io.note)

        async def awaited() -> R:
            return await self._call(read)

        try:
            return await patience.until(awaited, settled=settled, deadline=io.clock.now() + seconds)
        except DeadlineReachedError:
            return await self._call(read)

    async def _call(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.io.executor.submit(self.ref.scope, work))


def _status(observed: Observed) -> str:
    return observed.status if isinstance(observed, Managed) else ""


def _is_readable(observed: Observed) -> bool:
    return not (isinstance(observed, Unreachable) and observed.trouble.cause in WORTH_ANOTHER_LOOK)


def _is_anything(seen: ManifestsSeen) -> bool:
    return isinstance(seen, Manifests)


def _is_shown(observed: Observed) -> bool:
    return isinstance(observed, Managed)
