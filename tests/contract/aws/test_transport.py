"""Requests over a real socket: repeats, cut replies, proxies, TLS, endpoints."""

import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.calls import Line
from eksaddon.aws.clients import ClientFactory
from eksaddon.aws.http import HttpPool, OnceContext
from eksaddon.aws.sessions import Hermetic, Sessions
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import CurrentCredentials, ProfileCredentials
from tests.support.network.authority import Authority
from tests.support.network.loopback import Answer, Loopback, Reply, Reset, Seen, Silence, error, loopback, ok

SETTINGS = Settings(mode="standard", attempts=4, read_timeout=5.0)
"""Adaptive waits by a clock of its own."""

PAGE = ok({"clusters": ["a", "b"]})


@contextmanager
def opened(settings: Settings = SETTINGS, **options: Any) -> Iterator[Accounts]:
    pool = HttpPool(settings)
    sessions = Sessions(options.pop("hermetic", None), options.pop("home_region", ""))
    factory = ClientFactory(sessions, settings, pool, options.pop("transport", None))
    try:
        yield Accounts(sessions, factory, session_name="eksdns-test", now=lambda: 0.0)
    finally:
        pool.close()


def eks(accounts: Accounts, region: str = "eu-west-1", **options: Any) -> Line[Any]:
    line = accounts.open("eks", CurrentCredentials(), region=region, **options)
    assert isinstance(line, Line)
    return line


def clusters(line: Line[Any]) -> list[str] | Trouble:
    reply = line.call("ListClusters", lambda client: client.list_clusters())
    return reply if isinstance(reply, Trouble) else list(reply["clusters"])


def scripted(*answers: Answer) -> Callable[[Seen], Answer]:
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def pointed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Loopback]]:
    """Starts a server and points the SDK at it."""
    running: list[Loopback] = []

    def start(*answers: Answer, context: ssl.SSLContext | None = None) -> Loopback:
        server = Loopback(scripted(*answers), context)
        running.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        return server

    yield start
    for server in running:
        server.close()


@pytest.mark.parametrize(
    "fault",
    [
        Reset(),
        Reply(b'{"clusters": ["a"', announced=40),
        Reply(b"", announced=25),
        Reply(b"<html>Service Unavailable</html>", 503),
        error(500, "ServerException", "internal"),
        error(429, "TooManyRequestsException", "slow down"),
        error(400, "ThrottlingException", "slow down"),
        Reply(b'[["no object"]]', 502),
    ],
    ids=["reset", "cut", "cut to nothing", "html 503", "500", "429", "400 throttling", "502 of odd json"],
)
def test_a_passing_fault_is_repeated_and_nobody_notices(
    pointed: Callable[..., Loopback], fault: Answer, pauses: list[float]
) -> None:
    server = pointed(fault, fault, PAGE)
    with opened() as accounts:
        assert clusters(eks(accounts)) == ["a", "b"]
    assert len(server.seen) == 3
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("fault", "cause", "attempts"),
    [
        (Reset(), Cause.TRANSPORT, 4),
        (Reply(b'{"clusters": ["a"', announced=40), Cause.TRUNCATED, 4),
        (Reply(b"<html>Service Unavailable</html>", 503), Cause.SERVER, 4),
        (error(503, "ServiceUnavailableException", "later"), Cause.SERVER, 4),
        (error(429, "TooManyRequestsException", "slow down"), Cause.THROTTLED, 4),
        (Reply(b"<html>Log in first</html>"), Cause.UNREADABLE, 1),
        (Reply(b""), Cause.UNREADABLE, 1),
        (Reply(b'{"clusters": {}}'), Cause.UNREADABLE, 1),
        (Reply(b"<html>Not here</html>", 404), Cause.UNREADABLE, 1),
        (Reply(b"", 302, {"Location": "https://portal"}), Cause.UNREADABLE, 1),
        (Reply(b'{"__type": 5}', 400), Cause.UNREADABLE, 1),
        (error(403, "AccessDeniedException", "no"), Cause.DENIED, 1),
        (error(403, "ExpiredTokenException", "old"), Cause.CREDENTIALS_EXPIRED, 1),
        (error(403, "UnrecognizedClientException", "who?"), Cause.CREDENTIALS_INVALID, 1),
        (error(409, "ResourceInUseException", "busy"), Cause.BUSY, 1),
        (error(400, "InvalidParameterException", "no"), Cause.INVALID, 1),
    ],
)
def test_a_lasting_fault_becomes_its_cause(
    pointed: Callable[..., Loopback], fault: Answer, cause: Cause, attempts: int
) -> None:
    server = pointed(fault)
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert (trouble.cause, trouble.operation) == (cause, "ListClusters")
    assert len(server.seen) == attempts


def test_a_reply_in_chunks_is_as_long_as_its_chunks(pointed: Callable[..., Loopback]) -> None:
    pointed(Reply(b'10\r\n{"clusters": []}\r\n0\r\n\r\n', headers={"Transfer-Encoding": "chunked"}))
    with opened() as accounts:
        assert clusters(eks(accounts)) == []


