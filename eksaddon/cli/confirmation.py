"""The one question that is asked of the user."""

import sys

from eksaddon.cli.messages import blank_line, prompt
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError


def confirm(question: str, at: Terminal) -> bool:
    """Ask on stderr; only `yes` is a yes, as with Terraform.

    Raises:
        EksdnsError: Nobody is there to answer, or a signal came before the answer.
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
        blank_line()  # the terminal shows ^C behind the question
        raise EksdnsError("interrupted, nothing was written", exit_code=code) from None
