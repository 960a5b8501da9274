"""eksdns github doctor"""

from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import RepositoryName

HubRole = Annotated[
    str, typer.Option("--hub-role", envvar="EKSDNS_HUB_ROLE", help="ARN of the role that the job assumes.")
]
Environment = Annotated[
    str | None,
    typer.Option("--environment", envvar="EKSDNS_ENVIRONMENT", help="Environment of the job, if it has one."),
]
Branch = Annotated[str, typer.Option("--branch", envvar="EKSDNS_BRANCH", help="Branch of the job.")]
InPullRequest = Annotated[
    bool,
    typer.Option("--in-pull-request", envvar="EKSDNS_IN_PULL_REQUEST", help="The job reviews pull requests."),
]


def doctor(
    hub_role: HubRole,
    environment: Environment = None,
    branch: Branch = "main",
    in_pull_request: InPullRequest = False,
    repository: RepositoryName = None,
) -> int:
    """Say which part of the trust between a repository and a role of AWS is missing.

    In a job its own token counts; anywhere else give the repository and what kind of job is meant.
    """
    from eksaddon.app.github.doctor import check
    from eksaddon.app.github.wiring import open_runner, open_sides
    from eksaddon.domain.diagnostic import Severity
    from eksaddon.domain.errors import EksdnsError, ExitCode

    runner = open_runner()
    name = repository or runner.repository
    if not name:
        raise EksdnsError("no repository named", hint="use --repository owner/name", exit_code=ExitCode.USAGE)
    context = "pull_request" if in_pull_request else f"ref:refs/heads/{branch}"
    with open_sides(runner, name) as sides:
        found = check(hub_role, name, f"environment:{environment}" if environment else context, sides)
    for one in found:
        messages.problem(one.severity.value, f"{one.summary} [{one.rule}]", one.detail)
    errors = any(one.severity is Severity.ERROR for one in found)
    blind = any(one.severity is Severity.INFO for one in found)
    fine = "no fault found, but not everything could be looked at" if blind else "no fault found"
    messages.line(f"{hub_role}: {'not trusting' if errors else fine}")
    return int(ExitCode.ERROR if errors else ExitCode.DONE)
