"""eksdns drift"""

from dataclasses import replace
from typing import Annotated

import typer

from eksaddon.app.fail_on import FailOn
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import DetailedExitCode, Live, OutputOptions, ShardText, Versions
from eksaddon.cli.run_options import State

FailOnOption = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        envvar="EKSDNS_FAIL_ON",
        help="States that fail the command: drift (also unhealthy and unreachable), unhealthy (also "
        "unreachable), unreachable, or never. Default: unhealthy.",
    ),
]


History = Annotated[
    bool,
    typer.Option(
        "--history", envvar="EKSDNS_HISTORY", help="Show the most recent EKS update of each drifted cluster."
    ),
]


@bundled
def drift(
    targets: TargetRequest,
    desired: DesiredRequest,
    output: OutputOptions,
    fail_on: FailOnOption = None,
    live: Live = False,  # an option
    history: History = False,
    versions: Versions = False,  # as above
    state: State = "",
    shard: ShardText = "",
    detailed_exitcode: DetailedExitCode = False,
) -> int:
    """Compare the desired state with EKS's configuration and, with --live, with the live objects."""
    from eksaddon.app.fleet.ages import plan_with_ages
    from eksaddon.app.fleet.shards import sharded
    from eksaddon.app.runs.exit_codes import of_drift  # deferred to keep --help fast
    from eksaddon.cli.output import check_reports, print_unreachable, put
    from eksaddon.cli.plan_session import planned
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.model.classify import drift_state
    from eksaddon.report.render import Drifted

    files, at, targets = check_reports(output), terminal(), sharded(targets, shard)
    desired = replace(desired, allow_weaken=True)  # what is only compared needs no consent
    with planned(targets, desired, at, quiet=output.quiet, state=state, live=live, tries=False) as found:
        plan = plan_with_ages(found.plan, found.session) if versions else found.plan
        put(Drifted(plan, found.last_updates() if history else {}, found.shard), output, files, at)
        print_unreachable(plan)
    return of_drift([drift_state(one) for one in plan.clusters], fail_on, detailed=detailed_exitcode)
