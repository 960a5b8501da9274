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
    typer.Option("--environment", envvar="EKSDNS_ENVIRONMENT", help="Environment of the job, if any."),
]
Branch = Annotated[str, typer.Option("--branch", envvar="EKSDNS_BRANCH", help="Branch that the job runs on.")]
InPullRequest = Annotated[
    bool,
    typer.Option(
        "--in-pull-request", envvar="EKSDNS_IN_PULL_REQUEST", help="The job runs for pull requests."
    ),
]

Audience = Annotated[
    str,
    typer.Option(
        "--audience",
        envvar="EKSDNS_AUDIENCE",
        help="Audience of the job's token; sts.amazonaws.com.cn in China.",
    ),
]


def doctor(
    hub_role: HubRole,
    environment: Environment = None,
    branch: Branch = "main",
    in_pull_request: InPullRequest = False,
    repository: RepositoryName = None,
    audience: Audience = "sts.amazonaws.com",
) -> int:
    """Check the trust between a GitHub repository and an AWS role, and what protects rollouts.

    In a job, checks the job's own token; elsewhere, give the repository and the kind of job. Also checks the
    protection rules of the environments, and that GitHub did not disable the schedules. Exits with 3 if a
    check was not possible.
    """
    from eksaddon.app.github.doctor import check, sorted_by_severity
    from eksaddon.app.github.protection import Protected, repository_findings
    from eksaddon.app.github.wiring import open_runner, open_sides, repository_side
    from eksaddon.domain.diagnostic import Severity
    from eksaddon.domain.errors import EksdnsError, ExitCode

    runner = open_runner()
    name = repository or runner.repository
    if not name:
        raise EksdnsError("no repository given", hint="use --repository owner/name", exit_code=ExitCode.USAGE)
    context = "pull_request" if in_pull_request else f"ref:refs/heads/{branch}"
    job = f"environment:{environment}" if environment else context
    with open_sides(runner, name, audience) as sides:
        trust = check(hub_role, name, job, sides, audience)
    found = sorted_by_severity(
        dict.fromkeys((*trust, *repository_findings(repository_side(runner, name), Protected())))
    )
    for one in found:
        messages.problem(one.severity.value, f"{one.summary} [{one.rule}]", one.detail)
    errors = any(one.severity is Severity.ERROR for one in found)
    blind = any(one.severity is Severity.INFO for one in found)
    fine = "no problem found, but some checks were not possible" if blind else "no problem found"
    is_trusted = all(one.severity is not Severity.ERROR for one in trust)
    wrong = "rollouts are not protected" if is_trusted else "trust policy incomplete"
    messages.line(f"{hub_role}: {wrong if errors else fine}")
    if errors:
        return int(ExitCode.ERROR)
    return int(ExitCode.PARTIAL if blind else ExitCode.DONE)
