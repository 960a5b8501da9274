"""The command line in this process, with AWS simulated and simulated time."""

import contextlib
from collections.abc import Iterator
from unittest import mock

from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.world import World

_OPENERS = (
    "cli.probing.cluster_probe",
    "cli.adoption",
    "cli.approval",
    "cli.operator",
    "cli.plan_session",
    "app.runs.cluster_history",
)
"""Modules that import `open_session` before a command runs."""
_CLOCKS = ("cli.operator", "app.runs.locks")
"""Modules that read the clock without a session."""


@contextlib.contextmanager
def virtual_sessions(world: World, clock: VirtualClock, account: str) -> Iterator[None]:
    """Sessions that commands open are simulated, and wait in simulated time.

    Args:
        account: Account id of the current credentials.
    """

    def session(book: AccessBook, **_: object) -> Session:
        return open_simulation(book, world, clock, account)

    with contextlib.ExitStack() as stack:
        for name in (*_OPENERS, "app.wiring"):  # last, since modules that are loaded later would keep it
            stack.enter_context(mock.patch(f"eksaddon.{name}.open_session", session))
        for name in _CLOCKS:
            stack.enter_context(mock.patch(f"eksaddon.{name}.SystemClock", return_value=clock))
        yield
