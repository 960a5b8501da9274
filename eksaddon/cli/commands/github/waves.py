"""eksdns github waves"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli import messages

PlanFile = Annotated[
    Path, typer.Argument(help="Saved plan from `plan --out`, in the folder of its report.json.")
]


def waves(plan: PlanFile) -> int:
    """Write the waves of a saved plan that have changes to the output `waves`, and its digest to `digest`.

    Verifies that the report.json in its folder, which reviewers read, was made from exactly this plan.
    """
    from eksaddon.app.fleet.planfile import load_plan
    from eksaddon.app.github.report import read_report
    from eksaddon.app.github.waves import require_report_of, wave_jobs, waves_outputs
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.cli.commands.github.step import REPORT
    from eksaddon.plan.planfile import file_digest
    from eksaddon.report.formats.github_outputs import output_lines

    saved, report = load_plan(plan), plan.with_name(REPORT)
    require_report_of(saved.plan, read_report(report), str(report))
    jobs = wave_jobs(saved.plan)
    values = {**waves_outputs(jobs), "digest": file_digest(saved)}
    open_runner().put_outputs(lambda delimiter: output_lines(values, delimiter))
    for job in jobs:
        approval = ", after an approval" if job.needs_approval else ""
        messages.line(f"{job.name or 'everything'}{approval}")
    return 0
