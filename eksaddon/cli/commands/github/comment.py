"""eksdns github comment"""

from typing import Annotated

import typer

from eksaddon.app.github.names import ACTIONS_BOT
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Author, Key, OptionalReport, RepositoryName

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


OutOfDate = Annotated[
    bool,
    typer.Option(
        "--out-of-date",
        envvar="EKSDNS_OUT_OF_DATE",
        help="Say in the existing comment that the commit could not be planned; needs no report.",
    ),
]


def comment(
    file: OptionalReport = None,
    key: Key = "plan",
    pull_request: PullRequest = None,
    repository: RepositoryName = None,
    author: Author = ACTIONS_BOT,
    artifact: Artifact = "",
    out_of_date: OutOfDate = False,
) -> int:
    """Post a report as a comment on a pull request, or update the existing comment."""
    from eksaddon.app.github.comment import put_comment, replace_comment
    from eksaddon.app.github.report import load_report
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.cli.commands.github.step import require_file
    from eksaddon.report.formats.github_comment import Origin, conversation_text, marker, out_of_date_text
    from eksaddon.report.formats.github_outputs import output_lines

    runner, mark = open_runner(), marker("comment", key)
    number = pull_request or runner.pull_request()
    origin = Origin(runner.run_url, runner.commit, runner.run_id if artifact else 0, artifact)
    found_in = open_repository(runner, repository)
    if out_of_date:
        posted = replace_comment(found_in, number, mark, out_of_date_text(mark, origin), author)
    else:
        body = conversation_text(load_report(require_file(file, "--out-of-date")), mark, origin)
        posted = put_comment(found_in, number, mark, body, author)
    runner.put_outputs(lambda delimiter: output_lines({"posted": "true"}, delimiter))
    messages.line(f"comment on #{number} {posted.action}" if posted else f"#{number} has no comment")
    return 0
