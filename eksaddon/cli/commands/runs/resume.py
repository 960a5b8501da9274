"""eksdns resume"""

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.run_options import RunId, RunOptions


@bundled
def resume(
    run_id: RunId,
    running: RunOptions,
    output: OutputOptions,
) -> int:
    """Go on with a run that was paused, interrupted or killed."""
    from eksaddon.app.runs.asks import resuming  # --help stays quick
    from eksaddon.cli.operator import carried_on

    return carried_on(run_id, resuming, running, output)
