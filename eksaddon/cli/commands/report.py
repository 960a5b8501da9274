"""eksdns report"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OutputOptions

report = typer.Typer(no_args_is_help=True, help="Work with reports that were written as JSON.")

Files = Annotated[
    list[Path], typer.Argument(help="JSON documents of one kind: plans, runs or drift reports.")
]


@report.command()
@bundled
def merge(files: Files, output: OutputOptions) -> int:
    """Make one report of several; counts are added up, and a target that stands twice is an error."""
    from eksaddon.app.merge import merge_files
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.terminal import terminal

    places = check_reports(output)
    put(merge_files(files), output, places, terminal())
    return 0
