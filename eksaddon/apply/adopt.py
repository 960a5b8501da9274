"""Creates the add-on over a running CoreDNS, follows and verifies it; or removes it again."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from eksaddon.apply.adoption_verdict import (
    CREATING,
    is_over,
    is_own,
    is_settled,
    lacks_addon,
    of_addon,
    of_workload,
    refusal,
    what_is_there,
)
from eksaddon.apply.guard import Permit, before_creation
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.apply.verdict import UNCERTAIN, WORTH_ANOTHER_LOOK
from eksaddon.domain.adoption import Adoption, Manifests, ManifestsSeen
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, RolledBack, Unproven
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import AddonApi, AddonInstaller, Clock, CreateRequest, Executor, ManifestReader

R = TypeVar("R")

APPEAR, CREATE, SETTLE, ROLLOUT = 60.0, 2400.0, 300.0, 900.0
"""Seconds until an add-on that was asked for can be read, is created, is healthy, has all its pods."""

REMOVE, REREAD = 900.0, 30.0
"""Seconds until one is given up, and for a read that fails to work again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The result of an adoption.

    Attributes:
        there: Sentences on the current state; empty if everything is as planned.
    """

    outcome: Outcome
    there: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hands:
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
    hands: Hands

    async def adopt(self, plan: Adoption) -> Ending:
        """Read, create, follow and verify."""
        observed = await self._addon(_is_readable, REREAD)
        if is_own(observed, plan):
            return await self.follow(plan)
        seen = await self._live(_is_anything, REREAD)
        permit = refusal(observed, seen, plan) or before_creation(seen, plan.corefile)
        if not isinstance(permit, Permit):
            return Ending(permit)
        self.hands.note("writing", "CreateAddon")
        trouble = await self._created(plan, permit)
        return await self.follow(plan) if trouble is None else await self._bad(Failed(trouble))

    async def follow(self, plan: Adoption) -> Ending:
        """Follow a requested add-on to its end, and verify the result."""
        self.hands.note("creating", "")
        await self._addon(lambda seen: isinstance(seen, Managed), APPEAR)
        await self._addon(lambda seen: _is_readable(seen) and _status(seen) != CREATING, CREATE)
        found = of_addon(await self._addon(is_over, SETTLE), plan)
        if found is not None:
            return await self._bad(found)
        self.hands.note("verifying", "Corefile and rollout")
        outcome = of_workload(await self._live(lambda seen: is_settled(seen, plan), ROLLOUT), plan)
        return Ending(outcome) if isinstance(outcome, Changed) else await self._bad(outcome)

    async def give_up(self) -> Ending:
        """Remove the add-on; the live objects keep running."""
        self.hands.note("writing", "DeleteAddon, objects preserved")
        trouble = await self._call(lambda: self.hands.installer.remove(self.ref))
        if trouble is not None and trouble.cause not in UNCERTAIN:
            return await self._bad(Failed(trouble))
        return await self.follow_removal(trouble)

    async def follow_removal(self, trouble: Trouble | None = None) -> Ending:
        """Follow a requested deletion, and verify that the live objects keep running.

        Args:
            trouble: Error of the request; None if EKS accepted it, or another process sent it.
        """
        self.hands.note("deleting", "")
        observed = await self._addon(_is_gone, REMOVE)
        if lacks_addon(observed):
            return await self._given_up()
        if isinstance(observed, Unreachable):
            return await self._bad(Unproven(observed.trouble))
        message = f"the add-on is still there: {_status(observed) or 'state unknown'}"
        return await self._bad(Failed(trouble or Trouble(Cause.UPDATE_FAILED, message)))

    async def _given_up(self) -> Ending:
        seen = await self._live(_is_anything, REREAD)
        if isinstance(seen, Manifests) and seen.workload.corefile == self.corefile:
            return Ending(RolledBack(""))
        message = "the add-on was removed, but the live objects changed"
        return await self._bad(Failed(Trouble(Cause.WORKLOAD, message)))

    async def _bad(self, outcome: Outcome) -> Ending:
        observed, seen = await self._addon(_is_readable, REREAD), await self._live(_is_anything, REREAD)
        return Ending(outcome, tuple(what_is_there(observed, seen, self.corefile)))

    async def _created(self, plan: Adoption, permit: Permit) -> Trouble | None:
        """Send the request once; after an unclear result, check whether it arrived before a retry."""
        del permit
        request = CreateRequest(plan.version, plan.text, plan.resolve_conflicts, plan.token)
        trouble = await self._call(lambda: self.hands.installer.create(self.ref, request))
        if trouble is None or trouble.cause not in UNCERTAIN | {Cause.BUSY, Cause.CREDENTIALS_EXPIRED}:
            return trouble
        observed = await self._addon(_is_readable, REREAD)
        if is_own(observed, plan):
            return None
        if not lacks_addon(observed):
            return trouble
        return await self._call(lambda: self.hands.installer.create(self.ref, request))

    async def _addon(self, settled: Callable[[Observed], bool], seconds: float) -> Observed:
        def read() -> Observed:
            return self.hands.addons.read(self.ref)

        return await self._until(read, settled, seconds)

    async def _live(self, settled: Callable[[ManifestsSeen], bool], seconds: float) -> ManifestsSeen:
        def read() -> ManifestsSeen:
            return self.hands.manifests.manifests(self.ref)

        return await self._until(read, settled, seconds)

    async def _until(self, read: Callable[[], R], settled: Callable[[R], bool], seconds: float) -> R:
        """Read until `settled` is true, or return the last value at the time limit."""
        hands = self.hands
        patience = Patience(hands.clock, hands.dice, hands.backoff, hands.note)

        async def awaited() -> R:
            return await self._call(read)

        try:
            return await patience.until(awaited, settled=settled, deadline=hands.clock.now() + seconds)
        except DeadlineReachedError:
            return await self._call(read)

    async def _call(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.hands.executor.submit(self.ref.scope, work))


def _status(observed: Observed) -> str:
    return observed.status if isinstance(observed, Managed) else ""


def _is_readable(observed: Observed) -> bool:
    return not (isinstance(observed, Unreachable) and observed.trouble.cause in WORTH_ANOTHER_LOOK)


def _is_anything(seen: ManifestsSeen) -> bool:
    return isinstance(seen, Manifests)


def _is_gone(observed: Observed) -> bool:
    return lacks_addon(observed) or _status(observed) == "DELETE_FAILED"
