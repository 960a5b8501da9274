"""Updates the workload plane of one target: guard, apply, follow the rollout."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar, assert_never

from eksaddon.apply.guard import Permit, PodGuard
from eksaddon.apply.planes import planned_corefile, reload_wait
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    Overridden,
    WriteForbidden,
    WriteRefused,
)
from eksaddon.domain.kube.readiness import NO_READINESS, Readiness
from eksaddon.domain.plan import Plane, WorkloadWrite
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, Stale, Unproven, UnreachableTarget
from eksaddon.domain.run.records import Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import (
    STOCK_GRACE_SECONDS,
    NotChecked,
    RolledOut,
    RollingOut,
    RolloutStuck,
    Workload,
    WorkloadState,
)
from eksaddon.ports import Clock, Executor, WorkloadApi

R = TypeVar("R")

ROLLOUT = 900.0
"""Maximum seconds to wait for a rollout; the Deployment's own deadline is 600."""

IN_FORCE = 300.0
"""Maximum seconds to wait for EKS to write a ConfigMap."""

REREAD = 120.0


@dataclass(frozen=True, slots=True)
class Termination:
    """The termination settings to apply, and their preconditions.

    Attributes:
        goal: Grace and preStop in seconds; None if not set.
        readiness: Readiness probe; fields without a value are not set.
        corefile: Corefile that must be in force first; empty if not required.
        restores: Rolls back a change of this run.
        accepted_ns: Nanoseconds of preStop and lameduck that the plan accepts to be cut.
        reload_seconds: Wait after the Corefile is in force, before pods are restarted.
    """

    ref: ClusterRef
    namespace: str
    write: WorkloadWrite
    goal: tuple[int | None, int | None]
    before: tuple[int, int]
    readiness: Readiness = NO_READINESS
    readiness_before: Readiness = NO_READINESS
    corefile: str = ""
    restores: bool = False
    accepted_ns: int = 0
    reload_seconds: float = 0.0

    def is_there(self, seen: Workload) -> bool:
        live = (seen.grace_seconds, seen.pre_stop_seconds)
        is_goal = all(want in {None, have} for want, have in zip(self.goal, live, strict=True))
        return is_goal and self.readiness.agrees_with(seen.readiness)

    def guard(self, seen: Workload) -> Outcome | None:
        """Stale if the settings were changed after planning; else None."""
        live = (seen.grace_seconds, seen.pre_stop_seconds)
        is_as_planned = live == self.before and self.readiness_before.agrees_with(seen.readiness)
        if is_as_planned or self.is_there(seen):
            return None
        if live == self.before:
            return Stale("the readiness probe was changed after planning")
        return Stale(
            f"grace period and preStop are now {live[0]} s and {live[1]} s, "
            f"but were {self.before[0]} s and {self.before[1]} s at planning"
        )


def forward(ref: ClusterRef, namespace: str, write: WorkloadWrite, corefile: str) -> Termination:
    goal = (write.grace_seconds, write.pre_stop_seconds)
    before = write.readiness_before.only(write.readiness)
    return Termination(ref, namespace, write, goal, write.before, write.readiness, before, corefile=corefile)


def back(ref: ClusterRef, namespace: str, write: WorkloadWrite) -> Termination:
    """The previous settings: released if they were Kubernetes' defaults, else set again."""
    was_stock = write.before == (STOCK_GRACE_SECONDS, 0)
    readiness = write.readiness_before.only(write.readiness)
    kept = WorkloadWrite(None, None) if was_stock else WorkloadWrite(*write.before)
    restoring = replace(kept, readiness=readiness)
    now = (write.grace_seconds, write.pre_stop_seconds)
    before = tuple(old if new is None else new for new, old in zip(now, write.before, strict=True))
    return Termination(
        ref,
        namespace,
        restoring,
        write.before,
        (before[0], before[1]),
        readiness,
        write.readiness,
        restores=True,
    )


