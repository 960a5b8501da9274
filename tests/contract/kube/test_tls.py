"""TLS to a Kubernetes API that is a real server: who is believed, and what is said of all others."""

import base64
import datetime as dt
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.kube.network.tls import tls_context
from eksaddon.ports import Reach
from tests.support.network.authority import Authority
from tests.support.network.connect_proxy import connect_proxy
from tests.support.network.loopback import Loopback, Reply, Seen, loopback

REF = ClusterRef("111122223333", "eu-west-1", "prod")
ADMITTED = "access denied by the Kubernetes API: no entry"
"""What the server answers to whoever gets through."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Knows one cluster."""

    endpoint: str
    authority: bytes

    def reach(self, _: ClusterRef) -> Reach:
        return Reach(self.endpoint, base64.b64encode(self.authority).decode(), lambda: "a-token")


def answer(seen: Seen) -> Reply:
    if seen.path == "/version":
        return Reply(b'{"major": "1", "minor": "33"}', headers={"content-type": "application/json"})
    status = {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "no entry"}
    return Reply(json.dumps(status).encode(), 403, {"content-type": "application/json"})


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def asked(endpoint: str, authority: bytes) -> str:
    """Why the workload could not be read."""
    kube = KubeWorkloads(Directory(endpoint, authority), lambda: 0.0)
    try:
        found = kube.read(REF)
    finally:
        kube.close()
    assert isinstance(found, NotChecked)
    assert found.hint
    return found.reason


@contextmanager
def served(authority: Authority, host: str = "localhost") -> Iterator[Loopback]:
    with loopback(answer, authority.server(host)) as server:
        yield server


def with_identifiers(folder: Path) -> tuple[Authority, bytes, str]:
    authority = Authority(folder)
    return authority, authority.bundle.read_bytes(), "localhost"


def without_identifiers(folder: Path) -> tuple[Authority, bytes, str]:
    authority = Authority(folder, identifiers=False)
    return authority, authority.bundle.read_bytes(), "localhost"


def expired(folder: Path) -> tuple[Authority, bytes, str]:
    authority = Authority(folder, ends=dt.timedelta(days=-1))
    return authority, authority.bundle.read_bytes(), "localhost"


def foreign(folder: Path) -> tuple[Authority, bytes, str]:
    others = folder / "other"
    others.mkdir()
    return Authority(others), Authority(folder).bundle.read_bytes(), "localhost"


def wrong_host(folder: Path) -> tuple[Authority, bytes, str]:
    authority = Authority(folder)
    return authority, authority.bundle.read_bytes(), "elsewhere.invalid"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (with_identifiers, ADMITTED),
        (without_identifiers, ADMITTED),
        (expired, "the Kubernetes API's certificate has expired"),
        (foreign, "the Kubernetes API's certificate is not signed by the cluster's authority"),
        (wrong_host, "the Kubernetes API's certificate is for another host name"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_each_certificate_is_accepted_or_refused_for_its_true_reason(
    made: Callable[[Path], tuple[Authority, bytes, str]], reason: str, tmp_path: Path
) -> None:
    signer, trusted, host = made(tmp_path)
    with served(signer, host) as server:
        assert asked(server.url, trusted) == reason
        assert bool(server.seen) is (reason == ADMITTED), "no token is sent to whom is not trusted"


def test_a_foreign_authority_without_identifiers_is_no_better(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    trusted = Authority(tmp_path, identifiers=False).bundle.read_bytes()
    with served(Authority(tmp_path / "other", identifiers=False)) as server:
        assert "not signed by the cluster's authority" in asked(server.url, trusted)


def test_a_server_without_tls_is_not_believed(tmp_path: Path) -> None:
    trusted = Authority(tmp_path).bundle.read_bytes()
    with loopback(answer) as server:
        reason = asked(server.url.replace("http:", "https:"), trusted)
        assert reason.startswith("no TLS connection to the Kubernetes API")
        assert server.seen == []


@pytest.mark.parametrize("authority", [b"no certificate", b"\xff", b"-----BEGIN CERTIFICATE-----\n"])
def test_an_authority_that_cannot_be_read_is_reported_as_such(authority: bytes) -> None:
    reason = asked("https://localhost:1", authority)
    assert reason == "invalid certificate authority of the cluster, so nothing is sent"


def test_all_of_two_authorities_are_trusted(tmp_path: Path) -> None:
    """Both are listed while a cluster's authority is replaced."""
    (tmp_path / "next").mkdir()
    now, coming = Authority(tmp_path), Authority(tmp_path / "next")
    trusted = now.bundle.read_bytes() + coming.bundle.read_bytes()
    for signer in (now, coming):
        with served(signer) as server:
            assert asked(server.url, trusted) == ADMITTED


def test_chain_and_host_name_are_always_verified() -> None:
    context = tls_context("")
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.get_ca_certs() == []


def test_the_proxy_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    with served(authority) as server, connect_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert asked(server.url, authority.bundle.read_bytes()) == ADMITTED
        assert proxy.asked == [server.url.removeprefix("https://")]
        monkeypatch.setenv("NO_PROXY", "example.org,localhost")
        assert asked(server.url, authority.bundle.read_bytes()) == ADMITTED
        assert len(proxy.asked) == 1


def test_a_proxy_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy:70")
    reason = asked("https://localhost:1", Authority(tmp_path).bundle.read_bytes())
    assert reason.startswith("the proxy cannot reach the Kubernetes API")
