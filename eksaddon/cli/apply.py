"""eksdns apply"""

import sys
from typing import Annotated

import typer

from eksaddon.cli.bundle import bundled
from eksaddon.cli.options import RUNNING, DesiredOptions, OutputOptions, TargetOptions, Yes

MaxConcurrency = Annotated[
    int,
    typer.Option(
        "--max-concurrency",
        envvar="EKSDNS_MAX_CONCURRENCY",
        min=1,
        help="Clusters updated at once.",
        rich_help_panel=RUNNING,
    ),
]
FailureTolerance = Annotated[
    int,
    typer.Option(
        "--failure-tolerance",
        envvar="EKSDNS_FAILURE_TOLERANCE",
        min=0,
        help="Updates that may go wrong before nothing new starts.",
        rich_help_panel=RUNNING,
    ),
]


@bundled
def apply(
    targets: TargetOptions,
    desired: DesiredOptions,
    output: OutputOptions,
    yes: Yes = False,  # an option
    max_concurrency: MaxConcurrency = 10,
    failure_tolerance: FailureTolerance = 0,
) -> int:
    """Show the plan, ask, write, follow every update to its end, and prove the result."""
    from eksaddon.app.apply import carry_out, new_run_id  # --help stays quick
    from eksaddon.app.exit_codes import of_run
    from eksaddon.apply.machine import Width
    from eksaddon.cli.planning import planned
    from eksaddon.cli.printing import check_reports, put
    from eksaddon.cli.progress import Progress
    from eksaddon.cli.terminal import confirm, terminal
    from eksaddon.domain.errors import EksdnsError, ExitCode
    from eksaddon.domain.plan import Action
    from eksaddon.report.formats import Format
    from eksaddon.report.render import Planned, Ran, render
    from eksaddon.report.table import Look

    files, at = check_reports(output), terminal()
    with planned(targets, desired, at, quiet=output.quiet, writes=True) as (made, session):
        pending = made.count(Action.UPDATE)
        if not output.quiet:
            sys.stderr.write(render(Planned(made), Format.TABLE, Look(at.width, at.colour_on_stderr)))
        if pending and not yes and not confirm(f"Update {pending} cluster(s)?", at):
            raise EksdnsError("not confirmed, nothing was written", exit_code=ExitCode.REFUSED)
        result, interrupted = carry_out(
            made,
            session,
            run_id=new_run_id(session.clock.now()),
            width=Width(max_concurrency, max_concurrency, failure_tolerance),
            emit=Progress(at, output.quiet).event,
        )
    put(Ran(result), output, files, at)
    return interrupted or of_run(result, made)
