"""Updates the workload plane of one target: guard, apply, follow the rollout."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import field, replace
from functools import partial
from typing import TypeVar, assert_never

from eksaddon.apply.guard import Permit, PodGuard
from eksaddon.apply.planes import (
    planned_corefile,
    reload_wait,
    restored_corefile,
    rollback_expectation,
    workload_expectation,
)
from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
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
from eksaddon.domain.kube.readiness import NO_READINESS, READINESS_PATHS, Readiness
from eksaddon.domain.plan import AddonWrite, ClusterPlan, Plane, WorkloadWrite
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, Stale, Unproven, UnreachableTarget
from eksaddon.domain.run.records import Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import (
    SLEEP,
    STOCK_GRACE_SECONDS,
    NotChecked,
    RolledOut,
    RollingOut,
    RolloutStuck,
    Workload,
    WorkloadState,
    is_anothers,
)
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Executor, WorkloadApi
from eksaddon.rules.deployment_field import PRE_STOP, Field, to_replace
from eksaddon.rules.live_base import Expected, base_digest

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
        corefile_before: Digest of another Corefile that may be in force; empty for none.
        restores: Rolls back a change of this run.
        accepted_ns: Nanoseconds of preStop and lameduck that the plan accepts to be cut.
        reload_seconds: Wait after the Corefile is in force, before pods are restarted.
        removed_hook: Kind of a preStop handler that this run removed and a rollback cannot restore.
        expected: What else must still be as at planning; None if not compared.
    """

    ref: ClusterRef
    namespace: str
    write: WorkloadWrite
    goal: tuple[int | None, int | None]
    before: tuple[int, int]
    readiness: Readiness = NO_READINESS
    readiness_before: Readiness = NO_READINESS
    corefile: str = ""
    corefile_before: str = ""
    restores: bool = False
    accepted_ns: int = 0
    reload_seconds: float = 0.0
    removed_hook: str = ""
    expected: Expected | None = None

    def is_there(self, seen: Workload) -> bool:
        return not self.missing(seen)

    def missing(self, seen: Workload) -> tuple[Field, ...]:
        """The fields whose live value is not the goal."""
        return tuple(each for each in self._fields(seen) if not each.is_there)

    def _fields(self, seen: Workload) -> tuple[Field, ...]:
        (grace, pre_stop), (grace_before, pre_stop_before) = self.goal, self.before
        hook = "" if pre_stop is None else seen.other_pre_stop
        readiness = zip(
            READINESS_PATHS,
            self.readiness.values,
            self.readiness_before.values,
            seen.readiness.values,
            seen.readiness_owners,
            strict=True,
        )
        return (
            Field("grace period", grace, grace_before, seen.grace_seconds, seen.grace_owner, " s"),
            Field(
                PRE_STOP, pre_stop, pre_stop_before, seen.pre_stop_seconds, seen.pre_stop_owner, " s", hook
            ),
            *(Field(*each) for each in readiness),
        )

    def guard(self, seen: Workload) -> Outcome | None:
        """Stale if the settings were changed after planning; else None."""
        changed = [each for each in self._fields(seen) if not (each.is_there or each.live == each.before)]
        if not changed:
            reason = self.expected.moved(seen) if self.expected else ""
            return Stale(reason) if reason else None
        if all(each.name in READINESS_PATHS for each in changed):
            return Stale("the readiness probe was changed after planning")
        live = (seen.grace_seconds, seen.pre_stop_seconds)
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
        removed_hook="" if write.replaces_hook == SLEEP else write.replaces_hook,
    )


def aim_of(target: TargetProgress) -> Termination:
    """The settings to apply to a target's Deployment, by its plan, or on a rollback the previous ones."""
    plan, write = target.plan, target.plan.workload
    ref = plan.target.ref
    if write is None:
        raise AssertionError(f"{ref}: the plan contains no write to the Deployment")
    wait = reload_wait(target)
    if target.restores:
        restored, expected = back(ref, plan.namespace, write), rollback_expectation(plan, None)
        return replace(restored, accepted_ns=plan.cut_ns[0], reload_seconds=wait, expected=expected)
    comes_last = plan.order[-1] is Plane.WORKLOAD and len(plan.order) > 1
    corefile = planned_corefile(plan) if comes_last else ""
    aim = forward(ref, plan.namespace, write, corefile)
    expected = workload_expectation(plan, is_begun=comes_last or target.touched)
    return replace(aim, accepted_ns=plan.cut_ns[1], reload_seconds=wait, expected=expected)


