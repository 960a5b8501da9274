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
        "--dry-run",
        envvar="EKSDNS_DRY_RUN",
        help="Show the plan without writing anything.",
        rich_help_panel=RUNNING,
    ),
]
Undo = Annotated[
    bool,
    typer.Option(
        "--undo",
        envvar="EKSDNS_UNDO",
        help="Remove the managed add-on; everything keeps running.",
        rich_help_panel=RUNNING,
    ),
]
Output = Annotated[
    AdoptionFormat,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.", rich_help_panel=OUTPUT),
]


@bundled
def adopt(
    targets: TargetRequest,
    desired: Annotated[
        DesiredRequest, Only("lameduck", "replicas", "pdb_max_unavailable", "allow_weaken", "strict")
    ],
    options: AdoptionOptions,
    dry_run: DryRun = False,
    undo: Undo = False,
    yes: Yes = False,
    quiet: Quiet = False,
    output: Output = AdoptionFormat.TABLE,
) -> int:
    """Turn a self-managed CoreDNS into the managed add-on and keep its Corefile, or undo that."""
    from eksaddon.cli.adoption import Screen, adopting, undoing  # deferred to keep --help fast
    from eksaddon.cli.terminal import terminal

    screen = Screen(terminal(), quiet=quiet, as_json=output is AdoptionFormat.JSON)
    carried_out = undoing if undo else adopting
    return carried_out(targets, desired, options, screen, dry_run=dry_run, yes=yes)
