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
    if not at.interactive:
        raise EksdnsError(
            "cannot ask for confirmation without a terminal, nothing was written",
            hint="review the plan and run again with --yes",
            exit_code=ExitCode.REFUSED,
        )
    prompt(f"{question} Only 'yes' will be accepted: ")
    try:
        return sys.stdin.readline().strip() == "yes"
    except KeyboardInterrupt as interrupt:
        code = interrupt.exit_code if isinstance(interrupt, LeftAtOnceError) else ExitCode.INTERRUPTED
        blank_line()  # the terminal shows ^C after the question
        raise EksdnsError("interrupted, nothing was written", exit_code=code) from None
