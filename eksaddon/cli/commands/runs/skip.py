"""eksdns skip"""

from typing import Annotated

import typer

from eksaddon.cli.run_options import RunId, State

ClusterName = Annotated[str, typer.Argument(help="Name, ARN, or ACCOUNT/REGION/NAME.")]
Reason = Annotated[str, typer.Option("--reason", help="Reason, kept in the run's history.")]


def skip(run_id: RunId, cluster: ClusterName, reason: Reason, state: State = "") -> int:
    """Skip a cluster in a paused run."""
    from eksaddon.app.runs.asks import skipping  # deferred to keep --help fast
    from eksaddon.cli.operator import asked

    return asked(run_id, skipping(cluster, reason), state, "skipped")
