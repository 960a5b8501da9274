"""Deletes the PodDisruptionBudget of one target, and reads that it is gone."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import field
from typing import TypeVar, assert_never

from eksaddon.apply.calls import Calls
from eksaddon.apply.guard import Permit, PodGuard
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.apply.world import World
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    Overridden,
    WriteForbidden,
    WriteNotSent,
    WriteRefused,
)
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.plan import BudgetRemoval, Plane
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
from eksaddon.domain.run.records import Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import ADDON_BUDGET, Budget, BudgetSeen, NoBudget, NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Executor, WorkloadApi
from eksaddon.values import Unreadable, parse_values

R = TypeVar("R")

OBJECT = f"PodDisruptionBudget {ADDON_BUDGET}"

SETTLED = 300.0
"""Maximum seconds until EKS has finished with the add-on, or has created its budget again."""

GONE = 120.0
"""Maximum seconds until a deleted object is gone; finalizers can hold it."""

ATTEMPTS = 5
"""The budget's status is written whenever a pod comes or goes, and each write makes a read budget old."""

_BUSY = frozenset({"CREATING", "UPDATING"})


@dataclass(frozen=True, slots=True)
class BudgetDeletion:
    """The deletion for one target, and what a rollback does about it.

    Attributes:
        is_begun: This run announced the deletion before.
    """

    ref: ClusterRef
    namespace: str
    removal: BudgetRemoval
    is_begun: bool
    calls: Calls
    api: WorkloadApi
    executor: Executor
    clock: Clock
    guard: PodGuard
    note: Callable[[str, str], None]
    tell: Callable[[Writing], Awaitable[None]]
    dice: random.Random
    backoff: Backoff = field(default_factory=Backoff)

    async def run(self) -> Outcome:
        """Delete the budget; idempotent, so that it can be repeated."""
        addon = await self._until(self.calls.read, _is_settled, SETTLED)
        refusal = _not_disabled(addon)
        return refusal if refusal is not None else await self._deleted()

    async def would_fail(self) -> Outcome | None:
        """Why the deletion would be refused, by a dry run; None if unknown or accepted.

        Called before the other planes are written, so that a refusal does not leave them alone.
        """
        found = await self._read()
        if not isinstance(found, Budget):
            return None
        permit = self.guard.before_deletion(found, self.removal)
        if not isinstance(permit, Permit):
            return permit

        def ask() -> ApplyAnswer:
            return self.api.delete_budget(self.ref, found, self.namespace, dry_run=True)

        answer = await self._call(ask)
        return (
            None
            if isinstance(answer, Applied | WriteNotSent | NotChecked | ApplyConflict)
            else _refused(answer)
        )

    async def restored(self) -> Outcome:
        """On a rollback: whether EKS has created the budget again with the previous document."""
        if not self.removal.returns:
            message = f"a rollback does not create the {OBJECT} again; podDisruptionBudget.enabled: true does"
            return Failed(Trouble(Cause.WORKLOAD, message))
        self.note("verifying", f"that EKS has created the {OBJECT} again")
        found = await self._until(self._read, lambda seen: isinstance(seen, Budget), SETTLED)
        match found:
            case Budget():
                return RolledBack("")
            case NotChecked():
                return _unseen(found)
            case NoBudget():
                message = f"EKS has not created the {OBJECT} again"
                return Failed(Trouble(Cause.WORKLOAD, message))
            case _:
                assert_never(found)

    async def _deleted(self) -> Outcome:
        is_announced = may_have_arrived = self.is_begun
        unsent = WriteNotSent("")
        for attempt in range(1, ATTEMPTS + 1):
            found = await self._until(self._read, lambda seen: not isinstance(seen, NotChecked), GONE)
            if isinstance(found, NotChecked):
                return _unproven(found) if may_have_arrived else _unseen(found)
            if isinstance(found, NoBudget):
                return Changed("") if may_have_arrived else InSync()
            permit = self.guard.before_deletion(found, self.removal)
            if not isinstance(permit, Permit):
                return permit
            if not is_announced:
                await self.tell(Writing(self.clock.now(), self.ref, "", None, plane=Plane.BUDGET))
                is_announced = True
            self.note("writing", f"deletion of the {OBJECT}")
            answer = await self._delete(permit, found)
            if isinstance(answer, Applied):
                return await self._gone()
            if not isinstance(answer, ApplyConflict | WriteNotSent | NotChecked):
                return _refused(answer)
            if isinstance(answer, WriteNotSent):
                unsent = answer
            else:
                may_have_arrived = True
            await self.clock.sleep(self.backoff.pause(attempt, self.dice))
        if not may_have_arrived:
            return _unseen(unsent)
        return await self._gone(is_accepted=False)

    async def _delete(self, permit: Permit, found: Budget) -> ApplyAnswer:
        del permit
        return await self._call(lambda: self.api.delete_budget(self.ref, found, self.namespace))

    async def _gone(self, *, is_accepted: bool = True) -> Outcome:
        """Read until the object is gone.

        Args:
            is_accepted: The server has accepted the deletion; otherwise it may have, or not.
        """
        self.note("verifying", f"that the {OBJECT} is gone")
        uid = self.removal.uid
        found = await self._until(
            self._read, lambda seen: isinstance(seen, NoBudget | Budget) and not _is(seen, uid), GONE
        )
        match found:
            case NoBudget():
                return Changed("")
            case NotChecked():
                return _unproven(found)
            case Budget() if found.uid == uid:
                message = f"the {OBJECT} still exists after its deletion; finalizers can hold it"
                if not is_accepted:
                    message = f"the {OBJECT} still exists: none of {ATTEMPTS} deletions was confirmed"
                return Unproven(Trouble(Cause.STILL_RUNNING, message))
            case Budget():
                by = ", ".join(found.managers) or "another manager"
                message = f"the {OBJECT} was deleted, and {by} created it again"
                return Failed(Trouble(Cause.WORKLOAD, message))
            case _:
                assert_never(found)

    async def _read(self) -> BudgetSeen:
        return await self._call(lambda: self.api.budget(self.ref, self.namespace))

    async def _until(
        self, read: Callable[[], Awaitable[R]], settled: Callable[[R], bool], seconds: float
    ) -> R:
        """Read until `settled` is true, or return the last read."""
        last: list[R] = []

        async def kept() -> R:
            last[:] = [await read()]
            return last[0]

        patience = Patience(self.clock, self.dice, self.backoff, self.note)
        try:
            return await patience.until(kept, settled=settled, deadline=self.clock.now() + seconds)
        except DeadlineReachedError:
            return last[0]

    async def _call(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.executor.submit(self.ref.scope, work))


