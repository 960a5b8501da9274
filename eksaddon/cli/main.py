"""The program: a command line in, an exit code out."""

import sys
from collections.abc import Sequence

import typer

from eksaddon.cli.gate import guarded
from eksaddon.cli.root import app
from eksaddon.cli.streams import open_missing_streams, unfailing_messages
from eksaddon.domain.errors import ExitCode


def entry() -> None:
    """The console script."""
    open_missing_streams()
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run one command line; the exit code is the answer, nothing is raised."""
    with unfailing_messages():
        return guarded(lambda: _dispatch(args))


def _dispatch(args: Sequence[str]) -> int:
    command = typer.main.get_command(app)
    result = command.main(args=list(args), prog_name="eksdns", standalone_mode=False)
    return result if isinstance(result, int) else int(ExitCode.DONE)
