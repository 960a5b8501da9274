"""Roles and identities, as real boto3 clients see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws.backends import HUB, ROLE


def test_callers_are_told_who_they_are(aws):
    assert aws.client("sts").get_caller_identity()["Account"] == HUB


def test_an_assumed_role_acts_in_its_own_account(aws):
    identity = aws.in_member("sts").get_caller_identity()
    assert identity["Account"] == aws.member
    assert identity["Arn"] == f"arn:aws:sts::{aws.member}:assumed-role/{ROLE}/test"


def test_session_keys_last_an_hour_unless_asked_otherwise(aws):
    sts = aws.client("sts")
    arn = f"arn:aws:iam::{aws.member}:role/{ROLE}"
    one = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    short = sts.assume_role(RoleArn=arn, RoleSessionName="test", DurationSeconds=900)["Credentials"]
    assert one["Expiration"].tzinfo is not None
    assert timedelta(minutes=44) < one["Expiration"] - short["Expiration"] <= timedelta(minutes=45, seconds=5)


def test_roles_chain(aws):
    member = aws.in_member("sts")
    answer = member.assume_role(RoleArn=f"arn:aws:iam::{HUB}:role/{ROLE}", RoleSessionName="back")
    assert aws.with_keys(answer["Credentials"], "sts").get_caller_identity()["Account"] == HUB


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::222222222222:role/absent", "arn:aws:iam::999999999999:role/eksdns-apply"]
)
def test_a_role_that_does_not_exist_is_denied(simulated, arn):
    with pytest.raises(ClientError) as caught:
        simulated.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")
    error = caught.value.response["Error"]
    assert error["Code"] == "AccessDenied"
    user = f"arn:aws:iam::{HUB}:user/simulated"
    message = f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    assert error["Message"] == message


@pytest.mark.parametrize(
    ("given", "fits"), [({}, False), ({"ExternalId": "other"}, False), ({"ExternalId": "secret"}, True)]
)
def test_the_external_id_has_to_fit(simulated, given, fits):
    def assume() -> Any:
        return simulated.client("sts").assume_role(
            RoleArn="arn:aws:iam::222222222222:role/picky", RoleSessionName="test", **given
        )

    if fits:
        assert assume()["AssumedRoleUser"]["Arn"].endswith("assumed-role/picky/test")
    else:
        with pytest.raises(ClientError, match="AccessDenied"):
            assume()


def test_a_role_may_trust_users_only(simulated):
    session = simulated.in_member("sts")
    with pytest.raises(ClientError, match="AccessDenied"):
        session.assume_role(
            RoleArn="arn:aws:iam::222222222222:role/picky", RoleSessionName="test", ExternalId="secret"
        )


def test_keys_stop_working_when_they_expire(simulated):
    eks = simulated.in_member("eks", DurationSeconds=900)
    sts = simulated.in_member("sts", DurationSeconds=900)
    assert eks.list_clusters()["clusters"] == ["theirs"]
    for _ in range(10):
        simulated.finish()
    with pytest.raises(ClientError) as caught:
        eks.list_clusters()
    assert caught.value.response["Error"]["Code"] == "ExpiredTokenException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    with pytest.raises(ClientError) as caught:
        sts.get_caller_identity()
    assert caught.value.response["Error"]["Code"] == "ExpiredToken"


def test_a_session_token_of_another_session_is_refused(simulated):
    sts = simulated.client("sts")
    arn = f"arn:aws:iam::{simulated.member}:role/{ROLE}"
    one, other = (
        sts.assume_role(RoleArn=arn, RoleSessionName=name)["Credentials"] for name in ("one", "two")
    )
    mixed = {**one, "SessionToken": other["SessionToken"]}
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        simulated.with_keys(mixed, "eks").list_clusters()


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"RoleArn": "arn:aws:iam::1:role/short-account"}, "is invalid"),
        ({"RoleSessionName": "with space"}, "roleSessionName"),
        ({"DurationSeconds": 43200}, "MaxSessionDuration"),
    ],
)
def test_values_that_sts_rejects_are_a_validation_error(simulated, wanted, message):
    arn = f"arn:aws:iam::{simulated.member}:role/{ROLE}"
    with pytest.raises(ClientError, match=message) as caught:
        simulated.client("sts").assume_role(**{"RoleArn": arn, "RoleSessionName": "test", **wanted})
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_chained_sessions_last_an_hour_at_most(simulated):
    with pytest.raises(ClientError, match="1 hour session limit"):
        simulated.in_member("sts").assume_role(
            RoleArn=f"arn:aws:iam::{HUB}:role/{ROLE}", RoleSessionName="back", DurationSeconds=7200
        )


def test_the_expiration_is_a_time_of_the_simulations_clock(simulated):
    arn = f"arn:aws:iam::{simulated.member}:role/{ROLE}"
    keys = simulated.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    assert keys["Expiration"] == datetime.fromtimestamp(1_800_000_000 + 3600, UTC)
