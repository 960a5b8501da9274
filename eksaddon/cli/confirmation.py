"""Asks the user for confirmation."""

import sys

from eksaddon.cli.messages import blank_line, prompt
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError


def confirm(question: str, at: Terminal) -> bool:
    """Ask on stderr; only `yes` is accepted, as in Terraform.

    Raises:
        EksdnsError: Not interactive, or a signal was received before the answer.
    """
    return _answers(f"{question} Only 'yes' will be accepted:", "yes", at, "--yes")


def confirm_name(question: str, name: str, at: Terminal, option: str) -> bool:
    """Ask on stderr; only the name is accepted.

    Args:
        option: What confirms without a terminal.

    Raises:
        EksdnsError: As `confirm`.
    """
    return _answers(f"{question} Only the name of the cluster will be accepted:", name, at, option)


def _answers(question: str, expected: str, at: Terminal, option: str) -> bool:
    if not at.interactive:
        raise EksdnsError(
            "cannot ask for confirmation without a terminal, nothing was written",
            hint=f"review the plan and run again with {option}",
            exit_code=ExitCode.REFUSED,
        )
    prompt(question)
    try:
        return sys.stdin.readline().strip() == expected
    except KeyboardInterrupt as interrupt:
        code = interrupt.exit_code if isinstance(interrupt, LeftAtOnceError) else ExitCode.INTERRUPTED
        blank_line()  # the terminal shows ^C after the question
        raise EksdnsError("interrupted, nothing was written", exit_code=code) from None
