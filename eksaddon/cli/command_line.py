"""Parses and runs a command line inside another one, in the same process."""

import shlex
from collections.abc import Sequence
from typing import cast

import typer
from typer.core import TyperGroup

from eksaddon.domain.errors import EksdnsError, ExitCode


def split(text: str) -> list[str]:
    """Split a command line into words.

    Raises:
        EksdnsError: It is empty, or a quote is not closed.
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
    """Parse a command line like the program.

    Args:
        outer: Context of the running command.

    Returns:
        The context of the parsed command; `params` has every option by its name in the code.

    Raises:
        TyperException: Unknown command or option, or invalid value.
        Exit: For `--help` and `--version`.
    """
    command, rest = outer.find_root().command, list(words)
    context = command.make_context("eksdns", rest[:1])
    while isinstance(command, TyperGroup):
        name, found, rest = command.resolve_command(context, rest)
        if found is None:  # resolve_command raises before, except for completion
            raise EksdnsError(f"no command {name}", exit_code=ExitCode.USAGE)
        command = found
        words_of_own = rest[:1] if isinstance(command, TyperGroup) else rest
        context = command.make_context(name, words_of_own, parent=context)
    return cast("typer.Context", context)  # which adds only documentation


def invoke(context: typer.Context) -> int:
    """Run a parsed command; raises the command's exceptions."""
    with context:
        result = context.command.invoke(context)
    return result if isinstance(result, int) else int(ExitCode.DONE)
