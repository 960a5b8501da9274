"""eksdns github cancel"""

from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import RepositoryName

Runs = Annotated[
    str,
    typer.Option(
        "--workflow-run", envvar="EKSDNS_WORKFLOW_RUN", help="IDs of workflow runs, separated by spaces."
    ),
]


def cancel(runs: Runs, repository: RepositoryName = None) -> int:
    """Cancel workflow runs that wait for an aborted run; finished ones are not changed."""
    from eksaddon.app.github.wiring import open_repository, open_runner

    found = open_repository(open_runner(), repository)
    for run in runs.split():
        was_active = found.cancel(int(run))
        messages.line(f"workflow run {run}: {'cancelled' if was_active else 'already over'}")
    return 0
