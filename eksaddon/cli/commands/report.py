"""eksdns report"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OutputOptions

report = typer.Typer(no_args_is_help=True, help="Work with JSON reports.")

Files = Annotated[list[Path], typer.Argument(help="JSON reports of one kind: plan, run, drift or status.")]


@report.command()
@bundled
def merge(files: Files, output: OutputOptions) -> int:
    """Merge several reports into one; a target in more than one report is an error."""
    from eksaddon.app.merge import merge_files
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.terminal import terminal

    report_files = check_reports(output)
    put(merge_files(files), output, report_files, terminal())
    return 0
