"""TLS to AWS: the bundle of authorities, names and client certificates."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon.aws.network.http import OnceContext
from eksaddon.domain.cause import Cause, Trouble
from tests.support.aws.sockets import PAGE, SETTINGS, clusters, eks, opened
from tests.support.network.authority import Authority
from tests.support.network.loopback import Loopback, Reset


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


def test_a_server_without_a_trusted_certificate_is_refused(
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


def test_a_bundle_that_does_not_exist_is_a_trouble_and_no_crash(
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
