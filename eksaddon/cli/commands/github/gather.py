"""eksdns github gather"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.commands.github.options import FOLDER, Folder

Parts = Annotated[Path, typer.Argument(help="Folder with one subfolder per part, each with a report.json.")]
Expected = Annotated[
    int, typer.Option("--parts", envvar="EKSDNS_PARTS", min=1, help="Number of parts expected.")
]


def gather(parts: Parts, expected: Expected, folder: Folder = FOLDER) -> int:
    """Merge the reports of all jobs and publish the result like `run`; fails if a part is missing."""
    from eksaddon.app.github.report import found_parts, load_report, merged_code
    from eksaddon.app.merge import merge_files
    from eksaddon.cli.commands.github.step import REPORT, publish_result, report_options
    from eksaddon.cli.gate import guarded
    from eksaddon.cli.options import OutputOptions
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.terminal import terminal

    files = found_parts(parts, expected)
    output = OutputOptions(report=report_options(folder))

    def work() -> int:
        put(merge_files(files), output, check_reports(output), terminal())
        return 0

    code = guarded(work)
    publish_result(folder, command="report", exit_code=code)
    return code or merged_code(load_report(folder / REPORT))
