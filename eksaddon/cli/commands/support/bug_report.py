"""eksdns bug-report"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.bug import ISSUES
from eksaddon.cli.run_options import State

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", envvar="EKSDNS_CONFIG", help="Fleet file to outline, without its texts."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", envvar="EKSDNS_OUT", help="Write the report to this file, readable by its owner."),
]


def bug_report(config: Config = None, state: State = "", out: Out = None) -> int:
    """Print versions, settings, the fleet file's outline and the last run's summary, without names."""
    from eksaddon.app.files.private import write_private
    from eksaddon.app.support.bug_report import bug_report as made
    from eksaddon.cli.terminal import terminal

    at = terminal()
    streams = {
        "stdout is a terminal": "yes" if at.stdout_is_terminal else "no",
        "stderr is a terminal": "yes" if at.stderr_is_terminal else "no",
        "width": str(at.width),
        "encoding": sys.stdout.encoding or "unknown",
    }
    text = made(config, state, os.environ, Path.cwd(), streams)
    if out is None:
        messages.rendered(text)
    else:
        write_private(out, text, follows_links=True)
        messages.message(f"wrote {out}")
    messages.message(f"read it, add what happened, and open an issue: {ISSUES}")
    return 0
