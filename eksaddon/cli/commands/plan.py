"""eksdns plan"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OUTPUT, DetailedExitCode, Live, OutputOptions, ShardText
from eksaddon.cli.run_options import State

if TYPE_CHECKING:
    from eksaddon.domain.plan import Plan

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        envvar="EKSDNS_OUT",
        help="Save the plan to this file, for `apply FILE`.",
        rich_help_panel=OUTPUT,
    ),
]
TryCorefile = Annotated[
    bool,
    typer.Option(
        "--try-corefile",
        envvar="EKSDNS_TRY_COREFILE",
        help="Start each changed Corefile in a real CoreDNS and block those that fail.",
    ),
]
CoreDns = Annotated[
    Path | None,
    typer.Option(
        "--coredns",
        envvar="EKSDNS_COREDNS",
        help="CoreDNS binary, or a folder with coredns-VERSION files. Default: coredns in the PATH.",
    ),
]


@bundled
def plan(
    targets: TargetRequest,
    desired: DesiredRequest,
    output: OutputOptions,
    out: Out = None,
    live: Live = False,  # an option
    state: State = "",
    try_corefile: TryCorefile = False,  # an option
    coredns: CoreDns = None,
    shard: ShardText = "",
    detailed_exitcode: DetailedExitCode = False,
) -> int:
    """Show the changes that `apply` would make, and any problems; writes nothing."""
    from eksaddon.app.fleet.plan import Purpose
    from eksaddon.app.fleet.shards import refuse_shard_of_rollout, sharded, wave_warning
    from eksaddon.app.runs.exit_codes import of_plan  # deferred to keep --help fast
    from eksaddon.cli.output import check_reports, print_unreachable, put
    from eksaddon.cli.plan_session import planned
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.render import Planned

    targets = sharded(targets, shard)
    refuse_shard_of_rollout(targets, out)
    files, at = check_reports(output), terminal()
    purpose = Purpose.READ if out is None else Purpose.SAVE
    tried = _trials(coredns) if try_corefile else None
    with planned(
        targets, desired, at, quiet=output.quiet, state=state, live=live, purpose=purpose, tried=tried
    ) as made:
        digest = ""
        if out is not None:
            from eksaddon.app.fleet.planfile import save_plan

            digest = save_plan(out, made.plan, made.accounts)
        put(Planned(made.plan, made.shard), output, files, at)
        print_unreachable(made.plan)
        if warning := wave_warning(targets.shard, made.plan.strategy):
            messages.message(f"warning: {warning}")
        if out is not None:
            messages.message(f"saved the plan in {out}, digest {digest}")
            messages.message(f"apply it: eksdns apply {quote(str(out))} --digest {digest}")
    return of_plan(made.plan, detailed=detailed_exitcode)


def _trials(coredns: Path | None) -> Callable[["Plan"], "Plan"]:
    from eksaddon.app.probing.corefile_trials import tried_plan

    return partial(tried_plan, given=coredns)
