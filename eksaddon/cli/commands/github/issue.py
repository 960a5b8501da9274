"""eksdns github issue"""

from typing import Annotated

import typer

from eksaddon.app.github.names import ACTIONS_BOT, WhenClosed
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Author, Key, OptionalReport, RepositoryName

WhenClosedOption = Annotated[
    WhenClosed,
    typer.Option(
        "--when-closed", envvar="EKSDNS_WHEN_CLOSED", help="What to do if someone closed the last issue."
    ),
]


NotChecked = Annotated[
    bool,
    typer.Option(
        "--not-checked",
        envvar="EKSDNS_NOT_CHECKED",
        help="Say in the issue that drift could not be checked; needs no report.",
    ),
]


def issue(
    file: OptionalReport = None,
    key: Key = "drift",
    when_closed: WhenClosedOption = WhenClosed.NEW,
    repository: RepositoryName = None,
    author: Author = ACTIONS_BOT,
    not_checked: NotChecked = False,
) -> int:
    """Maintain one issue about drift: open it, update it, and close it when there is no drift."""
    from eksaddon.app.github.issue import Wanted, keep_issue
    from eksaddon.app.github.report import load_report
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.cli.commands.github.step import require_file
    from eksaddon.report.formats.github_comment import (
        NOT_CHECKED_TITLE,
        Origin,
        conversation_text,
        drift_title,
        is_clean,
        marker,
        not_checked_text,
    )
    from eksaddon.report.formats.github_outputs import output_lines

    runner, mark = open_runner(), marker("issue", key)
    origin = Origin(runner.run_url, runner.commit)
    if not_checked:
        text = not_checked_text(mark, origin)
        desired = Wanted(NOT_CHECKED_TITLE, text, mark, author, is_clean=False, when_closed=when_closed)
    else:
        model = load_report(require_file(file, "--not-checked"))
        clean, text = is_clean(model), conversation_text(model, mark, origin)
        desired = Wanted(drift_title(model), text, mark, author, clean, when_closed)
    action = keep_issue(open_repository(runner, repository), desired)
    runner.put_outputs(lambda delimiter: output_lines({"posted": "true"}, delimiter))
    messages.line(action)
    return 0
