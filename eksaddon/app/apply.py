"""Carry out a plan, and see to signals meanwhile."""

import asyncio
import random
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eksaddon.app.session import Session
from eksaddon.apply.engine import Run, World
from eksaddon.apply.events import Event
from eksaddon.apply.machine import Width
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run import RunResult
from eksaddon.schema import same_values

CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


def new_run_id(now: float) -> str:
    """Sorts by time: `20260102-030405-1f2e3d`."""
    return f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@dataclass(slots=True)
class _Signals:
    """A first signal lets nothing new start, a second one leaves at once.

    Attributes:
        code: Set once a signal came.
    """

    run: Run
    code: ExitCode | None = field(default=None)

    async def execute(self) -> RunResult:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def interrupted(number: signal.Signals) -> None:
            if self.code is None:
                self.code = CODES[number]
                self.run.stop("not started: interrupted")
            elif task is not None:
                task.cancel()

        for number in CODES:
            loop.add_signal_handler(number, interrupted, number)
        try:
            return await self.run.execute()
        finally:
            for number in CODES:
                loop.remove_signal_handler(number)


def carry_out(
    plan: Plan, session: Session, *, run_id: str, width: Width, emit: Callable[[Event], None]
) -> tuple[RunResult, ExitCode | None]:
    """Run the plan to its end.

    Returns:
        The result, and the exit code that a signal asks for.

    Raises:
        KeyboardInterrupt: A second signal came; what was started goes on in EKS.
    """
    dice = random.Random()  # noqa: S311  # spreads polls, guards nothing
    world = World(session.addons, session.executor, session.clock, emit, same_values, dice)
    signals = _Signals(Run(plan, run_id, world, width))
    try:
        return session.run(signals.execute()), signals.code
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