def aim_of(target: TargetProgress) -> Termination:
    """The settings to apply to a target's Deployment, by its plan, or on a rollback the previous ones."""
    plan, write = target.plan, target.plan.workload
    ref = plan.target.ref
    if write is None:
        raise AssertionError(f"{ref}: the plan contains no write to the Deployment")
    wait = reload_wait(target)
    if target.restores:
        given_back = back(ref, plan.namespace, write)
        return replace(given_back, accepted_ns=plan.cut_ns[0], reload_seconds=wait)
    comes_last = plan.order[-1] is Plane.WORKLOAD and len(plan.order) > 1
    corefile = planned_corefile(plan) if comes_last else ""
    aim = forward(ref, plan.namespace, write, corefile)
    return replace(aim, accepted_ns=plan.cut_ns[1], reload_seconds=wait)


@dataclass(frozen=True, slots=True)
class WorkloadUpdate:
    """The update of one target's workload plane."""

    aim: Termination
    api: WorkloadApi
    executor: Executor
    clock: Clock
    guard: PodGuard
    note: Callable[[str, str], None]
    tell: Callable[[Writing], Awaitable[None]]
    same_corefile: Callable[[str, str], bool]
    dice: random.Random
    backoff: Backoff = field(default_factory=Backoff)

    async def run(self) -> Outcome:
        """Apply the settings; idempotent, so that it can be repeated."""
        seen = await self._in_force()
        if isinstance(seen, Workload) and self.aim.reload_seconds and not self.aim.is_there(seen):
            self.note("waiting", f"{self.aim.reload_seconds:g} s for CoreDNS to reload before its restart")
            await self.clock.sleep(self.aim.reload_seconds)
            seen = await self._in_force()
        if isinstance(seen, NotChecked):
            return _unseen(seen)
        refusal = self._corefile(seen) or self.aim.guard(seen)
        if refusal is not None:
            return refusal
        permit = self._permit(seen)
        if not isinstance(permit, Permit):
            return permit
        now, ref = self.clock.now(), self.aim.ref
        await self.tell(Writing(now, ref, "", None, self.aim.restores, Plane.WORKLOAD))
        self.note("writing", "workload plane")
        refusal = await self._applied(permit)
        return refusal if refusal is not None else await self._rolled_out()

    def _permit(self, seen: Workload) -> Permit | Outcome:
        grace, pre_stop = self.aim.goal
        return self.guard.before_workload(
            seen,
            seen.grace_seconds if grace is None else grace,
            seen.pre_stop_seconds if pre_stop is None else pre_stop,
            accepted_ns=self.aim.accepted_ns,
        )

    async def check(self, *, patient: bool = True) -> Outcome | NotChecked | None:
        """Check the settings after an add-on update; None if they are as planned.

        Reverted settings are applied again if `reapply` is set.

        Args:
            patient: Wait for an unreachable Kubernetes API.
        """
        if not patient:
            first = await self._call(lambda: self.api.read(self.aim.ref, self.aim.namespace))
            if isinstance(first, NotChecked):
                return first
        seen = await self._until(lambda one: self._corefile(one) is None, IN_FORCE)
        if isinstance(seen, NotChecked):
            return seen
        if self._corefile(seen) is not None:
            return Failed(Trouble(Cause.NOT_AS_PLANNED, _other_corefile(seen)))
        if self.aim.is_there(seen):
            return None
        reverted = _reverted(seen, self.aim)
        if not self.aim.write.reapply:
            return Failed(Trouble(Cause.WORKLOAD, reverted))
        self.note("writing", f"workload plane again: {reverted}")
        permit = self._permit(seen)
        if not isinstance(permit, Permit):
            return permit
        outcome = await self._applied(permit) or await self._rolled_out()
        return None if isinstance(outcome, Changed) else outcome

    def _corefile(self, seen: Workload) -> Outcome | None:
        corefile = self.aim.corefile
        if not corefile or (seen.corefile is not None and self.same_corefile(seen.corefile, corefile)):
            return None
        message = "the new Corefile, which must be active first, is not in the live ConfigMap"
        return Failed(Trouble(Cause.WORKLOAD, message))

    async def _in_force(self) -> WorkloadState:
        if not self.aim.corefile:
            return await self._until(lambda _: True, REREAD)
        self.note("waiting", "for the Corefile to become active")
        return await self._until(lambda seen: self._corefile(seen) is None, IN_FORCE)

    async def _applied(self, permit: Permit) -> Outcome | None:
        del permit
        aim = self.aim

        def send() -> ApplyAnswer:
            return self.api.write(aim.ref, aim.write, aim.namespace, force=aim.write.force)

        return _of_answer(await self._call(send))

    async def would_fail(self) -> Outcome | None:
        """Why the API server would reject the apply, by a dry run; None if unknown or accepted.

        Called before the other plane is written first, so that a rejected apply does not leave one plane
        alone.
        """
        aim = self.aim

        def ask() -> ApplyAnswer:
            return self.api.write(aim.ref, aim.write, aim.namespace, force=aim.write.force, dry_run=True)

        answer = await self._call(ask)
        return None if isinstance(answer, NotChecked) else _of_answer(answer)

    async def _rolled_out(self) -> Outcome:
        self.note("verifying", "rollout")
        last_note = [""]

        def is_settled(seen: Workload) -> bool:
            if isinstance(seen.rollout, RollingOut) and seen.unfinished != last_note[0]:
                last_note[0] = seen.unfinished
                self.note("verifying", seen.unfinished)
            return not isinstance(seen.rollout, RollingOut)

        seen = await self._until(is_settled, ROLLOUT)
        if isinstance(seen, NotChecked):
            return _unseen(seen)
        match seen.rollout:
            case RolledOut() if self.aim.is_there(seen):
                return Changed("")
            case RolledOut():
                message = "grace period, preStop or readiness probe was changed during the rollout"
                return Failed(Trouble(Cause.NOT_AS_PLANNED, message))
            case RollingOut():
                return Unproven(Trouble(Cause.STILL_RUNNING, seen.unfinished))
            case RolloutStuck():
                return Failed(Trouble(Cause.WORKLOAD, seen.unfinished))
            case _:
                assert_never(seen.rollout)

    async def _until(self, settled: Callable[[Workload], bool], seconds: float) -> WorkloadState:
        """Read the workload until `settled` is true, or return the last read."""

        async def read() -> WorkloadState:
            return await self._call(lambda: self.api.read(self.aim.ref, self.aim.namespace))

        def is_settled(seen: WorkloadState) -> bool:
            return isinstance(seen, Workload) and settled(seen)

        patience = Patience(self.clock, self.dice, self.backoff, self.note)
        try:
            return await patience.until(read, settled=is_settled, deadline=self.clock.now() + seconds)
        except DeadlineReachedError as error:
            last = error.last
            return last if isinstance(last, Workload | NotChecked) else NotChecked("no response was received")

    async def _call(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.executor.submit(self.aim.ref.scope, work))


