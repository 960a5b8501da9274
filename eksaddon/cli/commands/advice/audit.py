"""eksdns audit"""

from typing import Annotated

import typer

from eksaddon.app.fail_on import AuditFailOn
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli.option_groups import Only, bundled
from eksaddon.cli.options import OutputOptions, ShardText

FailOnLevel = Annotated[
    AuditFailOn | None,
    typer.Option(
        "--fail-on",
        envvar="EKSDNS_FAIL_ON_LEVEL",  # that of drift has other values
        help="Exit with 1 if a cluster has a finding of this level or above; never: always exit with 0.",
    ),
]


@bundled
def audit(
    targets: TargetRequest,
    desired: Annotated[DesiredRequest, Only("propagation")],
    output: OutputOptions,
    fail_on: FailOnLevel = None,
    shard: ShardText = "",
) -> int:
    """Report the DNS risks of every reachable cluster, worst first, and how to fix them.

    Read-only; needs no fleet file. Without --region, searches every enabled region.
    """
    from dataclasses import replace  # deferred to keep --help fast

    from eksaddon.app.advice.audit import examine, exit_code
    from eksaddon.app.fleet.fleet import flag_settings, load_scope
    from eksaddon.app.fleet.plan import doubts, observe
    from eksaddon.app.fleet.shards import sharded
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.plan_session import tell
    from eksaddon.cli.read_progress import reading
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.render import Audited

    files, at, targets = check_reports(output), terminal(), sharded(targets, shard)
    targets.selection()
    fleet = replace(load_scope(targets), flags=flag_settings(desired), searches_all_regions=True)
    book = AccessBook()
    session = open_session(book, threads=targets.threads)
    try:
        seen = observe(fleet, session, book, reading(at, quiet=output.quiet))
        tell(doubts(fleet, seen))
        rows = examine(fleet, session, seen)
        put(Audited(rows, session.clock.now(), seen.shard), output, files, at)
    finally:
        session.close()
    return exit_code(rows, fail_on)