def test_a_server_that_says_nothing_is_left_after_the_time_limit(pointed: Callable[..., Loopback]) -> None:
    server = pointed(Silence())
    with opened(replace(SETTINGS, attempts=2, read_timeout=0.05)) as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT
    assert len(server.seen) == 2


def test_where_nobody_listens_the_connection_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(lambda _: PAGE) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT


def test_all_clients_of_all_accounts_and_regions_share_the_connections(
    pointed: Callable[..., Loopback],
) -> None:
    server = pointed(PAGE)
    with opened() as accounts:
        lines = [eks(accounts, region) for region in ("eu-west-1", "us-east-1", "ap-south-1") * 4]
        for line in lines:
            clusters(line)
    assert len(server.seen) == 12
    assert server.connections == 1


def test_each_thread_gets_a_connection_and_keeps_it(pointed: Callable[..., Loopback]) -> None:
    together = threading.Barrier(8, timeout=5)
    server = pointed(PAGE)
    with opened() as accounts, ThreadPoolExecutor(8) as threads:
        line = eks(accounts)

        def three_times(_: int) -> None:
            together.wait()
            for _ in range(3):
                clusters(line)

        list(threads.map(three_times, range(8)))
    assert len(server.seen) == 24
    assert server.connections <= 8


def test_a_request_says_who_we_are_and_signs_for_the_region(pointed: Callable[..., Loopback]) -> None:
    server = pointed(PAGE)
    with opened() as accounts:
        clusters(eks(accounts, "sa-east-1"))
    assert server.seen[0].headers["user-agent"].startswith("eksdns/")
    assert len(server.seen[0].headers["user-agent"]) < 30
    assert "/sa-east-1/eks/aws4_request" in server.seen[0].headers["authorization"]


# --- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Which bundles of authorities were read."""
    read: list[object] = []
    original = ssl.SSLContext.load_verify_locations

    def load(self: ssl.SSLContext, cafile: Any = None, *rest: Any, **more: Any) -> None:
        read.append(cafile)
        original(self, cafile, *rest, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", load)
    return read


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_bundle_of_authorities_is_read_once_for_all_connections(
    pointed: Callable[..., Loopback],
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    loads: list[object],
    variable: str,
) -> None:
    server = pointed(*[Reset(), PAGE] * 5, context=authority.server())
    monkeypatch.setenv(variable, str(authority.bundle))
    with opened() as accounts:
        for region in ("eu-west-1", "us-east-1", "sa-east-1", "ca-central-1", "eu-west-3"):
            assert clusters(eks(accounts, region)) == ["a", "b"]
    assert server.connections > 3
    assert loads == [str(authority.bundle)]


def test_a_server_that_nobody_vouches_for_is_refused(
    pointed: Callable[..., Loopback], authority: Authority
) -> None:
    server = pointed(PAGE, context=authority.server())
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT
    assert "CERTIFICATE_VERIFY_FAILED" in trouble.message
    assert server.seen == []


def test_a_certificate_for_another_host_is_refused(
    pointed: Callable[..., Loopback], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = pointed(PAGE, context=authority.server("eks.example.com"))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT
    assert server.seen == []


def test_a_bundle_that_is_not_there_is_a_trouble_and_no_crash(
    pointed: Callable[..., Loopback], authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pointed(PAGE, context=authority.server())
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "absent.pem"))
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT


def test_a_server_that_asks_for_a_certificate_gets_it(
    pointed: Callable[..., Loopback], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointed(Reset(), PAGE, context=authority.server(asks_for_certificate=True))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))
    with opened(replace(SETTINGS, client_cert=authority.client())) as accounts:
        assert clusters(eks(accounts)) == ["a", "b"]
    with opened() as accounts:
        assert isinstance(clusters(eks(accounts)), Trouble)


def test_a_context_reads_a_file_again_only_if_reading_failed(authority: Authority, tmp_path: Path) -> None:
    context = OnceContext(ssl.PROTOCOL_TLS_CLIENT)
    with pytest.raises(FileNotFoundError):
        context.load_verify_locations(str(tmp_path / "later.pem"))
    (tmp_path / "later.pem").write_bytes(authority.bundle.read_bytes())
    context.load_verify_locations(str(tmp_path / "later.pem"))
    assert len(context.get_ca_certs()) == 1


# --- proxies


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


def test_a_proxy_that_is_not_there_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(lambda _: PAGE) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT
    assert "proxy" in trouble.message


# --- endpoints


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


def test_a_region_that_is_none_is_a_trouble() -> None:
    with opened() as accounts:
        line = accounts.open("eks", CurrentCredentials(), region="eu west/../1")
    assert isinstance(line, Trouble)
    assert line.cause is Cause.SETTINGS
    assert "eu west/../1" in line.message


# --- who signs


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


def test_a_profile_that_is_not_there_is_a_trouble() -> None:
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
