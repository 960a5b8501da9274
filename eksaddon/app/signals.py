"""Signals that end a process, as far as the system has them: Windows has no SIGHUP and no SIGPIPE."""

import signal

TERMINATING = tuple(
    signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__
)
"""Signals to end in order, beside Ctrl-C."""

SIGPIPE = 13
"""Its number in every POSIX system; shells report 128 more for a process whose reader is gone."""
