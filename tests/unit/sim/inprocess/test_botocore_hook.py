"""The simulator inside botocore: nothing outside is touched, and botocore's own layers stay real."""

import os
import socket
from io import BytesIO
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from eksaddon.sim.api.faults import TOO_MANY_REQUESTS, Fault, Slow
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.inprocess.botocore_hook import InProcess, boto3_session, hermetic_session
from tests.support.aws.backends import REGION
from tests.support.aws.eks_driver import ACCOUNT, Driver


def test_nothing_of_the_machines_configuration_is_used(monkeypatch, tmp_path):
    config = tmp_path / "config"
    config.write_text("[profile elsewhere]\nregion = us-west-2\nendpoint_url = http://127.0.0.1:9\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", access_key_of("999999999999"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "17")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was used"))
    session = boto3_session(Driver().world.handle, region=REGION)
    assert session.client("eks").list_clusters()["clusters"] == ["prod"]
    assert session.client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert session.client("eks").meta.endpoint_url == "https://eks.eu-west-1.amazonaws.com"
    assert hermetic_session(Driver().world.handle).get_config_variable("max_attempts") is None


def test_a_session_may_be_of_any_account_or_key():
    driver = Driver()
    driver.world.add_account(Account("222222222222"))
    for session in (
        hermetic_session(driver.world.handle, account="222222222222", region=REGION),
        hermetic_session(driver.world.handle, access_key=access_key_of("222222222222"), region=REGION),
    ):
        sts: Any = session.create_client("sts")
        assert sts.get_caller_identity()["Account"] == "222222222222"


def test_slowness_passes_on_the_given_clock_and_a_client_stops_after_its_read_timeout():
    driver = Driver()
    hook = InProcess(driver.world.handle, sleep=driver.clock.sleep, read_timeout=60)
    eks: Any = hermetic_session(hook, region=REGION).create_client(
        "eks", config=Config(retries={"total_max_attempts": 1})
    )
    began = driver.clock()
    driver.world.add_fault(Fault(Slow(59), nth=frozenset({1})))
    driver.world.add_fault(Fault(Slow(60), nth=frozenset({2})))
    assert eks.list_clusters()["clusters"] == ["prod"]
    assert driver.clock() == began + 59
    with pytest.raises(ReadTimeoutError):
        eks.list_clusters()
    assert driver.clock() == began + 59 + 60


def test_botocores_limiter_waits_before_a_request_is_executed(monkeypatch):
    waits: list[float] = []
    driver = Driver()
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setattr(
        "botocore.retries.bucket.TokenBucket.acquire", lambda *_, **__: waits.append(len(driver.world.calls))
    )
    driver.world.add_fault(Fault(TOO_MANY_REQUESTS, times=1))
    eks: Any = hermetic_session(driver.world.handle, region=REGION).create_client(
        "eks", config=Config(retries={"mode": "adaptive", "total_max_attempts": 3})
    )
    assert eks.list_clusters()["clusters"] == ["prod"]
    assert waits == [
        1
    ]  # the limiter begins with the first throttled answer, and waits before the second call


def test_bodies_may_be_text_bytes_or_files():
    driver = Driver()
    hook = InProcess(driver.world.handle)
    for body in (
        "Action=GetCallerIdentity",
        b"Action=GetCallerIdentity",
        BytesIO(b"Action=GetCallerIdentity"),
    ):
        request = AWSRequest(
            "POST",
            "https://sts.amazonaws.com/",
            {"Authorization": b"Credential=AKIAX/20260101/us-east-1/sts/aws4_request"},
            body,
        ).prepare()
        answer = hook(request)
        assert answer.status_code == 200
        assert ACCOUNT.encode() in answer.raw.read()
        answer.raw.close()


def test_a_session_has_no_use_for_files():
    session = hermetic_session(Driver().world.handle)
    assert session.get_config_variable("credentials_file") == os.devnull
    assert session.full_config == {"profiles": {}}
