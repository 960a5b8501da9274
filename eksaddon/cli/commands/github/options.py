"""Options that several commands for GitHub share."""

from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path("eksdns-report")

Folder = Annotated[
    Path, typer.Option("--folder", envvar="EKSDNS_FOLDER", help="Where the reports are written.")
]
Report = Annotated[Path, typer.Argument(help="What `--report json=FILE` wrote.")]
RepositoryName = Annotated[
    str | None,
    typer.Option("--repository", envvar="EKSDNS_REPOSITORY", help="owner/name. Default: the job's own."),
]
Author = Annotated[
    str, typer.Option("--author", envvar="EKSDNS_AUTHOR", help="Login that the token writes as.")
]
Key = Annotated[
    str, typer.Option("--key", envvar="EKSDNS_KEY", help="Tells several in one repository apart.")
]
