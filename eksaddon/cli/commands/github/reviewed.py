"""eksdns github reviewed"""

from typing import Annotated

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.github.names import ACTIONS_BOT
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Author, Key, RepositoryName
from eksaddon.cli.option_groups import Only, bundled


@bundled
def reviewed(
    targets: Annotated[TargetRequest, Only("config")],
    key: Key = "plan",
    repository: RepositoryName = None,
    author: Author = ACTIONS_BOT,
) -> int:
    """Find the plan that was reviewed in the pull request of this commit, for `github compare`.

    Writes the outputs `pull_request`, `digest`, `run` and `artifact`; in a merge queue, of the queued pull
    request.
    """
    from eksaddon.app.github.review import Found, NoPlan, Sought, review_in, review_of_commit
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.report.formats.github_comment import marker
    from eksaddon.report.formats.github_outputs import output_lines

    runner, mark = open_runner(), marker("comment", key)
    found_in, path = open_repository(runner, repository), str(targets.config or "eksdns.yaml")
    queued = runner.queued
    review = (
        review_of_commit(found_in, Sought(runner.sha, runner.branch, path, mark, author))
        if queued is None
        else review_in(found_in, queued, mark, author)
    )
    values = dict.fromkeys(("pull_request", "digest", "run", "artifact"), "")
    match review:
        case Found(pull_request=number, reviewed=one):
            values = {
                "pull_request": str(number),
                "digest": one.digest,
                "run": str(one.run),
                "artifact": one.artifact,
            }
            messages.line(f"reviewed in #{number}: {one.digest}")
        case NoPlan(pull_request=number):
            values["pull_request"] = str(number)
            messages.line(f"#{number} has no comment with a plan")
        case _:
            messages.line("no pull request brought this commit")
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    return 0
