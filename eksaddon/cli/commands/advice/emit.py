"""eksdns emit"""

from typing import Annotated

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import Quiet
from eksaddon.report.emit.emission import Form

Tool = Annotated[Form, typer.Argument(help="Tool that manages the add-on.", metavar="TOOL")]


@bundled
def emit(tool: Tool, targets: TargetRequest, desired: DesiredRequest, quiet: Quiet = False) -> int:
    """Print the add-on of one cluster in the form of the tool that manages it.

    With a fleet file or flags, the values are the planned ones, otherwise the stored ones.
    """
    from dataclasses import replace  # deferred to keep --help fast

    from eksaddon.app.advice.emit import emission
    from eksaddon.app.fleet.fleet import flag_settings, load_scope, require_targets
    from eksaddon.app.fleet.plan import observe
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli import messages
    from eksaddon.cli.read_progress import reading
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.emit.forms import emit as written

    require_targets(targets)
    desired = replace(desired, allow_weaken=True)  # what is only printed needs no consent
    fleet = replace(load_scope(targets), flags=flag_settings(desired))
    book = AccessBook()
    session = open_session(book, threads=targets.threads)
    try:
        seen = observe(fleet, session, book, reading(terminal(), quiet=quiet))
        messages.rendered(written(tool, emission(fleet, session, seen)))
    finally:
        session.close()
    return 0
