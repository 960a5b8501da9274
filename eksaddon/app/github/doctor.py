"""Checks the trust between a repository and a role from both sides."""

from collections.abc import Callable, Iterable

from eksaddon.app.github.protection import of_rules
from eksaddon.app.github.trust import Subjects, subjects_of, trust_findings
from eksaddon.domain.access.reviews import EnvironmentRules
from eksaddon.domain.access.trust import AUDIENCE, NotRead, Trust
from eksaddon.domain.cause import Trouble
from eksaddon.domain.conversation import RepositoryIds
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.roles import ROLE_ARN
from eksaddon.frozen import dataclass
from eksaddon.ports import Identity

ENVIRONMENT = "environment:"


@dataclass(frozen=True, slots=True)
class Sides:
    """Access to both sides.

    Attributes:
        identity: Returns the identity of the AWS credentials.
        trust: Reads IAM, by account, partition and name of the role.
        ids: Returns the repository's ids.
        environments: Returns the names of the repository's environments.
        token_subject: Returns the subject of the job's token; None outside a job.
        is_job_without_token: The job cannot request a token.
    """

    identity: Callable[[], Identity | Trouble]
    trust: Callable[[str, str, str], Trust]
    ids: Callable[[], RepositoryIds]
    environments: Callable[[], tuple[str, ...]]
    token_subject: Callable[[], str] | None = None
    is_job_without_token: bool = False


def check(
    role: str, repository: str, context: str, sides: Sides, audience: str = AUDIENCE
) -> tuple[Diagnostic, ...]:
    """Findings, most severe first.

    Args:
        role: ARN of the role.
        context: End of the token's subject, such as `environment:eksdns-apply`.
        audience: Of the job's token.

    Raises:
        EksdnsError: `role` is not a role ARN.
    """
    match = ROLE_ARN.fullmatch(role)
    if match is None:
        raise EksdnsError(
            f"invalid role ARN {role!r}",
            hint="example: arn:aws:iam::111122223333:role/eksdns-plan",
            exit_code=ExitCode.USAGE,
        )
    if sides.is_job_without_token:
        detail = "add `permissions: {id-token: write}` to the job and to the calling workflow's job"
        return (
            Diagnostic(Severity.ERROR, "id-token", "the job is not allowed to request an OIDC token", detail),
        )
    subjects, of_github = _subjects(repository, context, sides)
    account, partition = match[2], match[1]
    found = (
        *of_github,
        *trust_findings(_trust(account, partition, role.rsplit("/", 1)[1], sides), subjects, audience),
    )
    return sorted_by_severity(found)


def sorted_by_severity(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Most severe first, otherwise as given."""
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


def _subjects(repository: str, context: str, sides: Sides) -> tuple[Subjects, tuple[Diagnostic, ...]]:
    if sides.token_subject is not None:
        return Subjects((sides.token_subject(),)), ()
    try:
        ids, environments = sides.ids(), sides.environments()
    except EksdnsError as error:
        note = Diagnostic(
            Severity.INFO, "github", f"the environment could not be checked: {error.message}", error.hint
        )
        return subjects_of(repository, None, context), (note,)
    return subjects_of(repository, ids, context), _of_environment(context, environments)


def _of_environment(context: str, environments: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    name = context.removeprefix(ENVIRONMENT)
    if not context.startswith(ENVIRONMENT) or name in environments:
        return ()
    missing = EnvironmentRules(name, exists=False)
    return tuple(of_rules(missing, needs_reviewers=False, is_private=False))


def _trust(account: str, partition: str, role: str, sides: Sides) -> Trust:
    identity = sides.identity()
    if isinstance(identity, Trouble):
        return Trust(NotRead(str(identity)), NotRead(str(identity)))
    if identity.account != account:
        reason = NotRead(f"the credentials are for account {identity.account}, but the role is in {account}")
        return Trust(reason, reason)
    return sides.trust(account, partition, role)
