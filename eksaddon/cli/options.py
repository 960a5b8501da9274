"""Options that several commands share, each also read from the environment."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.report.format import Format

TARGETS = "Which clusters"
DESIRED = "What they should look like"
OUTPUT = "Output"
RUNNING = "How"


class Conflicts(StrEnum):
    NONE = "none"
    PRESERVE = "preserve"
    OVERWRITE = "overwrite"


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="EKSDNS_CONFIG",
        help="Fleet file. Default: ./eksdns.yaml, configs/eksdns.yaml.",
        rich_help_panel=DESIRED,
    ),
]
AccountsFile = Annotated[
    Path | None,
    typer.Option(
        "--accounts-file",
        envvar="EKSDNS_ACCOUNTS_FILE",
        help="A c7n-org accounts file, read as it is.",
        rich_help_panel=TARGETS,
    ),
]
Clusters = Annotated[
    list[str] | None,
    typer.Option(
        "--cluster", envvar="EKSDNS_CLUSTER", help="Name, ARN or glob; repeatable.", rich_help_panel=TARGETS
    ),
]
All = Annotated[
    bool,
    typer.Option("--all", envvar="EKSDNS_ALL", help="Every cluster in scope.", rich_help_panel=TARGETS),
]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", envvar="EKSDNS_REGION", help="Repeatable.", rich_help_panel=TARGETS),
]
Accounts = Annotated[
    list[str] | None,
    typer.Option(
        "--account", envvar="EKSDNS_ACCOUNT", help="Account id or name; repeatable.", rich_help_panel=TARGETS
    ),
]
NotAccounts = Annotated[
    list[str] | None,
    typer.Option("--not-account", envvar="EKSDNS_NOT_ACCOUNT", help="Leave out.", rich_help_panel=TARGETS),
]
LabelsWanted = Annotated[
    list[str] | None,
    typer.Option("--label", envvar="EKSDNS_LABEL", help="key=value; repeatable.", rich_help_panel=TARGETS),
]
Units = Annotated[
    list[str] | None,
    typer.Option(
        "--ou", envvar="EKSDNS_OU", help="Organizational unit, with those below.", rich_help_panel=TARGETS
    ),
]
Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile", envvar="EKSDNS_PROFILE", help="AWS profile; repeatable.", rich_help_panel=TARGETS
    ),
]
Role = Annotated[
    str,
    typer.Option(
        "--role",
        envvar="EKSDNS_ROLE",
        help="Enter accounts by this role, not the fleet file's.",
        rich_help_panel=TARGETS,
    ),
]
LameduckText = Annotated[
    str | None,
    typer.Option(
        "--lameduck", envvar="EKSDNS_LAMEDUCK", help="Go duration, as 20s.", rich_help_panel=DESIRED
    ),
]
Replicas = Annotated[
    int | None,
    typer.Option("--replicas", envvar="EKSDNS_REPLICAS", help="replicaCount.", rich_help_panel=DESIRED),
]
PdbMaxUnavailable = Annotated[
    str | None,
    typer.Option(
        "--pdb-max-unavailable",
        envvar="EKSDNS_PDB_MAX_UNAVAILABLE",
        help="Pods or percent.",
        rich_help_panel=DESIRED,
    ),
]
Grace = Annotated[
    str | None,
    typer.Option(
        "--grace",
        envvar="EKSDNS_GRACE",
        help="terminationGracePeriodSeconds, as 45 or 45s.",
        rich_help_panel=DESIRED,
    ),
]
PreStop = Annotated[
    str | None,
    typer.Option(
        "--pre-stop",
        envvar="EKSDNS_PRE_STOP",
        help="Sleep before SIGTERM, as 5 or 5s.",
        rich_help_panel=DESIRED,
    ),
]
ResolveConflictsOption = Annotated[
    Conflicts | None,
    typer.Option(
        "--resolve-conflicts",
        envvar="EKSDNS_RESOLVE_CONFLICTS",
        help="Fields that others own.",
        rich_help_panel=DESIRED,
    ),
]
ForceConflicts = Annotated[
    bool,
    typer.Option(
        "--force-conflicts",
        envvar="EKSDNS_FORCE_CONFLICTS",
        help="Take fields of the Deployment from whoever owns them.",
        rich_help_panel=RUNNING,
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", envvar="EKSDNS_STRICT", help="Warnings block.", rich_help_panel=RUNNING),
]
Concurrency = Annotated[
    int,
    typer.Option(
        "--concurrency",
        envvar="EKSDNS_CONCURRENCY",
        min=1,
        max=256,
        help="AWS calls at once.",
        rich_help_panel=RUNNING,
    ),
]
Output = Annotated[
    Format,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Form on stdout.", rich_help_panel=OUTPUT),
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        envvar="EKSDNS_REPORT",
        help="FORMAT=PATH, also written; repeatable.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", envvar="EKSDNS_QUIET", help="No progress.", rich_help_panel=OUTPUT)
]
Live = Annotated[
    bool,
    typer.Option("--live", envvar="EKSDNS_LIVE", help="Compare with what runs too, by the Kubernetes API."),
]
DetailedExitCode = Annotated[
    bool,
    typer.Option(
        "--detailed-exitcode",
        envvar="EKSDNS_DETAILED_EXITCODE",
        help="Exit 2 where something would change.",
        rich_help_panel=OUTPUT,
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", "-y", "--auto-approve", envvar="EKSDNS_YES", help="Do not ask.", rich_help_panel=RUNNING
    ),
]


@dataclass(frozen=True, slots=True)
class TargetOptions:
    """Where to look and which clusters to take."""

    cluster: Clusters = None
    all_clusters: All = False
    region: Regions = None
    account: Accounts = None
    not_account: NotAccounts = None
    label: LabelsWanted = None
    ou: Units = None
    profile: Profiles = None
    accounts_file: AccountsFile = None
    config: Config = None
    role: Role = ""
    concurrency: Concurrency = 64


@dataclass(frozen=True, slots=True)
class DesiredOptions:
    """Values that override the fleet file's."""

    lameduck: LameduckText = None
    replicas: Replicas = None
    pdb_max_unavailable: PdbMaxUnavailable = None
    grace: Grace = None
    pre_stop: PreStop = None
    resolve_conflicts: ResolveConflictsOption = None
    force_conflicts: ForceConflicts = False
    strict: Strict = False


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What goes to stdout and to files."""

    output: Output = Format.TABLE
    report: Reports = None
    quiet: Quiet = False
