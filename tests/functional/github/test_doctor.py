"""`eksdns github doctor` with moto for IAM and a stand-in for GitHub and its tokens."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.support.aws.moto_http import moto_over_http
from tests.support.github.api import REPOSITORY, TOKEN, github_api
from tests.support.network.loopback import Reply, Seen, loopback

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/eksdns-plan"
ISSUER = "token.actions.githubusercontent.com"
SUBJECT = "repo:acme/dns:ref:refs/heads/main"


@pytest.fixture
def iam(bare, monkeypatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for name in ("GITHUB_ACTIONS", "ACTIONS_ID_TOKEN_REQUEST_URL", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    with moto_over_http() as aws, github_api() as github:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        client = boto3.client("iam", region_name="us-east-1")
        client.call, client.github = bare, github
        yield client


def deployed(iam: Any, *subjects: str) -> None:
    iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"])
    same = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": list(subjects)}
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"},
        "Condition": {"StringEquals": same},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName="eksdns-plan", AssumeRolePolicyDocument=document)


def doctor(iam: Any, *args: str) -> Any:
    return iam.call("github", "doctor", "--hub-role", ROLE, "--repository", REPOSITORY, *args)


def test_nothing_deployed_is_reported_part_by_part(iam):
    ended = doctor(iam)
    assert ended.code == 1
    assert "[oidc-provider]" in ended.err
    assert "[trust-role]" in ended.err
    assert ended.out == f"{ROLE}: trust policy incomplete\n"


@pytest.mark.parametrize("subject", [SUBJECT, "repo:acme@123/dns@456:ref:refs/heads/main"])
def test_either_form_of_the_subject_will_do(iam, subject):
    deployed(iam, subject)
    ended = doctor(iam)
    assert (ended.err, ended.code) == ("", 0)


def test_the_trusted_subjects_are_reported(iam):
    deployed(iam, SUBJECT)
    ended = doctor(iam, "--environment", "eksdns-apply")
    assert ended.code == 1
    assert "does not trust repo:acme/dns:environment:eksdns-apply" in ended.err
    assert f"trusted subjects: {SUBJECT}" in ended.err


def test_a_job_without_the_permission_is_told_which_one(iam, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "id-token: write" in doctor(iam).err


def token(subject: object) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, {"sub": subject})]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "sig"])


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ({"value": token(SUBJECT)}, 0, ""),
        ({"value": token("repo:acme/dns:pull_request")}, 1, "repo:acme/dns:pull_request"),
        ({"value": token(7)}, 1, "it has no `sub` claim"),
        ({"value": "x.!.y"}, 1, "cannot be decoded"),
        ({"value": None}, 1, "cannot be decoded"),
        ([], 1, "cannot be decoded"),
    ],
)
def test_in_a_job_its_own_token_is_what_counts(iam, monkeypatch, answer, code, said):
    deployed(iam, SUBJECT)

    def give(seen: Seen) -> Reply:
        assert seen.headers["authorization"] == "Bearer request-token"
        assert seen.target == "/token?api-version=2.0&audience=sts.amazonaws.com"
        return Reply(json.dumps(answer).encode())

    with loopback(give) as server:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{server.url}/token?api-version=2.0")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token")
        ended = doctor(iam)
    assert (ended.code, said in ended.err) == (code, True)


def test_without_aws_it_says_what_it_would_have_checked(iam, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    ended = doctor(iam)
    assert ended.code == 3
    assert "could not be read" in ended.err
    assert "repo:acme@123/dns@456:ref:refs/heads/main" in ended.err


def test_the_repository_has_to_be_known(iam):
    assert iam.call("github", "doctor", "--hub-role", ROLE).code == 64
    assert iam.call("github", "doctor", "--hub-role", "x", "--repository", REPOSITORY).code == 64


def test_environments_without_protection_and_disabled_schedules_are_reported(iam):
    deployed(iam, SUBJECT)
    iam.github.protect("eksdns-apply")
    iam.github.protect("eksdns-approval")
    iam.github.workflows["eksdns-drift.yml"] = "disabled_inactivity"
    iam.github.is_private = True
    ended = doctor(iam)
    assert (ended.code, ended.out) == (1, f"{ROLE}: rollouts are not protected\n")
    assert "eksdns-approval has no required reviewers" in ended.err
    assert "GitHub Enterprise" in ended.err
    assert "no environment named eksdns-operate" in ended.err
    assert "gh workflow enable eksdns-drift.yml" in ended.err


def test_rules_that_the_token_cannot_read_are_named(iam, monkeypatch):
    deployed(iam, SUBJECT)
    monkeypatch.setenv("GITHUB_TOKEN", "wrong")
    ended = doctor(iam)
    assert ended.code == 3
    assert "some checks were not possible" in ended.out
    assert "the protection rules of the environments could not be read" in ended.err


def test_another_audience_is_the_one_that_is_checked(iam):
    deployed(iam, SUBJECT)
    ended = doctor(iam, "--audience", "sts.amazonaws.com.cn")
    assert (ended.code, "does not allow the audience sts.amazonaws.com.cn" in ended.err) == (1, True)
