"""eksdns apply"""

import os
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import RUNNING, OutputOptions, PlanDigest, Yes
from eksaddon.cli.run_options import RunOptions

PlanFile = Annotated[
    Path | None, typer.Argument(help="Saved plan from `plan --out`; applied exactly as saved.")
]
FailureTolerance = Annotated[
    int,
    typer.Option(
        "--failure-tolerance",
        envvar="EKSDNS_FAILURE_TOLERANCE",
        min=0,
        help="Failed updates tolerated before no new updates start; waves have their own limit.",
        rich_help_panel=RUNNING,
    ),
]
ConfirmCount = Annotated[
    int | None,
    typer.Option(
        "--confirm-count",
        envvar="EKSDNS_CONFIRM_COUNT",
        min=0,
        help="Refuse unless exactly this many clusters would be updated.",
        rich_help_panel=RUNNING,
    ),
]


@bundled
def apply(
    targets: TargetRequest,
    desired: DesiredRequest,
    running: RunOptions,
    output: OutputOptions,
    plan_file: PlanFile = None,
    yes: Yes = False,  # an option
    failure_tolerance: FailureTolerance = 0,
    confirm_count: ConfirmCount = None,
    digest: PlanDigest = "",
) -> int:
    """Show the plan, ask for confirmation, update wave by wave, and verify the result."""
    from eksaddon.app.fleet.shards import refuse_sharded_job
    from eksaddon.app.runs.rollout import open_run, require_names_of  # deferred to keep --help fast
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.approval import approved, is_no_op, made_or_saved, print_no_changes
    from eksaddon.cli.operator import next_run_id
    from eksaddon.cli.output import check_reports
    from eksaddon.cli.run_controls import conducted, end
    from eksaddon.cli.terminal import terminal

    refuse_sharded_job(os.environ)
    files, at, run_id = check_reports(output), terminal(), next_run_id()
    store = open_run_store(running.state)
    with (
        conducted(running, output, at) as conduct,
        made_or_saved(
            plan_file,
            targets,
            desired,
            at,
            quiet=output.quiet,
            digest=digest,
            state=running.state,
            run=run_id,
        ) as made,
    ):
        require_names_of(made.plan, conduct)
        if is_no_op(made.plan):
            return print_no_changes(made.plan, output, files, at, confirm_count)
        plan = approved(
            made.plan,
            at,
            yes=yes,
            quiet=output.quiet,
            confirm_count=confirm_count,
            at_once=running.max_concurrency,
            failures=failure_tolerance,
        )
        finished = open_run(plan, made.accounts, store, made.session, conduct, run_id=run_id)
    return end(finished, output, files, at)
