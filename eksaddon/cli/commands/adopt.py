"""eksdns adopt"""

from typing import Annotated

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli.adopt_options import AdoptionFormat, AdoptionOptions
from eksaddon.cli.option_groups import Only, bundled
from eksaddon.cli.options import OUTPUT, RUNNING, Quiet, Yes

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


@bundled
def adopt(
    targets: TargetRequest,
    desired: Annotated[DesiredRequest, Only("lameduck", "replicas", "pdb_max_unavailable", "strict")],
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
    return carried_out(targets, desired, options, screen, dry_run=dry_run, yes=yes)
