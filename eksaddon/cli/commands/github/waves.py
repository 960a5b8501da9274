"""eksdns github waves"""

import os
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Report
from eksaddon.cli.option_groups import Only, bundled

Plans = Annotated[
    Path | None,
    typer.Option(
        "--plans",
        envvar="EKSDNS_PLANS",
        help="Folder with the plan.json of each part; writes their digests to the output `digests`.",
    ),
]


@bundled
def waves(file: Report, targets: Annotated[TargetRequest, Only("config")], plans: Plans = None) -> int:
    """Write the waves of a plan that have changes to the step outputs `waves` and `has_changes`."""
    from eksaddon.app.github.report import read_sheet
    from eksaddon.app.github.waves import plan_digests, wave_jobs, waves_outputs
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.config.fleet import FleetFile
    from eksaddon.config.load import find_fleet_file, load_fleet
    from eksaddon.report.formats.github_outputs import output_lines

    path = find_fleet_file(targets.config, os.environ, Path())
    jobs = wave_jobs(read_sheet(file), load_fleet(path) if path else FleetFile())
    values = waves_outputs(jobs, plan_digests(plans) if plans else {})
    open_runner().put_outputs(lambda delimiter: output_lines(values, delimiter))
    for job in jobs:
        approval = ", after an approval" if job.needs_approval else ""
        messages.line(f"{job.name or 'everything'}{approval}")
    return 0
