"""eksdns approve"""

from typing import Annotated

import typer

from eksaddon.cli.run_options import RunId, State

WaveName = Annotated[str, typer.Argument(help="Name of the wave.")]
By = Annotated[str, typer.Option("--by", envvar="EKSDNS_APPROVED_BY", help="Approver's name.")]


def approve(run_id: RunId, wave: WaveName, by: By = "", state: State = "") -> int:
    """Approve a waiting wave; `eksdns resume` then starts it."""
    from eksaddon.app.runs.asks import approving  # deferred to keep --help fast
    from eksaddon.cli.operator import asked

    return asked(run_id, approving(wave, by), state, "approved")
