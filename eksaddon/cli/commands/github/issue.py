"""eksdns github issue"""

from typing import Annotated

import typer

from eksaddon.app.github.names import ACTIONS_BOT, WhenClosed
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Author, Key, Report, RepositoryName

WhenClosedOption = Annotated[
    WhenClosed,
    typer.Option(
        "--when-closed", envvar="EKSDNS_WHEN_CLOSED", help="What to do if someone closed the last issue."
    ),
]


def issue(
    file: Report,
    key: Key = "drift",
    when_closed: WhenClosedOption = WhenClosed.NEW,
    repository: RepositoryName = None,
    author: Author = ACTIONS_BOT,
) -> int:
    """Maintain one issue about drift: open it, update it, and close it when there is no drift."""
    from eksaddon.app.github.issue import Wanted, keep_issue
    from eksaddon.app.github.report import load_report
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.report.formats.github_comment import (
        Origin,
        conversation_text,
        drift_title,
        is_clean,
        marker,
    )

    runner, mark, report_model = open_runner(), marker("issue", key), load_report(file)
    clean, text = (
        is_clean(report_model),
        conversation_text(report_model, mark, Origin(runner.run_url, runner.commit)),
    )
    desired = Wanted(drift_title(report_model), text, mark, author, clean, when_closed)
    action = keep_issue(open_repository(runner, repository), desired)
    messages.line(action)
    return 0
