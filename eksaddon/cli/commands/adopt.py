"""eksdns adopt"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import (
    DESIRED,
    OUTPUT,
    RUNNING,
    LameduckText,
    PdbMaxUnavailable,
    Quiet,
    Replicas,
    Strict,
    TargetOptions,
    Yes,
)


class Taking(StrEnum):
    """CreateAddon has no third way: nothing is there yet that it could preserve."""

    NONE = "none"
    OVERWRITE = "overwrite"


class AdoptionFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


AddonVersion = Annotated[
    str | None,
    typer.Option(
        "--addon-version",
        envvar="EKSDNS_ADDON_VERSION",
        help="Default: what EKS installs on the cluster's Kubernetes.",
        rich_help_panel=DESIRED,
    ),
]
ResolveConflictsOption = Annotated[
    Taking,
    typer.Option(
        "--resolve-conflicts",
        envvar="EKSDNS_ADOPT_RESOLVE_CONFLICTS",  # what updates may do is no leave to take over
        help="Fields that others own: refuse, or take them over.",
        rich_help_panel=RUNNING,
    ),
]
Save = Annotated[
    Path | None,
    typer.Option(
        "--save",
        envvar="EKSDNS_SAVE",
        help="Where what is live now is kept, for kubectl. Default: ~/.local/state/eksdns/adoptions.",
        rich_help_panel=RUNNING,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", envvar="EKSDNS_DRY_RUN", help="Show the plan, write nothing.", rich_help_panel=RUNNING
    ),
]
Undo = Annotated[
    bool,
    typer.Option(
        "--undo",
        envvar="EKSDNS_UNDO",
        help="Give the add-on up again; all goes on running.",
        rich_help_panel=RUNNING,
    ),
]
Output = Annotated[
    AdoptionFormat,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Form on stdout.", rich_help_panel=OUTPUT),
]


@dataclass(frozen=True, slots=True)
class AdoptionOptions:
    """What is to be adopted, and how."""

    addon_version: AddonVersion = None
    lameduck: LameduckText = None
    replicas: Replicas = None
    pdb_max_unavailable: PdbMaxUnavailable = None
    resolve_conflicts: ResolveConflictsOption = Taking.NONE
    save: Save = None
    strict: Strict = False


@bundled
def adopt(
    targets: TargetOptions,
    options: AdoptionOptions,
    dry_run: DryRun = False,
    undo: Undo = False,
    yes: Yes = False,
    quiet: Quiet = False,
    output: Output = AdoptionFormat.TABLE,
) -> int:
    """Make a self-managed CoreDNS the managed add-on without losing its Corefile, or take that back."""
    from eksaddon.cli.adoption import Screen, adopting, undoing  # --help stays quick
    from eksaddon.cli.terminal import terminal

    screen = Screen(terminal(), quiet=quiet, as_json=output is AdoptionFormat.JSON)
    carried_out = undoing if undo else adopting
    return carried_out(targets, options, screen, dry_run=dry_run, yes=yes)
