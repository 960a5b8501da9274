"""The one question that is asked of the user."""

import sys

from eksaddon.cli.messages import prompt
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import EksdnsError, ExitCode


def confirm(question: str, at: Terminal) -> bool:
    """Ask on stderr; only `yes` is a yes, as with Terraform.

    Raises:
        EksdnsError: Nobody is there to answer.
    """
    if not at.interactive:
        raise EksdnsError(
            "cannot ask for confirmation without a terminal, nothing was written",
            hint="review the plan and run again with --yes",
            exit_code=ExitCode.REFUSED,
        )
    prompt(f"{question} Only 'yes' will be accepted: ")
    return sys.stdin.readline().strip() == "yes"
