"""eksdns github gate"""

import json
from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import RepositoryName

Environment = Annotated[
    str,
    typer.Option("--environment", envvar="EKSDNS_ENVIRONMENT", help="Environment whose reviewers approve."),
]


def gate(environment: Environment, repository: RepositoryName = None) -> int:
    """Check that an environment has required reviewers, and write its approvals so far to `approvals`."""
    from eksaddon.app.github.gate import approvers_so_far, require_reviewers
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.report.formats.github_outputs import output_lines

    runner = open_runner()
    found = open_repository(runner, repository)
    require_reviewers(found.environment(environment))
    values = {"approvals": json.dumps(approvers_so_far(found.approvals(runner.run_id), environment))}
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    messages.line(f"{environment}: has required reviewers")
    return 0