def live_aim(plan: ClusterPlan, write: AddonWrite, *, restores: bool) -> Termination | None:
    """What must be live after an add-on update; None if nothing is to be read, or a write of it follows."""
    ref, namespace = plan.target.ref, plan.namespace
    if restores:
        corefile = restored_corefile(plan, write)
        aim = forward(ref, namespace, WorkloadWrite(None, None), corefile)
        before = plan.basis.live_corefile if plan.basis else ""
        return replace(aim, corefile_before=before) if corefile else None
    corefile, is_last = planned_corefile(plan), plan.order[-1:] == (Plane.ADDON,)
    if not is_last or not (plan.kept or corefile):
        return None
    aim = forward(ref, namespace, plan.kept or WorkloadWrite(None, None), corefile)
    return replace(aim, accepted_ns=plan.cut_ns[1])


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
        refusal = await self._applied(permit, self.aim.write)
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
            first = await self._call(lambda: self.api.look(self.aim.ref, self.aim.namespace))
            if isinstance(first, NotChecked):
                return first
        seen = await self._until(lambda one: self._corefile(one) is None, IN_FORCE)
        if isinstance(seen, NotChecked):
            return seen
        if self._corefile(seen) is not None:
            return Failed(Trouble(Cause.NOT_AS_PLANNED, _other_corefile(seen)))
        if self.aim.is_there(seen):
            return None
        missing = self.aim.missing(seen)
        reverted = ", ".join(map(str, missing))
        if not self.aim.write.reapply:
            return Failed(Trouble(Cause.WORKLOAD, f"the add-on update reverted {reverted}"))
        force = all(each.owner is None or not is_anothers(each.owner) for each in missing)
        self.note("writing", f"workload plane again: the add-on update reverted {reverted}")
        permit = self._permit(seen)
        if not isinstance(permit, Permit):
            return permit
        write = replace(self.aim.write, force=True, replaces_hook=to_replace(missing))
        outcome = await self._applied(permit, write if force else self.aim.write) or await self._rolled_out()
        if not isinstance(outcome, Changed):
            return outcome
        by_force = " by force" if force else ""
        return Changed("", f"the add-on update reverted {reverted}; applied again{by_force}")

    def _corefile(self, seen: Workload) -> Outcome | None:
        corefile = self.aim.corefile
        if not corefile or (seen.corefile is not None and self._is_in_force(seen.corefile)):
            return None
        message = "the new Corefile, which must be active first, is not in the live ConfigMap"
        return Failed(Trouble(Cause.WORKLOAD, message))

    def _is_in_force(self, live: str) -> bool:
        aim = self.aim
        return self.same_corefile(live, aim.corefile) or base_digest(live) == aim.corefile_before

    async def _in_force(self) -> WorkloadState:
        if not self.aim.corefile:
            return await self._until(lambda _: True, REREAD)
        self.note("waiting", "for the Corefile to become active")
        return await self._until(lambda seen: self._corefile(seen) is None, IN_FORCE)

    async def _applied(self, permit: Permit, write: WorkloadWrite) -> Outcome | None:
        """Send the apply; None if it was accepted."""
        del permit
        aim = self.aim

        send = partial(self.api.write, aim.ref, write, aim.namespace, force=write.force)
        return _of_answer(await self._call(send))

    async def would_fail(self) -> Outcome | None:
        """Why the API server would reject the apply, by a dry run; None if unknown or accepted.

        Called before the other plane is written first, so that a rejected apply does not leave one plane
        alone.
        """
        aim = self.aim

        write = partial(self.api.write, aim.ref, aim.write, aim.namespace, force=aim.write.force)
        answer = await self._call(lambda: write(dry_run=True))
        return None if isinstance(answer, NotChecked | WriteNotSent) else _of_answer(answer)

    async def _rolled_out(self) -> Outcome:
        self.note("verifying", "rollout")
        last_note = [""]

        def is_settled(seen: Workload) -> bool:
            if isinstance(seen.rollout, RollingOut) and seen.rollout.why != last_note[0]:
                last_note[0] = seen.rollout.why
                self.note("verifying", f"rollout: {seen.rollout.why}")
            return not isinstance(seen.rollout, RollingOut)

        seen = await self._until(is_settled, ROLLOUT)
        if isinstance(seen, NotChecked):
            return _unproven("how the rollout ended", seen)
        match seen.rollout:
            case RolledOut() if self.aim.is_there(seen):
                return self._restored()
            case RolledOut():
                message = "grace period, preStop or readiness probe was changed during the rollout"
                return Failed(Trouble(Cause.NOT_AS_PLANNED, message))
            case RollingOut():
                return Unproven(Trouble(Cause.STILL_RUNNING, seen.unfinished))
            case RolloutStuck():
                return Failed(Trouble(Cause.WORKLOAD, seen.unfinished))
            case _:
                assert_never(seen.rollout)

    def _restored(self) -> Outcome:
        """Changed, unless a rollback cannot restore a handler that this run removed."""
        hook = self.aim.removed_hook
        if not hook:
            return Changed("")
        message = (
            f"the grace period was restored; add the preStop hook of type {hook} to the Deployment again"
        )
        return Failed(Trouble(Cause.WORKLOAD, message))

    async def _until(self, settled: Callable[[Workload], bool], seconds: float) -> WorkloadState:
        """Read the workload until `settled` is true, or return the last read."""

        async def read() -> WorkloadState:
            return await self._call(lambda: self.api.look(self.aim.ref, self.aim.namespace))

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
        case ApplyConflict():
            message = f"{answer.owners}; {answer.remedy}"
            return Failed(Trouble(Cause.CONFLICT, message, operation="Apply"))
        case WriteRefused(reason=reason) | WriteForbidden(reason=reason):
            return Failed(Trouble(Cause.WORKLOAD, reason, operation="Apply"))
        case Overridden():
            message = f"admission changes the applied values: {answer}"
            return Failed(Trouble(Cause.NOT_AS_PLANNED, message, operation="Apply"))
        case WriteNotSent():
            return _unseen(answer)
        case NotChecked():
            return _unproven("whether the Deployment was changed", answer)
        case _:
            assert_never(answer)


def _other_corefile(seen: Workload) -> str:
    whose = f"{seen.corefile_owner.manager}'s" if seen.corefile_owner else "another"
    return f"EKS stores the new Corefile, but the live ConfigMap still contains {whose}"


def _unseen(state: WriteNotSent | NotChecked) -> Outcome:
    return UnreachableTarget(Trouble(Cause.WORKLOAD, state.reason, operation="Kubernetes API"))


def _unproven(what: str, state: NotChecked) -> Outcome:
    """Outcome of a write without a readable answer, or of a failed read after it."""
    message = f"{what} could not be read: {state.reason}"
    return Unproven(Trouble(Cause.WORKLOAD, message, operation="Kubernetes API"))
