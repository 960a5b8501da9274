"""A command line inside of another: parsed by the same options, and run in the same process."""

import shlex
from collections.abc import Sequence
from typing import cast

import typer
from typer.core import TyperGroup

from eksaddon.domain.errors import EksdnsError, ExitCode


def split(text: str) -> list[str]:
    """The words of a command line.

    Raises:
        EksdnsError: There are none, or a quote is not closed.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise EksdnsError(f"--command: {error}", hint="check the quotes", exit_code=ExitCode.USAGE) from None
    if not words:
        raise EksdnsError(
            "--command is empty", hint="example: --command 'plan --all'", exit_code=ExitCode.USAGE
        )
    return words


def parse(outer: typer.Context, words: Sequence[str]) -> typer.Context:
    """Parse a command line as the program would.

    Args:
        outer: Of the command that is running.

    Returns:
        The context of the command that it names; `params` holds every option by its name in the code.

    Raises:
        TyperException: There is no such command or option, or a value cannot be used.
        Exit: It only asked for help or for the version.
    """
    command, rest = outer.find_root().command, list(words)
    context = command.make_context("eksdns", rest[:1])
    while isinstance(command, TyperGroup):
        name, found, rest = command.resolve_command(context, rest)
        if found is None:  # resolve_command fails before, save for completion
            raise EksdnsError(f"no command {name}", exit_code=ExitCode.USAGE)
        command = found
        words_of_own = rest[:1] if isinstance(command, TyperGroup) else rest
        context = command.make_context(name, words_of_own, parent=context)
    return cast("typer.Context", context)  # whose only addition is its documentation


def invoke(context: typer.Context) -> int:
    """Run a command that was parsed; raises what the command raises."""
    with context:
        result = context.command.invoke(context)
    return result if isinstance(result, int) else int(ExitCode.DONE)
