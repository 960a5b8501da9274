"""eksdns abort"""

from typing import Annotated

import typer

from eksaddon.cli.run_options import RunId, State

Reason = Annotated[str, typer.Option("--reason", help="Reason, kept in the run's history.")]


def abort(run_id: RunId, reason: Reason = "", state: State = "") -> int:
    """End a paused run. Its changes stay; `eksdns rollback` rolls them back."""
    from eksaddon.app.runs.asks import aborting  # deferred to keep --help fast
    from eksaddon.cli.operator import asked

    return asked(run_id, aborting(reason), state, "aborted; what was changed stays")
