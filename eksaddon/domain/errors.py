"""How a run ends: the exit codes, and the error that ends it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Published in the README and frozen."""

    DONE = 0
    ERROR = 1
    CHANGES = 2
    PARTIAL = 3
    PAUSED = 4
    REFUSED = 5
    USAGE = 64
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class EksdnsError(Exception):
    """The run cannot go on.

    Args:
        message: What and where, in one sentence without a full stop.
        hint: The way out, if there is one.
        exit_code: What the process ends with.
    """

    def __init__(self, message: str, *, hint: str = "", exit_code: ExitCode = ExitCode.ERROR) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


class LeavingError(Exception):
    """The process is leaving: the request was not sent."""


class LeftAtOnceError(KeyboardInterrupt):
    """A signal asks the process to leave at once.

    Args:
        exit_code: What the process ends with.
    """

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__()
        self.exit_code = exit_code
