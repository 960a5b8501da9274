"""Proxies, endpoints, regions, profiles and credentials of the user."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from eksaddon.aws.calls import Line
from eksaddon.aws.sessions import Hermetic
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import CurrentCredentials, ProfileCredentials
from tests.support.aws.sockets import PAGE, SETTINGS, clusters, eks, opened
from tests.support.network.loopback import Loopback, loopback


def test_requests_go_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://eks.internal:8080")
    with loopback(lambda _: PAGE) as proxy, opened() as accounts:
        monkeypatch.setenv("HTTP_PROXY", f"http://jane:secret@localhost:{proxy.port}")
        assert clusters(eks(accounts)) == ["a", "b"]
        assert proxy.seen[0].target == "http://eks.internal:8080/clusters"
        assert proxy.seen[0].headers["proxy-authorization"].startswith("Basic ")


def test_hosts_that_need_no_proxy_are_called_directly(
    pointed: Callable[..., Loopback], monkeypatch: pytest.MonkeyPatch
) -> None:
    pointed(PAGE)
    with loopback(lambda _: PAGE) as proxy, opened() as accounts:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost")
        assert clusters(eks(accounts)) == ["a", "b"]
        assert proxy.seen == []


def test_proxies_of_the_settings_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://eks.internal")
    with (
        loopback(lambda _: PAGE) as proxy,
        opened(replace(SETTINGS, proxies={"http": proxy.url})) as accounts,
    ):
        assert clusters(eks(accounts)) == ["a", "b"]


def test_a_proxy_that_does_not_exist_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(lambda _: PAGE) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT
    assert "proxy" in trouble.message


class Recorder:
    """Carries no request anywhere; answers every one with a page."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def __call__(self, request: AWSPreparedRequest) -> AWSResponse:
        self.urls.append(request.url)
        return AWSResponse(request.url, 200, {"Content-Length": "16"}, Body(b'{"clusters": []}'))  # type: ignore[arg-type]  # read only


class Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._content


@pytest.mark.parametrize(
    ("variables", "region", "url"),
    [
        ({}, "eu-west-1", "https://eks.eu-west-1.amazonaws.com/clusters"),
        ({}, "cn-north-1", "https://eks.cn-north-1.amazonaws.com.cn/clusters"),
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, "us-east-1", "https://fips.eks.us-east-1.amazonaws.com/clusters"),
        ({"AWS_USE_DUALSTACK_ENDPOINT": "true"}, "eu-west-1", "https://eks.eu-west-1.api.aws/clusters"),
        ({"AWS_ENDPOINT_URL": "http://localhost:4566"}, "eu-west-1", "http://localhost:4566/clusters"),
        (
            {"AWS_ENDPOINT_URL_EKS": "http://eks:1", "AWS_ENDPOINT_URL": "http://all:2"},
            "eu-west-1",
            "http://eks:1/clusters",
        ),
    ],
)
def test_the_sdks_endpoint_settings_are_obeyed(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], region: str, url: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    recorder = Recorder()
    with opened(transport=recorder) as accounts:
        assert clusters(eks(accounts, region)) == []
    assert recorder.urls == [url]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_ENDPOINT_URL", "localhost:4566"),
        ("AWS_DEFAULTS_MODE", "nonsense"),
        ("AWS_CA_BUNDLE", " "),
    ],
)
def test_configuration_that_makes_no_sense_is_a_trouble(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with opened() as accounts:
        line = accounts.open("eks", CurrentCredentials(), region="eu-west-1")
    assert isinstance(line, Trouble)
    assert line.cause is Cause.SETTINGS


def test_an_invalid_region_is_a_trouble() -> None:
    with opened() as accounts:
        line = accounts.open("eks", CurrentCredentials(), region="eu west/../1")
    assert isinstance(line, Trouble)
    assert line.cause is Cause.SETTINGS
    assert "eu west/../1" in line.message


def test_without_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    recorder = Recorder()
    with opened(transport=recorder) as accounts:
        line = accounts.open("eks", CurrentCredentials(), region="eu-west-1")
    assert isinstance(line, Trouble)
    assert line.cause is Cause.NO_CREDENTIALS
    assert recorder.urls == []


def test_a_profile_signs_with_its_own_keys_in_its_own_region(
    pointed: Callable[..., Loopback], tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text(
        "[shop]\naws_access_key_id = AKIASHOP\naws_secret_access_key = s\nregion = eu-north-1\n"
    )
    server = pointed(PAGE)
    with opened() as accounts:
        line = accounts.open("eks", ProfileCredentials("shop"))
        assert isinstance(line, Line)
        clusters(line)
    assert "AKIASHOP" in server.seen[0].headers["authorization"]
    assert line.region == "eu-north-1"


def test_a_profile_that_does_not_exist_is_a_trouble() -> None:
    with opened() as accounts:
        line = accounts.open("eks", ProfileCredentials("absent"), region="eu-west-1")
    assert isinstance(line, Trouble)
    assert line.cause is Cause.NO_PROFILE
    assert "absent" in line.message


@pytest.mark.parametrize("program", ["/no/such/program", "echo no-json"])
def test_a_credential_process_that_fails_is_asked_once_and_is_a_trouble(tmp_path: Path, program: str) -> None:
    (tmp_path / "config").write_text(f"[profile own]\ncredential_process = {program}\n")
    with opened() as accounts:
        troubles = [accounts.open("eks", ProfileCredentials("own"), region="eu-west-1") for _ in range(2)]
    assert isinstance(troubles[0], Trouble)
    assert troubles[0].cause is Cause.NO_CREDENTIALS
    assert troubles[1] is troubles[0]


def test_hermetic_means_that_nothing_of_the_machine_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {
        "AWS_PROFILE": "absent",
        "AWS_ENDPOINT_URL": "http://elsewhere:1",
        "AWS_DEFAULT_REGION": "ap-south-1",
        "AWS_CA_BUNDLE": "/absent.pem",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_RETRY_MODE": "nonsense",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config").write_text("[default]\nregion = not a region\n")
    recorder = Recorder()
    with opened(transport=recorder, hermetic=Hermetic("AKIASIM", "s", "eu-west-1")) as accounts:
        line = accounts.open("eks", CurrentCredentials())
        assert isinstance(line, Line)
        assert clusters(line) == []
    assert recorder.urls == ["https://eks.eu-west-1.amazonaws.com/clusters"]
    assert line.credentials.get_frozen_credentials().access_key == "AKIASIM"


def test_an_eks_client_can_do_nothing_but_what_we_need() -> None:
    with opened() as accounts:
        client = eks(accounts).client
    assert not hasattr(client, "delete_cluster")
    assert not hasattr(client, "delete_nodegroup")
    assert client.update_addon
