"""eksdns status"""

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OutputOptions, TargetOptions


@bundled
def status(targets: TargetOptions, output: OutputOptions) -> int:
    """Show what is on every cluster; needs no fleet file and no desired state."""
    from eksaddon.app.fleet.fleet import load_scope, require_targets
    from eksaddon.app.fleet.plan import observe
    from eksaddon.app.runs.exit_codes import of_status
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli.output import check_reports, put
    from eksaddon.cli.read_progress import reading
    from eksaddon.cli.requests import target_request
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.model.status import row
    from eksaddon.report.render import Listed

    files, at = check_reports(output), terminal()
    request = target_request(targets)
    fleet = load_scope(request)
    require_targets(request)
    request.selection()
    book = AccessBook()
    session = open_session(book, threads=request.threads)
    try:
        seen = observe(fleet, session, book, reading(at, quiet=output.quiet))
        rows = tuple(row(one.target, one.observed) for one in seen.observations)
        put(Listed(rows, session.clock.now()), output, files, at)
    finally:
        session.close()
    return of_status(rows)
