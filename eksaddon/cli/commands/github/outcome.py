"""eksdns github outcome"""

from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.github.names import ACTIONS_BOT
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Author, Key, RepositoryName
from eksaddon.cli.option_groups import Only, bundled

Needs = Annotated[
    str,
    typer.Option("--needs", envvar="EKSDNS_NEEDS", help="Results and outputs of the jobs: toJSON(needs)."),
]


@bundled
def outcome(
    targets: Annotated[TargetRequest, Only("config")],
    needs: Needs,
    key: Key = "plan",
    repository: RepositoryName = None,
    author: Author = ACTIONS_BOT,
) -> int:
    """Comment on the merged pull request if its rollout stopped or paused, with the next step.

    A rollout that ended well updates that comment, and makes none.
    """
    from eksaddon.app.github.comment import put_comment, replace_comment
    from eksaddon.app.github.outcome import (
        Finished,
        Stopped,
        ending,
        ends_well,
        is_overtaken,
        pull_request_of,
        told_by,
    )
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.report.formats.github_comment import Origin, marker, rollout_text

    told, mark = told_by(needs), marker("rollout", key)
    runner, path = open_runner(), str(targets.config or "eksdns.yaml")
    found_in = open_repository(runner, repository)
    commit = runner.sha
    if isinstance(told, Finished | Stopped) and told.outcome.workflow_run not in {0, runner.run_id}:
        commit = found_in.commit_of(told.outcome.workflow_run) or commit
    number = pull_request_of(found_in, commit, runner.branch, path)
    if number is None:
        messages.line("no pull request brought this commit")
        return 0
    shown = ending(told)
    if is_overtaken(found_in.comments(number), mark, author, shown):
        messages.line(f"#{number} has a later state of the run")
        return 0
    put = replace_comment if ends_well(told) else put_comment
    posted = put(found_in, number, mark, rollout_text(mark, shown, Origin(runner.run_url, commit)), author)
    messages.line(f"comment on #{number} {posted.action}" if posted else f"#{number} has no comment")
    return 0