def deletion_of(
    target: TargetProgress,
    world: World,
    guard: PodGuard,
    tell: Callable[[Writing], Awaitable[None]],
    backoff: Backoff,
) -> BudgetDeletion:
    """The deletion in a target's plan."""
    ref, removal = target.plan.target.ref, target.plan.removal
    if world.workloads is None or removal is None:
        raise AssertionError(f"{ref}: no PodDisruptionBudget to delete, or no access to the cluster")
    return BudgetDeletion(
        ref=ref,
        namespace=target.plan.namespace,
        removal=removal,
        is_begun=target.removed,
        calls=Calls(world.api, world.executor, ref),
        api=world.workloads,
        executor=world.executor,
        clock=world.clock,
        guard=guard,
        note=guard.note,
        tell=tell,
        dice=world.dice,
        backoff=backoff,
    )


def _is(seen: BudgetSeen, uid: str) -> bool:
    return isinstance(seen, Budget) and seen.uid == uid


def _is_settled(seen: Observed) -> bool:
    match seen:
        case Managed(status=status):
            return status not in _BUSY
        case Unreachable():
            return False
        case _:
            return True


def _not_disabled(seen: Observed) -> Outcome | None:
    """Why the budget must stay; None if the configuration still disables it."""
    match seen:
        case Unreachable(trouble=trouble):
            return UnreachableTarget(trouble)
        case Managed(status=status) if status in _BUSY:
            return Stale(f"the add-on is {status}: another update is in progress")
        case Managed(text=text):
            values = parse_values(text)
            budget = None if isinstance(values, Unreadable) else values.tree.get("podDisruptionBudget")
            if isinstance(budget, dict) and budget.get("enabled") is False:
                return None
            return Stale("the configuration no longer disables the PodDisruptionBudget")
        case _:
            return Stale("the managed add-on is no longer installed")


def _refused(answer: WriteRefused | WriteForbidden | Overridden) -> Outcome:
    match answer:
        case WriteRefused(reason=reason, hint=hint) | WriteForbidden(reason=reason, hint=hint):
            message = f"{reason}; {hint}" if hint else reason
            return Failed(Trouble(Cause.WORKLOAD, message, operation="Delete"))
        case Overridden():
            raise AssertionError(f"a deletion has no values that could be overridden: {answer}")
        case _:
            assert_never(answer)


def _unseen(state: WriteNotSent | NotChecked) -> Outcome:
    return UnreachableTarget(Trouble(Cause.WORKLOAD, state.reason, operation="Kubernetes API"))


def _unproven(state: NotChecked) -> Outcome:
    message = f"whether the {OBJECT} is deleted could not be read: {state.reason}"
    return Unproven(Trouble(Cause.WORKLOAD, message, operation="Kubernetes API"))
