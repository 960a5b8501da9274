"""eksdns completion"""

from enum import StrEnum
from typing import Annotated

import typer

from eksaddon.cli import messages


class Shell(StrEnum):
    """Shells with a completion script."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


Name = Annotated[Shell, typer.Argument(envvar="EKSDNS_SHELL", help="bash, zsh or fish.")]


def completion(shell: Name) -> int:
    """Print the completion script of a shell; completion makes no AWS call."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # has no public name

    script = get_completion_script(prog_name="eksdns", complete_var="_EKSDNS_COMPLETE", shell=shell.value)
    messages.rendered(f"{script}\n")
    return 0
