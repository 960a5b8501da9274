"""eksdns rollback"""

from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import RUNNING, OutputOptions, Yes
from eksaddon.cli.run_options import RunId, RunOptions

Wave = Annotated[str, typer.Option("--wave", help="Only this wave.", rich_help_panel=RUNNING)]


DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        envvar="EKSDNS_DRY_RUN",
        help="Show what would be restored without writing anything.",
        rich_help_panel=RUNNING,
    ),
]


@bundled
def rollback(
    run_id: RunId,
    running: RunOptions,
    output: OutputOptions,
    wave: Wave = "",
    dry_run: DryRun = False,
    yes: Yes = False,  # an option
) -> int:
    """Roll back the changes of a run, last wave first; skips clusters changed since."""
    from eksaddon.app.runs.asks import rolling_back  # deferred to keep --help fast
    from eksaddon.app.runs.rollback_plan import rollback_plan
    from eksaddon.app.runs.rollout import load_run
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli import messages
    from eksaddon.cli.confirmation import confirm
    from eksaddon.cli.operator import carried_on
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.errors import EksdnsError, ExitCode
    from eksaddon.report.format import Format
    from eksaddon.report.formats.table import RenderOptions
    from eksaddon.report.model.text import counted
    from eksaddon.report.render import Planned, render

    at, ask = terminal(), rolling_back(wave)
    run_progress = load_run(open_run_store(running.state), run_id)
    ask(run_progress, 0.0, "")  # raises if the run does not accept the request
    plan = rollback_plan(run_progress, wave)
    if dry_run:
        put(Planned(plan), output, check_reports(output), at, notifies=False)
        messages.message("dry run, nothing was written; clusters changed since would be skipped")
        return 0
    if not output.quiet:
        options = RenderOptions(at.width, at.colour_on_stderr)
        messages.rendered_message(render(Planned(plan), Format.TABLE, options))
    count = len(plan.clusters)
    if count and not yes and not confirm(f"Roll back {counted(count, 'cluster')}?", at):
        raise EksdnsError("not confirmed, nothing was written", exit_code=ExitCode.REFUSED)
    return carried_on(run_id, ask, running, output)
