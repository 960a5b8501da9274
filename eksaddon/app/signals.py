"""Signals that end a process, as far as the system has them: Windows has no SIGHUP and no SIGPIPE."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TERMINATING = tuple(
    signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__
)
"""Signals that end the program in order, in addition to Ctrl-C."""

SIGPIPE = 13
"""Its number in every POSIX system; shells report 128 more for a process whose reader is gone."""


@contextmanager
def held_off() -> Iterator[None]:
    """Ignore Ctrl-C and the signals above within a block that must not be left halfway."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, *TERMINATING)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
