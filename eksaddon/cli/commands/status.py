"""eksdns status"""

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import Live, OutputOptions, ShardText, Versions


@bundled
def status(
    targets: TargetRequest,
    output: OutputOptions,
    live: Live = False,  # an option
    versions: Versions = False,  # as above
    shard: ShardText = "",
) -> int:
    """Show the CoreDNS add-on of every cluster, and its pods with --live; needs no fleet file."""
    from eksaddon.app.fleet.ages import rows_with_ages
    from eksaddon.app.fleet.fleet import load_scope, require_targets
    from eksaddon.app.fleet.plan import doubts, observe, with_live
    from eksaddon.app.fleet.shards import sharded
    from eksaddon.app.runs.exit_codes import of_status
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.plan_session import tell
    from eksaddon.cli.read_progress import reading
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.model.status import row
    from eksaddon.report.render import Listed

    files, at, targets = check_reports(output), terminal(), sharded(targets, shard)
    fleet = load_scope(targets)
    require_targets(targets)
    targets.selection()
    book = AccessBook()
    session = open_session(book, threads=targets.threads)
    try:
        seen = observe(fleet, session, book, reading(at, quiet=output.quiet))
        tell(doubts(fleet, seen))
        seen = with_live(seen, session) if live else seen
        resolver = fleet.resolver(session.clock.now())
        rows = tuple(
            row(one.target, one.observed, one.workload, resolver.resolve(one.target).propagation)
            for one in seen.observations
        )
        if versions:
            rows = rows_with_ages(rows, session)
        put(Listed(rows, session.clock.now(), seen.shard), output, files, at)
    finally:
        session.close()
    return of_status(rows)
