"""eksdns doctor"""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.commands.github.doctor import Branch, Environment, InPullRequest
from eksaddon.cli.commands.github.doctor import doctor as github_doctor
from eksaddon.cli.commands.github.options import RepositoryName
from eksaddon.cli.option_groups import bundled

if TYPE_CHECKING:
    from eksaddon.domain.access.checkup import Checkup


class DoctorFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


class Text(StrEnum):
    IAM_AUDIT = "iam-audit"
    IAM_PLAN = "iam-plan"
    IAM_APPLY = "iam-apply"
    ACCESS_ENTRY = "access-entry"
    ROLE = "role"
    HUB = "hub"
    MEMBERS = "members"


Print = Annotated[
    Text | None,
    typer.Option(
        "--print",
        envvar="EKSDNS_PRINT",
        help="Print a minimum policy or a CloudFormation template; makes no API call.",
    ),
]
ReadOnly = Annotated[
    bool,
    typer.Option(
        "--read-only", envvar="EKSDNS_READ_ONLY", help="Exclude permissions that only `apply` needs."
    ),
]
GitHub = Annotated[
    bool, typer.Option("--github", envvar="EKSDNS_GITHUB", help="Also check the trust policy of --hub-role.")
]
HubRole = Annotated[
    str, typer.Option("--hub-role", envvar="EKSDNS_HUB_ROLE", help="ARN of the role that the job assumes.")
]
Output = Annotated[
    DoctorFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.")
]


@bundled
def doctor(
    targets: TargetRequest,
    text: Print = None,
    read_only: ReadOnly = False,
    github: GitHub = False,
    hub_role: HubRole = "",
    environment: Environment = None,
    branch: Branch = "main",
    in_pull_request: InPullRequest = False,
    repository: RepositoryName = None,
    output: Output = DoctorFormat.TABLE,
) -> int:
    """Check permissions on every cluster: what is missing, its effect and how to fix it. Writes nothing.

    With --github and no cluster, only check the trust between a repository and an AWS role.
    """
    from eksaddon.app.doctor.doctor import examine, exit_code
    from eksaddon.app.fleet.fleet import closing, load_scope, require_targets
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session

    if text is not None:
        messages.rendered(_text(text, targets))
        return 0
    fleet = load_scope(targets)
    trust = 0
    if github:
        _check_github(hub_role, output)
        trust = github_doctor(hub_role, environment, branch, in_pull_request, repository)
        if not targets.is_chosen:
            return trust
    require_targets(targets)
    targets.selection()
    book = AccessBook()
    with closing(open_session(book, threads=targets.threads)) as session:
        found = examine(fleet, session, book, writes=not read_only)
    _put(found, output)
    return int(exit_code(found)) or trust


def _check_github(hub_role: str, output: DoctorFormat) -> None:
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if not hub_role:
        hint = "use --hub-role arn:aws:iam::111122223333:role/eksdns-plan"
        raise EksdnsError("--github requires --hub-role", hint=hint, exit_code=ExitCode.USAGE)
    if output is DoctorFormat.JSON:
        hint = "remove -o json, or run `eksdns doctor` once with --github and once without"
        raise EksdnsError("--github does not support JSON output", hint=hint, exit_code=ExitCode.USAGE)


def _text(text: Text, targets: TargetRequest) -> str:
    from eksaddon.app.doctor.least_access import access_entry, iam_policy, principal_of, rendered, role
    from eksaddon.app.fleet.fleet import load_scope
    from eksaddon.app.packaged import packaged

    match text:
        case Text.HUB | Text.MEMBERS:
            return packaged(f"access/{text.value}.yaml")
        case Text.IAM_AUDIT | Text.IAM_PLAN | Text.IAM_APPLY:
            principal = principal_of(load_scope(targets))
            policy = iam_policy(principal, writes=text is Text.IAM_APPLY, audits=text is Text.IAM_AUDIT)
            return rendered(policy)
        case Text.ROLE:
            return rendered(role())
        case Text.ACCESS_ENTRY:
            return access_entry(principal_of(load_scope(targets)))


def _put(found: "tuple[Checkup, ...]", output: DoctorFormat) -> None:
    from eksaddon.app.doctor.report import document, findings, rows, total
    from eksaddon.cli.columns import columns
    from eksaddon.cli.terminal import terminal

    if output is DoctorFormat.JSON:
        messages.rendered(json.dumps(document(found), indent=2) + "\n")
        return
    messages.rendered(columns(("eks", "kubernetes", "target"), rows(found)))
    lines = (*findings(found, terminal().width), "", total(found))
    messages.rendered("".join(f"{line}\n" for line in lines))
