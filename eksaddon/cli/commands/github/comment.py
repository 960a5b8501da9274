"""eksdns github comment"""

from typing import Annotated

import typer

from eksaddon.app.github.names import ACTIONS_BOT
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Author, Key, Report, RepositoryName

PullRequest = Annotated[
    int | None,
    typer.Option(
        "--pull-request",
        envvar="EKSDNS_PULL_REQUEST",
        min=1,
        help="Default: the pull request that triggered the job.",
    ),
]

Artifact = Annotated[
    str,
    typer.Option(
        "--artifact",
        envvar="EKSDNS_ARTIFACT",
        help="Artifact of this workflow run with the report; the comment then has the digest of the plan.",
    ),
]


def comment(
    file: Report,
    key: Key = "plan",
    pull_request: PullRequest = None,
    repository: RepositoryName = None,
    author: Author = ACTIONS_BOT,
    artifact: Artifact = "",
) -> int:
    """Post a report as a comment on a pull request, or update the existing comment."""
    from eksaddon.app.github.comment import put_comment
    from eksaddon.app.github.report import load_report
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.report.formats.github_comment import Origin, conversation_text, marker

    runner, mark = open_runner(), marker("comment", key)
    run = runner.run_id if artifact else 0
    origin = Origin(runner.run_url, runner.commit, run, artifact)
    body = conversation_text(load_report(file), mark, origin)
    number = pull_request or runner.pull_request()
    posted = put_comment(open_repository(runner, repository), number, mark, body, author)
    messages.line(f"comment on #{number} {posted.action}")
    return 0
