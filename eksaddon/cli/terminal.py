"""What the terminal at hand can do, and the one question that is asked of its user."""

import os
import shutil
import sys
from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError, ExitCode


@dataclass(frozen=True, slots=True)
class Terminal:
    """What stands at the three streams.

    Attributes:
        interactive: Somebody is there to answer: input and errors are a terminal.
    """

    interactive: bool
    stdout_is_terminal: bool
    stderr_is_terminal: bool
    colour: bool
    colour_on_stderr: bool
    width: int


def terminal() -> Terminal:
    """NO_COLOR, CLICOLOR_FORCE and TERM=dumb are honoured (sources: no-color.org, bixense.com/clicolors)."""
    out, err = sys.stdout.isatty(), sys.stderr.isatty()
    dumb = os.environ.get("TERM") == "dumb"
    forced = os.environ.get("CLICOLOR_FORCE", "0") != "0"
    colour = not os.environ.get("NO_COLOR") and (forced or (out and not dumb))
    return Terminal(
        interactive=sys.stdin.isatty() and err,
        stdout_is_terminal=out,
        stderr_is_terminal=err and not dumb,
        colour=colour and (out or forced),
        colour_on_stderr=not os.environ.get("NO_COLOR") and (forced or (err and not dumb)),
        width=shutil.get_terminal_size((120, 40)).columns,
    )


def confirm(question: str, at: Terminal) -> bool:
    """Ask on stderr; only `yes` is a yes, as with Terraform.

    Raises:
        EksdnsError: Nobody is there to answer.
    """
    if not at.interactive:
        raise EksdnsError(
            "no terminal to confirm at, nothing was written",
            hint="look at the plan and run again with --yes",
            exit_code=ExitCode.REFUSED,
        )
    from eksaddon.cli.messages import prompt  # it looks at the terminal too

    prompt(f"{question} Only 'yes' is taken for a yes:")
    return sys.stdin.readline().strip() == "yes"
