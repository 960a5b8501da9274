"""Executes a run: gets the next step from the state machine, performs it, and records it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import assert_never

from eksaddon.apply.budget.deletion import BudgetDeletion, deletion_of
from eksaddon.apply.calls import Calls
from eksaddon.apply.checks import INCONCLUSIVE, DueCheck
from eksaddon.apply.events import Halted, Stepped
from eksaddon.apply.guard import PodGuard
from eksaddon.apply.intent import Held, Intent, demand_of, intent_of
from eksaddon.apply.journal_writer import JournalWriter, record_of
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.apply.machine import decide
from eksaddon.apply.planes import combined, is_good, planes_left, with_doubt
from eksaddon.apply.probing.running import WaveProbes
from eksaddon.apply.retry import Backoff
from eksaddon.apply.sign_in import sign_in_trouble
from eksaddon.apply.steps import (
    BeginWave,
    Close,
    EndProbe,
    EndWave,
    InFlight,
    Limits,
    Pause,
    ReadProbe,
    RollBack,
    Soak,
    Start,
    StartProbe,
    Stop,
    Wait,
)
from eksaddon.apply.surprise import Surprise, surprise, surprised
from eksaddon.apply.update import TargetUpdate
from eksaddon.apply.verdict import live_seen
from eksaddon.apply.workload import Termination, WorkloadUpdate, aim_of, live_aim
from eksaddon.apply.world import CheckWave, World
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Plane
from eksaddon.domain.probing.session import SessionState
from eksaddon.domain.proof import LiveNotRead, LiveSeen
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, RolledBack
from eksaddon.domain.run.progress import RunProgress, advance
from eksaddon.domain.run.records import Ended, GateLooked, PlaneDone, Record, Writing
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import Account, ClusterRef
from eksaddon.frozen import dataclass

COME_BACK = 30.0
"""Seconds until a waiting target is checked again."""


@dataclass(slots=True)
class Run:
    """The execution of a run in this process; `stop` can be called from a signal handler.

    Attributes:
        run_progress: Progress of the run; its events are in the journal.
        lease: Renews the lease; None without one.
        undecided: Targets with a recorded write but unknown result, of this run or an earlier one.
        surprises: Bugs after which the run continued.
    """

    run_progress: RunProgress
    world: World
    journal_writer: JournalWriter
    limits: Limits = field(default_factory=Limits)
    patience: TimeLimits = field(default_factory=TimeLimits)
    backoff: Backoff = field(default_factory=Backoff)
    lease: LeaseRenewer | None = None
    undecided: frozenset[ClusterRef] = frozenset()
    surprises: list[Surprise] = field(init=False, default_factory=list)
    _probes: WaveProbes = field(init=False)
    _active: set[ClusterRef] = field(init=False, default_factory=set)
    _held: dict[ClusterRef, float] = field(init=False, default_factory=dict)
    _held_since: dict[ClusterRef, float] = field(init=False, default_factory=dict)
    _begun: dict[ClusterRef, float] = field(init=False, default_factory=dict)
    _undetermined: set[ClusterRef] = field(init=False, default_factory=set)
    _halted: str = field(init=False, default="")
    _wake: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        world = self.world
        self._probes = WaveProbes(
            world.probes, world.executor, world.clock, world.dns_servers, world.dns_name
        )

    def stop(self, reason: str) -> None:
        """Start no new updates; running ones are followed to the end, because EKS cannot cancel them."""
        self._halted = self._halted or reason
        self.world.emit(Halted(reason, self.world.clock.now()))
        self._wake.set()

    async def execute(self) -> RunProgress:
        """Continue until the run pauses or ends, or its journal cannot be written (`journal_writer.lost`).

        Raises:
            Exception: A bug outside the tasks of targets; running updates were followed to the end.
        """
        keeping = asyncio.create_task(self.lease.keep(self.stop)) if self.lease else None
        bug: Exception | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                try:
                    while await self._next(tasks):
                        pass
                except Exception as error:  # noqa: BLE001  # raised again once the targets have ended
                    bug = error
        finally:
            self._probes.stop()
            if keeping is not None:
                keeping.cancel()
        if bug is not None:
            raise bug
        return self.run_progress

    async def _next(self, tasks: asyncio.TaskGroup) -> bool:
        """Perform one step; False if there is nothing more to do in this process."""
        if self.journal_writer.lost is not None:
            return await self._drain()
        step = decide(self.run_progress, self.limits, self._in_flight())
        match step:
            case Start(refs=refs):
                for ref in refs:
                    self._active.add(ref)
                    tasks.create_task(self._process(ref))
            case DueCheck():
                await self._look(step)
            case Wait(until=until):
                await self._wait(until)
            case StartProbe() | ReadProbe() | EndProbe():
                await self._probe(step)
            case BeginWave() | Soak():
                await self._record(record_of(step, self.world.clock.now()))
            case EndWave() | RollBack() | Pause() | Stop() | Close():
                await self._end_probes()
                await self._record(record_of(step, self.world.clock.now()))
                return isinstance(step, EndWave | RollBack)
            case _:
                assert_never(step)
        return True

    async def _drain(self) -> bool:
        """Without a journal, wait for running updates and start no new ones."""
        if self._active:
            await self._wait(None)
        return bool(self._active)

    def _in_flight(self) -> InFlight:
        now, active = self.world.clock.now(), frozenset(self._active)
        undetermined, probes = frozenset(self._undetermined), self._probes
        return InFlight(now, active, self._held, self._halted, undetermined, probes.wave, probes.due)

    async def _probe(self, step: StartProbe | ReadProbe | EndProbe) -> None:
        match step:
            case StartProbe(wave=name):
                wave = self.run_progress.find(name)
                if wave is None:
                    raise AssertionError(f"the run has no wave {name!r}")
                await self._record(await self._probes.start(self.run_progress, wave))
            case ReadProbe(is_kept=is_kept):
                await self._read_probes(force=is_kept)
            case EndProbe():
                await self._end_probes(SessionState.COMPLETE)
            case _:
                assert_never(step)

    async def _read_probes(self, *, force: bool = False) -> None:
        record = await self._probes.read(force=force)
        if record is not None:
            await self._record(record)

    async def _end_probes(self, state: SessionState = SessionState.LEFT) -> None:
        record = await self._probes.end(state)
        if record is not None:
            await self._record(record)

    async def _record(self, record: Record) -> None:
        """Record an event; if that fails, no new updates start.

        The event is applied nevertheless: the result includes it, and resuming the run checks again.
        """
        try:
            await self.journal_writer.write(record)
        except EksdnsError as error:
            self.stop(f"the journal cannot be written: {error}")
        self.run_progress = advance(self.run_progress, record)
        self.world.emit(record)

    async def _wait(self, until: float | None) -> None:
        """Wait until a target has finished, or until the given time."""
        if until is None:
            await self._wake.wait()
        else:
            sleeping = asyncio.create_task(self.world.clock.sleep(max(0.0, until - self.world.clock.now())))
            waking = asyncio.create_task(self._wake.wait())
            _, left = await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
        self._wake.clear()

    async def _look(self, due: DueCheck) -> None:
        wave = self.run_progress.find(due.wave)
        check = self.world.checks.get(due.check)
        verdict, detail = INCONCLUSIVE, f"unknown check {due.check!r}"
        if wave is not None and check is not None:
            verdict, detail = await self._verdict(check, due.check, wave)
        await self._record(GateLooked(self.world.clock.now(), due.wave, due.check, verdict, detail))

    async def _verdict(self, check: CheckWave, name: str, wave: WaveProgress) -> tuple[str, str]:
        try:
            return await check(self.run_progress, wave)
        except Exception as error:  # noqa: BLE001  # a bug in a check makes it inconclusive
            return INCONCLUSIVE, str(self._surprise(f"check {name}", error))

    def _surprise(self, about: str, error: Exception) -> Surprise:
        self.surprises.append(surprise(about, error, self.world.keep_traceback))
        return self.surprises[-1]

    async def _process(self, ref: ClusterRef) -> None:
        """Process a target, which is active until its result is recorded."""
        begun = self._begun.setdefault(ref, self.world.clock.now())
        try:
            outcome = await self._outcome(ref)
            now = self.world.clock.now()
            if isinstance(outcome, Held):
                self._hold(ref, outcome, now)
            elif trouble := sign_in_trouble(outcome, ref.account, self._accounts()):
                self._undetermined.add(ref)
                self.stop(f"{trouble}; {trouble.hint}")
            else:
                self._held.pop(ref, None)
                self._held_since.pop(ref, None)
                self._begun.pop(ref, None)
                await self._read_probes(force=True)
                await self._record(Ended(now, ref, outcome, now - begun))
        except EksdnsError as error:
            self.stop(str(error))
        except Exception as error:  # noqa: BLE001  # becomes the outcome of this target only
            await self._surprised(ref, error, begun)
        finally:
            self._active.discard(ref)
            self._wake.set()

    def _accounts(self) -> Iterator[Account]:
        """Accounts with targets; computed lazily."""
        concerned = {ref.account for ref in self.run_progress.targets}
        yield from (each for each in self.run_progress.opened.accounts if each.id in concerned)

    async def _surprised(self, ref: ClusterRef, error: Exception, begun: float) -> None:
        found = self._surprise(str(ref), error)
        try:
            now = self.world.clock.now()
            await self._record(Ended(now, ref, surprised(self.run_progress.targets[ref], found), now - begun))
        except Exception as again:  # noqa: BLE001  # the target stays open; resuming the run checks it again
            self._undetermined.add(ref)
            self.stop(str(self._surprise(str(ref), again)))

    def _hold(self, ref: ClusterRef, held: Held, now: float) -> None:
        self._held_since.setdefault(ref, now)
        self._held[ref] = now + COME_BACK
        self.world.emit(Stepped(ref, "held", held.reason, now))

    async def _outcome(self, ref: ClusterRef) -> Outcome | Held:
        """Write the planes in order; the first failure is the target's outcome."""
        outcomes: list[Outcome] = []
        planes = planes_left(self.run_progress.targets[ref])
        refused = await self._dry_run_refusal(ref, planes)
        if refused is not None:
            return refused
        for plane in planes:
            outcome = await self._plane(ref, plane)
            if isinstance(outcome, Held) or not is_good(outcome):
                return outcome
            outcomes.append(outcome)
            if plane is not planes[-1]:
                await self._recorded(PlaneDone(self.world.clock.now(), ref, plane))
        outcome = combined(outcomes) if outcomes else Changed("")
        target = self.run_progress.targets[ref]
        if isinstance(outcome, InSync) and target.is_changed:
            note = "written by an earlier attempt of this run"
            outcome = Changed("", note, outcome.unverified)
        return with_doubt(outcome, target)

    async def _dry_run_refusal(self, ref: ClusterRef, planes: tuple[Plane, ...]) -> Outcome | None:
        """Check what is written after another plane with a dry run first; if rejected, write nothing."""
        target = self.run_progress.targets[ref]
        if target.writing is not None:
            return None
        refused = None
        if planes[:2] == (Plane.ADDON, Plane.WORKLOAD):
            refused = await self._workload(ref).would_fail()
        if refused is None and Plane.BUDGET in planes[1:] and not target.restores:
            refused = await self._deletion(ref).would_fail()
        return refused

    async def _plane(self, ref: ClusterRef, plane: Plane) -> Outcome | Held:
        target = self.run_progress.targets[ref]
        if plane is Plane.WORKLOAD:
            outcome = await self._workload(ref).run()
            return RolledBack("") if target.restores and isinstance(outcome, Changed) else outcome
        if plane is Plane.BUDGET:
            deletion = self._deletion(ref)
            return await (deletion.restored() if target.restores else deletion.run())
        update = self._update(ref)
        if target.writing is not None and target.writing.plane is Plane.ADDON:
            return self._in_time(ref, await update.resume(target.writing, target.update_id))
        return self._in_time(ref, await update.run())

    def _in_time(self, ref: ClusterRef, outcome: Outcome | Held) -> Outcome | Held:
        """The outcome, or a failure if the target is postponed longer than the limit."""
        since = self._held_since.get(ref)
        if not isinstance(outcome, Held) or since is None:
            return outcome
        is_over = self.world.clock.now() - since >= self.patience.busy
        return outcome.timed_out(self.run_progress.targets[ref]) if is_over else outcome

    async def _live(self, intent: Intent) -> LiveSeen:
        """Read the live objects after an update, if they were read for the plan and nothing follows it."""
        aim = live_aim(intent.plan, intent.write, restores=intent.restores)
        if self.world.workloads is None or aim is None:
            return LiveNotRead()
        return live_seen(await self._termination(aim).check(patient=not intent.plan.unverified))

    def _workload(self, ref: ClusterRef) -> WorkloadUpdate:
        return self._termination(aim_of(self.run_progress.targets[ref]))

    def _termination(self, aim: Termination) -> WorkloadUpdate:
        ref = aim.ref
        if self.world.workloads is None:
            raise AssertionError(f"{ref}: access to the Deployment is required, but not available")
        return WorkloadUpdate(
            aim=aim,
            api=self.world.workloads,
            executor=self.world.executor,
            clock=self.world.clock,
            guard=self._guard(ref),
            note=self._note(ref),
            tell=self._recorded,
            same_corefile=self.world.same_corefile,
            dice=self.world.dice,
            backoff=self.backoff,
        )

    def _deletion(self, ref: ClusterRef) -> BudgetDeletion:
        target = self.run_progress.targets[ref]
        return deletion_of(target, self.world, self._guard(ref), self._recorded, self.backoff)

    def _note(self, ref: ClusterRef) -> Callable[[str, str], None]:
        def note(step: str, detail: str) -> None:
            self.world.emit(Stepped(ref, step, detail, self.world.clock.now()))

        return note

    async def _recorded(self, record: Record) -> None:
        """Record a write before it is sent, or raise; without the lease no write is allowed."""
        if isinstance(record, Writing) and self.lease and not self.lease.is_held:
            raise EksdnsError("the lock has expired: another run may have taken it over")
        await self.journal_writer.write(record)
        self.run_progress = advance(self.run_progress, record)
        self.world.emit(record)

    def _guard(self, ref: ClusterRef) -> PodGuard:
        world = self.world
        return PodGuard(
            ref=ref,
            namespace=self.run_progress.targets[ref].plan.namespace,
            api=world.workloads,
            executor=world.executor,
            clock=world.clock,
            note=self._note(ref),
            dice=world.dice,
            backoff=self.backoff,
        )

    def _update(self, ref: ClusterRef) -> TargetUpdate:
        run_id, target = self.run_progress.opened.run_id, self.run_progress.targets[ref]
        intent = intent_of(run_id, target, is_doubtful=ref in self.undecided)
        guard, demand = self._guard(ref), demand_of(intent)
        return TargetUpdate(
            intent=intent,
            calls=Calls(self.world.api, self.world.executor, ref),
            clock=self.world.clock,
            same=self.world.same,
            note=self._note(ref),
            tell=self._recorded,
            clear=lambda: guard.before_addon(demand),
            live=lambda: self._live(intent),
            dice=self.world.dice,
            limits=self.patience,
            backoff=self.backoff,
        )
