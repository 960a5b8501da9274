"""Carries out a plan: asks the machine what may start, runs it, collects one outcome a target."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from eksaddon.apply.calls import Calls
from eksaddon.apply.events import Ended, Event, Halted, Stepped
from eksaddon.apply.machine import Progress, Width
from eksaddon.apply.retry import Backoff
from eksaddon.apply.update import Patiences, TargetUpdate
from eksaddon.apply.verdict import SameDocument
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.outcome import Failed, Outcome, Skipped, Stale, Unchanged, Unreached
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.run import RunResult, RunState, TargetResult
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import AddonApi, Clock, Executor


@dataclass(frozen=True, slots=True)
class World:
    """The ports a run acts through."""

    api: AddonApi
    executor: Executor
    clock: Clock
    emit: Callable[[Event], None]
    same: SameDocument
    dice: random.Random


@dataclass(slots=True)
class Run:
    """One execution of a plan; `stop` may be called from a signal handler."""

    plan: Plan
    run_id: str
    world: World
    width: Width = field(default_factory=Width)
    limits: Patiences = field(default_factory=Patiences)
    backoff: Backoff = field(default_factory=Backoff)
    _progress: Progress = field(init=False)
    _wake: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _outcomes: dict[ClusterRef, Outcome] = field(init=False, default_factory=dict)
    _seconds: dict[ClusterRef, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        writes = (cluster.target.ref for cluster in self.plan.clusters if cluster.write is not None)
        self._progress = Progress(tuple(writes))

    def stop(self, reason: str) -> None:
        """Start nothing new; what was started is followed to its end, because EKS cannot cancel it."""
        self._progress = self._progress.halted(reason)
        self.world.emit(Halted(reason, self.world.clock.now()))
        self._wake.set()

    async def execute(self) -> RunResult:
        plans = {cluster.target.ref: cluster for cluster in self.plan.clusters}
        async with asyncio.TaskGroup() as tasks:
            while not self._progress.is_over:
                startable = self._progress.startable(self.width)
                self._progress = self._progress.started(startable)
                for ref in startable:
                    tasks.create_task(self._one(plans[ref]))
                if not self._progress.is_over:
                    await self._wake.wait()
                    self._wake.clear()
        return self._result(plans)

    async def _one(self, plan: ClusterPlan) -> None:
        ref, begun = plan.target.ref, self.world.clock.now()
        outcome = await self._update(plan).run()
        now = self.world.clock.now()
        self._outcomes[ref], self._seconds[ref] = outcome, now - begun
        was_stopped = self._progress.stopped
        self._progress = self._progress.ended(ref, outcome, self.width)
        self.world.emit(Ended(ref, outcome, now))
        if self._progress.stopped and not was_stopped:
            self.world.emit(Halted(self._progress.stopped, now))
        self._wake.set()

    def _update(self, plan: ClusterPlan) -> TargetUpdate:
        if plan.write is None:
            raise AssertionError(f"{plan.target}: nothing to write, yet started")
        ref = plan.target.ref

        def note(step: str, detail: str) -> None:
            self.world.emit(Stepped(ref, step, detail, self.world.clock.now()))

        return TargetUpdate(
            plan=plan,
            write=plan.write,
            run_id=self.run_id,
            calls=Calls(self.world.api, self.world.executor, ref),
            clock=self.world.clock,
            same=self.world.same,
            note=note,
            dice=self.world.dice,
            limits=self.limits,
            backoff=self.backoff,
        )

    def _result(self, plans: Mapping[ClusterRef, ClusterPlan]) -> RunResult:
        reason = self._progress.stopped or "not started"
        results = tuple(
            TargetResult(
                plan,
                self._outcomes.get(ref) or without_write(plan, reason),
                self._seconds.get(ref, 0.0),
            )
            for ref, plan in plans.items()
        )
        state = run_state(tuple(result.outcome for result in results), stopped=bool(self._progress.stopped))
        return RunResult(self.run_id, state, results, self.plan.digest, self.plan.created_at)


def without_write(plan: ClusterPlan, not_started: str) -> Outcome:
    """The outcome of a target that was never started."""
    match plan.action:
        case Action.UPDATE:
            return Skipped(not_started) if plan.write is not None else Unchanged()
        case Action.NONE:
            return Unchanged()
        case Action.BLOCKED:
            return Skipped(f"blocked: {plan.reason}")
        case Action.SKIP:
            return Skipped(plan.reason)
        case Action.UNREACHABLE:
            return Unreached(plan.trouble or Trouble(Cause.UNKNOWN, plan.reason))
        case _:
            assert_never(plan.action)


def run_state(outcomes: tuple[Outcome, ...], *, stopped: bool) -> RunState:
    bad = sum(1 for outcome in outcomes if isinstance(outcome, Failed | Stale | Unreached))
    if stopped:
        return RunState.STOPPED
    if not bad:
        return RunState.SUCCEEDED
    return RunState.FAILED if bad == len(outcomes) else RunState.SUCCEEDED_WITH_FAILURES
