"""The way from options to a plan, which several commands begin with."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from eksaddon.app.fleet import Fleet, load, require_no_waves, require_targets
from eksaddon.app.plan import make_plan, observe
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_session
from eksaddon.cli.fleet_request import desired_request, target_request
from eksaddon.cli.options import DesiredOptions, TargetOptions
from eksaddon.cli.progress import Progress
from eksaddon.cli.terminal import Terminal
from eksaddon.config.findings import fleet_findings
from eksaddon.domain.plan import Plan
from eksaddon.domain.printable import on_one_line


def tell_oddities(fleet: Fleet) -> None:
    """What is odd in the fleet file, on stderr; it keeps nobody from going on."""
    for one in fleet_findings(fleet.file, datetime.now(UTC).date()):
        where = f"{one.location}: " if one.location else ""
        sys.stderr.write(f"{one.severity.value}: {where}{on_one_line(one.summary)}\nhint: {one.detail}\n")


@contextmanager
def planned(
    targets: TargetOptions, desired: DesiredOptions, at: Terminal, *, quiet: bool, writes: bool = False
) -> Iterator[tuple[Plan, Session]]:
    """A plan, and the session that it was made with; closed at the end.

    Args:
        writes: The plan is to be carried out.
    """
    request, wanted = target_request(targets), desired_request(desired)
    fleet = load(request, wanted)
    require_targets(request)
    request.selection()
    if writes:
        require_no_waves(fleet)
    tell_oddities(fleet)
    book = AccessBook()
    session = open_session(book, threads=request.threads)
    try:
        seen = observe(fleet, session, book, Progress(at, quiet).reading)
        yield make_plan(fleet, session, seen, strict=wanted.strict), session
    finally:
        session.close()
