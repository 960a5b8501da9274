"""Options of `eksdns adopt`; a separate module because the implementation imports them too."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.options import DESIRED, RUNNING
from eksaddon.frozen import dataclass


class Taking(StrEnum):
    """Values of resolveConflicts for CreateAddon, which has no values to preserve."""

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
        help="Default: EKS's default for the cluster's Kubernetes version.",
        rich_help_panel=DESIRED,
    ),
]
ResolveConflictsOption = Annotated[
    Taking,
    typer.Option(
        "--resolve-conflicts",
        envvar="EKSDNS_ADOPT_RESOLVE_CONFLICTS",  # resolveConflicts for updates must not permit a takeover
        help="Fields managed by other controllers: refuse, or overwrite.",
        rich_help_panel=RUNNING,
    ),
]
Save = Annotated[
    Path | None,
    typer.Option(
        "--save",
        envvar="EKSDNS_SAVE",
        help="File for a backup of the live objects. Default: below ~/.local/state/eksdns/adoptions.",
        rich_help_panel=RUNNING,
    ),
]


@dataclass(frozen=True, slots=True)
class AdoptionOptions:
    """How a self-managed CoreDNS is adopted."""

    addon_version: AddonVersion = None
    resolve_conflicts: ResolveConflictsOption = Taking.NONE
    save: Save = None
