"""Check the trust policy between a repository and a role."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import assert_never

from eksaddon.domain.access.trust import AUDIENCE, ISSUER, Missing, NotRead, Provider, Trust, TrustPolicy
from eksaddon.domain.conversation import RepositoryIds
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
EQUAL = frozenset({"stringequals", "foranyvalue:stringequals"})
LIKE = frozenset({"stringlike", "foranyvalue:stringlike"})
FOREIGN_SUBJECTS = ("repo:somebody/else:ref:refs/heads/main", "repo:somebody@1/else@2:ref:refs/heads/main")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Possible subjects of a token.

    Attributes:
        any_of: Alternatives: the token has one of these forms, but which one is unknown.
    """

    any_of: tuple[str, ...]


def subjects_of(repository: str, ids: RepositoryIds | None, context: str) -> Subjects:
    """Both forms of a subject, as far as known.

    Args:
        repository: `owner/name`.
        ids: None if GitHub was not called.
        context: `pull_request`, `ref:refs/heads/main`, `environment:eksdns-apply`.
    """
    names = f"repo:{repository}:{context}"
    if ids is None:
        return Subjects((names,))
    return Subjects((names, f"repo:{ids.owner}@{ids.owner_id}/{ids.name}@{ids.id}:{context}"))


def trust_findings(trust: Trust, subjects: Subjects, audience: str = AUDIENCE) -> tuple[Diagnostic, ...]:
    """Reasons why the role cannot be assumed or is too permissive; empty without findings."""
    return (*_of_provider(trust.provider, audience), *_of_policy(trust.policy, subjects, audience))


def _of_provider(provider: Provider | Missing | NotRead, audience: str) -> Iterator[Diagnostic]:
    match provider:
        case Provider(audiences=audiences):
            if audience not in audiences:
                yield _error(
                    "oidc-audience",
                    f"the identity provider {ISSUER} does not allow the audience {audience}",
                    "add it to the provider's client IDs",
                )
        case Missing():
            yield _error(
                "oidc-provider",
                f"the account has no OIDC identity provider {ISSUER}",
                "deploy configs/access/hub.yaml, with CreateProvider=yes",
            )
        case NotRead(why=why):
            yield _note("oidc-provider", f"the identity provider could not be read: {why}")
        case _:
            assert_never(provider)


def _of_policy(
    policy: TrustPolicy | Missing | NotRead, subjects: Subjects, audience: str
) -> Iterator[Diagnostic]:
    match policy:
        case TrustPolicy(document=document):
            yield from _of_document(document, subjects, audience)
        case Missing():
            yield _error(
                "trust-role", "the role does not exist", "deploy configs/access/hub.yaml, or check its name"
            )
        case NotRead(why=why):
            expected = " or ".join(subjects.any_of)
            yield _note("trust-role", f"the trust policy could not be read: {why}; it must trust {expected}")
        case _:
            assert_never(policy)


def _of_document(document: JsonObject, subjects: Subjects, audience: str) -> Iterator[Diagnostic]:
    statements = [one for one in _listed(document.get("Statement")) if _allows_web_identity(one)]
    if not statements:
        yield _error(
            "trust-provider",
            f"the trust policy does not allow {WEB_IDENTITY} from {ISSUER}",
            "add a statement like the one in configs/access/hub.yaml",
        )
        return
    if any(_accepts(one, "sub", subject) for one in statements for subject in FOREIGN_SUBJECTS):
        yield _error(
            "trust-open",
            "any GitHub repository can assume this role",
            f"add a condition on {ISSUER}:sub that names your repository",
        )
    if not any(_accepts(one, "aud", audience) for one in statements):
        yield _error(
            "trust-audience",
            f"the trust policy requires an audience other than {audience}",
            f"set the audience to {audience}",
        )
    elif any(not _conditions(one, "aud") for one in statements):
        yield Diagnostic(
            Severity.WARNING,
            "trust-audience",
            "the role does not check the audience",
            f"add StringEquals {ISSUER}:aud {audience}",
        )
    if not any(_accepts(one, "sub", subject) for one in statements for subject in subjects.any_of):
        yield _of_subject(statements, subjects)


def _of_subject(statements: Sequence[Json], subjects: Subjects) -> Diagnostic:
    trusted = [value for one in statements for _, values in _conditions(one, "sub") for value in values]
    return _error(
        "trust-subject",
        f"the role does not trust {' or '.join(subjects.any_of)}",
        f"trusted subjects: {', '.join(dict.fromkeys(trusted)) or 'none'}; "
        "subjects of repositories created, renamed or opted in after 2026-07-15 contain numeric IDs",
    )


def _allows_web_identity(statement: Json) -> bool:
    match statement:
        case {"Effect": "Allow", "Principal": {"Federated": federated}, "Action": allowed}:
            actions = [str(action) for action in _listed(allowed)]
            is_allowed = any(fnmatchcase(WEB_IDENTITY.lower(), action.lower()) for action in actions)
            return is_allowed and any(
                str(one).endswith(f"oidc-provider/{ISSUER}") for one in _listed(federated)
            )
        case _:
            return False


def _accepts(statement: Json, claim: str, value: str) -> bool:
    """Whether all conditions on the claim are met; an unsupported condition counts as not met."""
    return all(
        any(value == one if operator in EQUAL else fnmatchcase(value, one) for one in values)
        if operator in EQUAL | LIKE
        else False
        for operator, values in _conditions(statement, claim)
    )


def _conditions(statement: Json, claim: str) -> list[tuple[str, list[str]]]:
    """Lower-case operators on the claim with their values."""
    found = statement.get("Condition") if isinstance(statement, Mapping) else None
    if not isinstance(found, Mapping):
        return []
    return [
        (operator.lower(), [str(value) for value in _listed(values)])
        for operator, keys in found.items()
        if isinstance(keys, Mapping)
        for key, values in keys.items()
        if key.lower() == f"{ISSUER}:{claim}"
    ]


def _listed(value: Json) -> Sequence[Json]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    return [] if value is None else [value]


def _error(rule: str, summary: str, detail: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, rule, summary, detail)


def _note(rule: str, summary: str) -> Diagnostic:
    return Diagnostic(
        Severity.INFO, rule, summary, "the check needs iam:GetRole and iam:GetOpenIDConnectProvider"
    )
