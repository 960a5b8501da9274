"""eksdns rollback"""

from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import RUNNING, OutputOptions, Yes
from eksaddon.cli.run_options import RunId, RunOptions

Wave = Annotated[str, typer.Option("--wave", help="Only this wave.", rich_help_panel=RUNNING)]


@bundled
def rollback(
    run_id: RunId,
    running: RunOptions,
    output: OutputOptions,
    wave: Wave = "",
    yes: Yes = False,  # an option
) -> int:
    """Roll back the changes of a run, last wave first; skips clusters changed since."""
    from eksaddon.app.runs.asks import rolling_back  # --help stays quick
    from eksaddon.app.runs.rollout import read_story
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.confirmation import confirm
    from eksaddon.cli.operator import carried_on
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.errors import EksdnsError, ExitCode

    run_progress = read_story(open_run_store(running.state), run_id)
    count = sum(
        1 for each in run_progress.targets.values() if each.is_changed and wave in {"", each.plan.wave}
    )
    if count and not yes and not confirm(f"Roll back {count} cluster(s)?", terminal()):
        raise EksdnsError("not confirmed, nothing was written", exit_code=ExitCode.REFUSED)
    return carried_on(run_id, rolling_back(wave), running, output)
