"""eksdns show"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OutputOptions, PlanDigest

PlanFile = Annotated[Path, typer.Argument(help="Saved plan from `plan --out`.")]


@bundled
def show(plan_file: PlanFile, output: OutputOptions, digest: PlanDigest = "") -> int:
    """Show a saved plan, in any format."""
    from eksaddon.app.fleet.planfile import load_plan  # deferred to keep --help fast
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.render import Planned

    files = check_reports(output)
    put(Planned(load_plan(plan_file, digest).plan), output, files, terminal())
    return 0
