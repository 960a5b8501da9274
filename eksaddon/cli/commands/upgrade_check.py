"""eksdns upgrade-check"""

from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import DESIRED, RUNNING, DetailedExitCode, OutputOptions

To = Annotated[
    str,
    typer.Option(
        "--to",
        envvar="EKSDNS_TO",
        help="Add-on version, default, latest, or a Kubernetes version such as 1.35.",
        rich_help_panel=DESIRED,
    ),
]
NoLive = Annotated[
    bool,
    typer.Option(
        "--no-live",
        envvar="EKSDNS_NO_LIVE",
        help="Check the stored configuration only, without the Kubernetes API.",
        rich_help_panel=RUNNING,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", envvar="EKSDNS_STRICT", help="Treat warnings as errors.", rich_help_panel=RUNNING
    ),
]


@bundled
def upgrade_check(
    targets: TargetRequest,
    output: OutputOptions,
    to: To,
    no_live: NoLive = False,  # an option
    strict: Strict = False,  # as above
    detailed_exitcode: DetailedExitCode = False,
) -> int:
    """Check whether every cluster's CoreDNS would survive another version of the add-on or of Kubernetes.

    Read-only, and independent of a desired state: the result is a plan that changes the version alone.
    """
    from eksaddon.app.fleet.fleet import load_scope, require_targets
    from eksaddon.app.fleet.plan import doubts, observe
    from eksaddon.app.fleet.upgrade import check_upgrade, read_upgrade
    from eksaddon.app.runs.exit_codes import of_plan
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli.output import check_reports, print_unreachable, put
    from eksaddon.cli.plan_session import tell
    from eksaddon.cli.read_progress import reading
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.render import Planned

    files, at, upgrade = check_reports(output), terminal(), read_upgrade(to)
    fleet = load_scope(targets)
    require_targets(targets)
    targets.selection()
    book = AccessBook()
    session = open_session(book, threads=targets.threads)
    try:
        seen = observe(fleet, session, book, reading(at, quiet=output.quiet))
        tell(doubts(fleet, seen), strict=strict)
        plan = check_upgrade(fleet, session, seen, upgrade, strict=strict, corefiles=not no_live)
        put(Planned(plan), output, files, at)
        print_unreachable(plan)
    finally:
        session.close()
    return of_plan(plan, detailed=detailed_exitcode)
