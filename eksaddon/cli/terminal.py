"""Detects the capabilities of the terminal."""

import os
import shutil
import sys

from eksaddon.app.local.tracing import current_tracing
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Terminal:
    """Capabilities of the standard streams.

    Attributes:
        interactive: stdin and stderr are a terminal.
        stderr_is_terminal: False also with `--debug`, whose lines a live view would overwrite.
    """

    interactive: bool
    stdout_is_terminal: bool
    stderr_is_terminal: bool
    colour: bool
    colour_on_stderr: bool
    width: int


def terminal() -> Terminal:
    """Detect the terminal; NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and TERM=dumb apply.

    NO_COLOR wins over the others (sources: no-color.org, force-color.org, bixense.com/clicolors).
    """
    out, err = sys.stdout.isatty(), sys.stderr.isatty()
    dumb = os.environ.get("TERM") == "dumb"
    forced = os.environ.get("CLICOLOR_FORCE", "0") != "0" or bool(os.environ.get("FORCE_COLOR"))
    colour = not os.environ.get("NO_COLOR") and (forced or (out and not dumb))
    return Terminal(
        interactive=sys.stdin.isatty() and err,
        stdout_is_terminal=out,
        stderr_is_terminal=err and not dumb and not current_tracing().on_stderr,
        colour=colour and (out or forced),
        colour_on_stderr=not os.environ.get("NO_COLOR") and (forced or (err and not dumb)),
        width=shutil.get_terminal_size((120, 40)).columns,
    )
