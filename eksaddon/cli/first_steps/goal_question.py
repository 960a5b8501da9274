"""Asks at a terminal whether `init` should also write a file with a goal."""

import sys
from collections.abc import Callable
from pathlib import Path

from eksaddon.cli import messages

QUESTION = "Also write {file}, which only strengthens? recommended, lameduck, or Enter for no:"


def offer_goal(file: Path, names: tuple[str, ...], write: Callable[[str], int]) -> int | None:
    """Ask, and write the file of the chosen goal.

    Args:
        write: Takes the name of a goal and returns the exit code.

    Returns:
        None if nothing was asked or the answer was no.
    """
    from eksaddon.cli.terminal import terminal

    if not terminal().interactive or file.exists():
        return None
    messages.prompt(QUESTION.format(file=file))
    answer = sys.stdin.readline().strip().lower()
    if answer in names:
        return write(answer)
    if answer not in {"", "n", "no"}:
        messages.message(f"unknown goal; later: eksdns init --goal {names[0]}")
    return None
