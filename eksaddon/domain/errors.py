"""Exit codes, and the exceptions that end a command."""

import difflib
from collections.abc import Iterable
from enum import IntEnum

_SHOWN = 5


class ExitCode(IntEnum):
    """Documented in docs/exit-codes.md; values must not change."""

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

    Attributes:
        parts: The single errors if the message lists several, each with its hint.
    """

    parts: tuple[tuple[str, str], ...] = ()

    def __init__(self, message: str, *, hint: str = "", exit_code: ExitCode = ExitCode.ERROR) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


def unknown_name(
    message: str, name: str, known: Iterable[str], exit_code: ExitCode = ExitCode.USAGE
) -> EksdnsError:
    """An error about a name that means nothing, with what may have been meant.

    Args:
        known: The names that there are.
    """
    every = sorted(set(known))
    near = difflib.get_close_matches(name, every, n=1)
    if near:
        hint = f"did you mean {near[0]}?"
    elif every:
        more = f" and {len(every) - _SHOWN:,} more" if len(every) > _SHOWN else ""
        hint = f"there are: {', '.join(every[:_SHOWN])}{more}"
    else:
        hint = "there are none"
    return EksdnsError(message, hint=hint, exit_code=exit_code)


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
