"""What is missing between a repository and a role, part by part."""

import pytest

from eksaddon.app.github.doctor import Sides, check
from eksaddon.app.github.trust import Subjects, subjects_of, trust_findings
from eksaddon.domain.access.trust import AUDIENCE, ISSUER, Missing, NotRead, Provider, Trust, TrustPolicy
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.conversation import RepositoryIds
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import EksdnsError
from eksaddon.ports import Identity

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/eksdns-plan"
IDS = RepositoryIds("acme", "dns", 123, 456)
OLD, NEW = "repo:acme/dns:pull_request", "repo:acme@123/dns@456:pull_request"
PROVIDER = Provider((AUDIENCE,))
FEDERATED = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"


def policy(*subjects: str, operator: str = "StringEquals", audience: object = AUDIENCE, **more: object):
    conditions: dict[str, object] = {}
    if audience:
        conditions.setdefault("StringEquals", {})[f"{ISSUER}:aud"] = audience  # type: ignore[index]  # a dict
    if subjects:
        conditions.setdefault(operator, {})[f"{ISSUER}:sub"] = list(subjects)  # type: ignore[index]  # as above
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": FEDERATED},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
        **more,
    }
    return TrustPolicy({"Statement": [statement]})  # type: ignore[list-item]  # JSON


def rules(found) -> list[str]:
    return [one.rule for one in found if one.severity is not Severity.INFO]


@pytest.mark.parametrize(
    ("trusted", "subject"),
    [
        (policy(OLD), OLD),
        (policy(NEW), NEW),
        (policy(OLD, NEW), NEW),
        (policy("repo:acme/dns:*", operator="StringLike"), OLD),
        (policy("repo:acme@123/*", operator="StringLike"), NEW),
        (policy(OLD, operator="ForAnyValue:StringEquals"), OLD),
    ],
)
def test_nothing_is_wrong_with_a_role_that_trusts_the_subject(trusted, subject):
    assert trust_findings(Trust(PROVIDER, trusted), Subjects((subject,))) == ()


@pytest.mark.parametrize(
    ("trust", "rule"),
    [
        (Trust(Missing(), policy(OLD)), "oidc-provider"),
        (Trust(Provider(()), policy(OLD)), "oidc-audience"),
        (Trust(PROVIDER, Missing()), "trust-role"),
        (Trust(PROVIDER, TrustPolicy({})), "trust-provider"),
        (Trust(PROVIDER, policy(OLD, Effect="Deny")), "trust-provider"),
        (Trust(PROVIDER, policy(OLD, Action="sts:AssumeRole")), "trust-provider"),
        (Trust(PROVIDER, policy(OLD, Principal={"Federated": "accounts.google.com"})), "trust-provider"),
        (Trust(PROVIDER, policy(OLD, audience=None)), "trust-audience"),
        (Trust(PROVIDER, policy(OLD, audience="other")), "trust-audience"),
        (Trust(PROVIDER, policy(NEW)), "trust-subject"),
        (Trust(PROVIDER, policy("repo:acme/dns:environment:x")), "trust-subject"),
        (Trust(PROVIDER, policy("repo:acme/dns:*")), "trust-subject"),
        (Trust(PROVIDER, policy(OLD, operator="StringNotEquals")), "trust-subject"),
    ],
)
def test_each_missing_part_is_named_alone(trust, rule):
    assert rules(trust_findings(trust, Subjects((OLD,)))) == [rule]


@pytest.mark.parametrize(
    "open_one", [policy(), policy("repo:*", operator="StringLike"), policy("*", operator="StringLike")]
)
def test_a_role_for_everyone_is_an_error_even_though_it_works(open_one):
    assert "trust-open" in rules(trust_findings(Trust(PROVIDER, open_one), Subjects((OLD,))))


def test_actions_by_glob_and_lists_are_read_as_iam_reads_them():
    wide = policy(OLD, Action=["sts:*"], Principal={"Federated": ["x", FEDERATED]})
    assert trust_findings(Trust(PROVIDER, wide), Subjects((OLD,))) == ()


def test_both_forms_are_expected_where_no_one_knows_which_it_is():
    assert subjects_of("acme/dns", IDS, "pull_request") == Subjects((OLD, NEW))
    assert subjects_of("acme/dns", None, "pull_request") == Subjects((OLD,))


def sides(**more: object) -> Sides:
    usual = {
        "identity": lambda: Identity(ACCOUNT, "", "aws"),
        "trust": lambda *_: Trust(PROVIDER, policy(OLD, NEW)),
        "ids": lambda: IDS,
        "environments": lambda: ("eksdns-apply",),
    }
    return Sides(**{**usual, **more})  # type: ignore[arg-type]  # fields by name


def refusing():
    raise EksdnsError("GitHub: GET /x: 404 Not Found")


def test_all_is_well():
    assert check(ROLE, "acme/dns", "pull_request", sides()) == ()


def test_a_job_that_may_not_ask_for_a_token_is_told_so_first():
    (found,) = check(ROLE, "acme/dns", "pull_request", sides(is_job_without_token=True))
    assert "id-token: write" in found.detail


def test_in_a_job_its_own_token_counts():
    found = check(ROLE, "acme/dns", "x", sides(token_subject=lambda: "repo:acme/dns:environment:typo"))
    assert rules(found) == ["trust-subject"]
    assert "environment:typo" in found[0].summary


def test_an_environment_that_does_not_exist_is_named():
    assert "environment" in rules(check(ROLE, "acme/dns", "environment:eksdns-aply", sides()))


@pytest.mark.parametrize(
    "more",
    [
        {"ids": refusing},
        {"identity": lambda: Identity("999999999999", "", "aws")},
        {"identity": lambda: Trouble(Cause.NO_CREDENTIALS, "none")},
        {"trust": lambda *_: Trust(NotRead("denied"), NotRead("denied"))},
    ],
)
def test_unread_parts_are_reported_and_are_not_a_fault(more):
    found = check(ROLE, "acme/dns", "pull_request", sides(**more))
    assert found
    assert rules(found) == []


def test_a_role_is_named_by_its_arn():
    with pytest.raises(EksdnsError, match="invalid role ARN"):
        check("eksdns-plan", "acme/dns", "pull_request", sides())
