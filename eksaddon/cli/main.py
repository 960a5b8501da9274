"""The entry point: runs a command line and returns an exit code."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from eksaddon.app.local.tracing import own_tracing
from eksaddon.app.signals import TERMINATING
from eksaddon.cli import messages
from eksaddon.cli.gate import guarded
from eksaddon.cli.root import program
from eksaddon.cli.streams import open_missing_streams, unfailing_messages
from eksaddon.domain.errors import ExitCode, LeftAtOnceError

NAME = "eksdns"
COMPLETION = "_EKSDNS_COMPLETE"
"""Set by the shell to request completions (source: click, shell completion)."""


def entry() -> None:
    """Entry point of the console script."""
    open_missing_streams()
    for number in TERMINATING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _terminated)
    code = run(sys.argv[1:])
    if code in {ExitCode.INTERRUPTED, ExitCode.TERMINATED}:
        _leave(code)
    sys.exit(code)


def _terminated(*_: object) -> None:
    raise LeftAtOnceError(ExitCode.TERMINATED)


def _leave(code: int) -> None:
    """Exit without waiting for threads that wait for a response."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


_TYPED: ContextVar[tuple[str, ...]] = ContextVar("typed", default=())


@contextmanager
def _typed(args: Sequence[str]) -> Iterator[None]:
    token = _TYPED.set(tuple(args))
    try:
        yield
    finally:
        _TYPED.reset(token)


def current_command() -> tuple[str, ...]:
    """The command line of this process behind `eksdns`, for reports that name it; empty outside of `run`."""
    return _TYPED.get()


def run(args: Sequence[str]) -> int:
    """Run a command line and return the exit code; raises nothing."""
    with unfailing_messages(), own_tracing(), _typed(args):
        code = guarded(lambda: _interruptible(args))
        lost = guarded(_flushed)
        return code or lost


def _flushed() -> int:
    """Write what is buffered while a failure can still be reported."""
    messages.flush()
    return ExitCode.DONE


def _interruptible(args: Sequence[str]) -> int:
    """Run with signals as exceptions, which `guarded` handles."""
    if getattr(signal.getsignal(signal.SIGINT), "__module__", "") == "eksaddon.start":
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return _dispatch(args)


def _dispatch(args: Sequence[str]) -> int:
    """Replaces Typer's `main`, which would convert every signal to exit code 130."""
    command = program()
    if COMPLETION in os.environ:
        command.main(args=list(args), prog_name=NAME, standalone_mode=False)
        return ExitCode.DONE
    with command.make_context(NAME, list(args)) as context:
        result = command.invoke(context)
    return result if isinstance(result, int) else int(ExitCode.DONE)