def _of_answer(answer: ApplyAnswer) -> Outcome | None:
    """Outcome of an apply; None if it succeeded."""
    match answer:
        case Applied():
            return None
        case ApplyConflict(conflicts=conflicts):
            owners = "; ".join(f"{each.field} is managed by {each.manager}" for each in conflicts)
            hint = f"{owners}; use --force-conflicts to take over"
            return Failed(Trouble(Cause.CONFLICT, hint, operation="Apply"))
        case WriteRefused(reason=reason) | WriteForbidden(reason=reason):
            return Failed(Trouble(Cause.WORKLOAD, reason, operation="Apply"))
        case Overridden():
            message = f"admission changes what is applied: {answer}"
            return Failed(Trouble(Cause.NOT_AS_PLANNED, message, operation="Apply"))
        case NotChecked():
            return _unseen(answer)
        case _:
            assert_never(answer)


def _other_corefile(seen: Workload) -> str:
    owner = seen.corefile_owner
    whose = f"{owner.manager}'s" if owner else "another"
    return f"EKS stores the new Corefile, but the live ConfigMap still contains {whose}"


def _reverted(seen: Workload, aim: Termination) -> str:
    if not aim.readiness.agrees_with(seen.readiness):
        probe = aim.readiness.over(seen.readiness)
        return f"the add-on update reverted the readiness probe: {seen.readiness} instead of {probe}"
    owner = seen.grace_owner or seen.pre_stop_owner
    by = f" by {owner.manager}" if owner else ""
    return (
        f"the add-on update reverted grace period and preStop{by}: "
        f"{seen.grace_seconds} s and {seen.pre_stop_seconds} s"
    )


def _unseen(state: NotChecked) -> Outcome:
    return UnreachableTarget(Trouble(Cause.WORKLOAD, state.reason, operation="Kubernetes API"))
