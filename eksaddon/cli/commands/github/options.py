"""Shared options of the GitHub commands."""

from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path("eksdns-report")

Folder = Annotated[Path, typer.Option("--folder", envvar="EKSDNS_FOLDER", help="Folder for the reports.")]
Report = Annotated[Path, typer.Argument(help="JSON report written by `--report json=FILE`.")]
OptionalReport = Annotated[Path | None, typer.Argument(help="JSON report written by `--report json=FILE`.")]
RepositoryName = Annotated[
    str | None,
    typer.Option(
        "--repository",
        envvar="EKSDNS_REPOSITORY",
        help="Repository as owner/name. Default: the job's repository.",
    ),
]
DnsServers = Annotated[
    str,
    typer.Option(
        "--dns-server",
        envvar="EKSDNS_DNS_SERVER",
        help="DNS servers for `probe` gates, separated by spaces, as CLUSTER=ADDRESS or ADDRESS.",
    ),
]
DnsName = Annotated[
    str, typer.Option("--dns-name", envvar="EKSDNS_DNS_NAME", help="Name that `probe` gates look up.")
]
Author = Annotated[str, typer.Option("--author", envvar="EKSDNS_AUTHOR", help="Login of the token's user.")]
Key = Annotated[
    str, typer.Option("--key", envvar="EKSDNS_KEY", help="Distinguishes several fleets in one repository.")
]
