"""Executes a run in this process, and handles signals."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import field
from functools import partial
from pathlib import Path

from eksaddon.app.probing.corefile_trials import corefile_gate
from eksaddon.app.session import Session
from eksaddon.app.signals import TERMINATING
from eksaddon.app.tracebacks import keep_traceback
from eksaddon.app.wiring import usual_state
from eksaddon.apply.checks import HEALTH
from eksaddon.apply.engine import Run
from eksaddon.apply.events import Event
from eksaddon.apply.health import addon_health
from eksaddon.apply.journal_writer import JournalWriter
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.apply.steps import Limits
from eksaddon.apply.surprise import Surprise
from eksaddon.apply.world import World
from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.rollout.strategy import COREFILE_TRY
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Journal
from eksaddon.values import same_values

CODES: dict[signal.Signals, ExitCode] = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    **dict.fromkeys(TERMINATING, ExitCode.TERMINATED),
}

LEAVING = 0.5
"""Seconds to wait after a second signal for requests whose connections were shut down."""

Watch = Callable[[Callable[[], RunProgress], Clock], Coroutine[None, None, None]]
"""Observes the run's progress."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """Options of the execution in this process.

    Attributes:
        dns_servers: Servers to probe, in addition to those of the fleet file.
        dns_name: Name to look up if the gate does not set one.
        watch: Shows the progress until it is cancelled.
        time_limits: Overrides of the strategy's limits, by name, in seconds.
        tracebacks: Folder for tracebacks of bugs; None for the default.
    """

    limits: Limits = field(default_factory=Limits)
    emit: Callable[[Event], None] = lambda _: None
    dns_servers: tuple[DnsServer, ...] = ()
    dns_name: str = ""
    watch: Watch | None = None
    time_limits: Mapping[str, float] = field(default_factory=dict)
    tracebacks: Path | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The result of a run in one process.

    Attributes:
        interrupted: Exit code required by a signal.
        surprises: Bugs after which the run continued.
        head: Hash of the journal's last record; empty without a journal.
        lost: Why the journal could not be written; None if it was.
    """

    run_progress: RunProgress
    interrupted: ExitCode | None = None
    surprises: tuple[Surprise, ...] = ()
    head: str = ""
    lost: EksdnsError | None = None


@dataclass(slots=True)
class _Signals:
    """Signal handling: after the first signal no new updates start, a second one exits immediately.

    Attributes:
        code: Set once a signal came.
    """

    run: Run
    watch: Watch | None = None
    code: ExitCode | None = field(default=None)

    async def execute(self) -> RunProgress:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def interrupted(number: signal.Signals) -> None:
            is_first, self.code = self.code is None, CODES[number]
            if is_first:
                self.run.stop("interrupted")
            elif task is not None:
                task.cancel()

        # A signal that is ignored stays so: that is how nohup works.
        previous_handlers = {
            number: found for number in CODES if (found := signal.getsignal(number)) != signal.SIG_IGN
        }
        for number in previous_handlers:
            _handle(loop, number, interrupted)
        try:
            async with _watching(self.watch, self.run):
                return await self.run.execute()
        finally:
            for number, handler in previous_handlers.items():
                with suppress(NotImplementedError):  # Windows
                    loop.remove_signal_handler(number)
                signal.signal(number, handler)


def _handle(
    loop: asyncio.AbstractEventLoop, number: signal.Signals, handler: Callable[[signal.Signals], None]
) -> None:
    """Call the handler in the loop; event loops of Windows have no signal handlers of their own."""
    try:
        loop.add_signal_handler(number, handler, number)
    except NotImplementedError:
        signal.signal(number, lambda *_: _call_soon(loop, number, handler))


def _call_soon(
    loop: asyncio.AbstractEventLoop, number: signal.Signals, handler: Callable[[signal.Signals], None]
) -> None:
    loop.call_soon_threadsafe(handler, number)


@asynccontextmanager
async def _watching(watch: Watch | None, run: Run) -> AsyncIterator[None]:
    if watch is None:
        yield
        return
    watching = asyncio.create_task(watch(lambda: run.run_progress, run.world.clock))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def _same_corefile(one: str, other: str) -> bool:
    difference = compare(one, other)
    return one == other or (isinstance(difference, Difference) and difference.is_empty)


def execute_run(
    run_progress: RunProgress,
    journal: Journal,
    session: Session,
    conduct: Conduct,
    lease: LeaseRenewer | None = None,
    *,
    undecided: frozenset[ClusterRef] = frozenset(),
) -> Finished:
    """Continue a run until it pauses or ends.

    Args:
        undecided: Targets with a recorded write but unknown result.

    Raises:
        LeftAtOnceError: A second signal was received; started updates continue in EKS and are recorded. No
            more requests are sent; the lease is kept if that is not certain.
    """
    dice = random.Random()  # noqa: S311  # spreads polls, guards nothing
    run_id = run_progress.opened.run_id
    folder = conduct.tracebacks or usual_state() / "tracebacks"
    health = partial(addon_health, session.addons, session.executor)
    world = World(
        api=session.addons,
        executor=session.executor,
        clock=session.clock,
        emit=conduct.emit,
        same=same_values,
        dice=dice,
        checks={HEALTH: health, COREFILE_TRY: partial(corefile_gate, session.executor)},
        workloads=session.workloads,
        probes=session.probes,
        dns_servers=conduct.dns_servers,
        dns_name=conduct.dns_name,
        same_corefile=_same_corefile,
        keep_traceback=lambda about, error: keep_traceback(folder, f"run {run_id}, {about}", error),
    )
    run = Run(
        run_progress,
        world,
        JournalWriter(journal, session.executor),
        conduct.limits,
        run_progress.opened.strategy.time_limits.overridden(conduct.time_limits),
        lease=lease,
        undecided=undecided,
    )
    signals = _Signals(run, conduct.watch)
    try:
        ended = session.run(signals.execute())
        return Finished(ended, signals.code, tuple(run.surprises), lost=run.journal_writer.lost)
    except asyncio.CancelledError:
        is_quiet = session.leave(LEAVING)
        if lease is not None:
            lease.leave(is_quiet=is_quiet)
        raise LeftAtOnceError(signals.code or ExitCode.INTERRUPTED) from None
