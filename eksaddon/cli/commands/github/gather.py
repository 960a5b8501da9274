"""eksdns github gather"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.commands.github.options import FOLDER, Folder

Parts = Annotated[Path, typer.Argument(help="Folder with a folder for each part, a report.json in it.")]
Expected = Annotated[
    int, typer.Option("--parts", envvar="EKSDNS_PARTS", min=1, help="How many there have to be.")
]


def gather(parts: Parts, expected: Expected, folder: Folder = FOLDER) -> int:
    """Merge the reports of all runners, and tell GitHub as `run` does; a part that is missing is an error."""
    from eksaddon.app.github.report import found_parts, merged_code, read_sheet
    from eksaddon.cli.commands.github.run import reported

    code = reported(["report", "merge", *map(str, found_parts(parts, expected))], folder)
    return code or merged_code(read_sheet(folder / "report.json"))
