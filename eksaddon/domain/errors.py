"""Exit codes, and the exceptions that end a command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Documented in the README; values must not change."""

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
    """The command cannot continue.

    Args:
        message: What and where, in one sentence without a full stop.
        hint: How to fix it; empty if unknown.
        exit_code: Exit code of the process.
    """

    def __init__(self, message: str, *, hint: str = "", exit_code: ExitCode = ExitCode.ERROR) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


class LeavingError(Exception):
    """The process is shutting down and did not send the request."""


class LeftAtOnceError(KeyboardInterrupt):
    """A signal requested immediate termination.

    Args:
        exit_code: Exit code of the process.
    """

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__()
        self.exit_code = exit_code
