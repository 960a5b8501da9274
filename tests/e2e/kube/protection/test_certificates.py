"""Faults of the real API server's certificates have their own words."""

import socket
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import pytest

from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.ports import Reach
from eksaddon.probe.coredns import LOOPBACK
from tests.e2e.kube.cluster.adapters import REF, prepared
from tests.e2e.kube.cluster.control_plane import ADMIN, EXPIRED, Server
from tests.support.network.authority import Authority

pytestmark = pytest.mark.e2e

OTHER = "other.test"


@dataclass(frozen=True, slots=True)
class Named:
    """Leads to the API server under another name, or with another authority."""

    server: Server
    host: str
    authority: bytes

    def reach(self, _: ClusterRef) -> Reach:
        token = self.server.tokens[ADMIN]
        url = self.server.url.replace("localhost", self.host)
        return Reach(url, b64encode(self.authority).decode(), lambda: token)


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both names lead to the loopback."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, *rest: Any, **more: Any) -> Any:  # as in socket
        return resolve(LOOPBACK if host in {EXPIRED, OTHER} else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.mark.parametrize(
    ("host", "is_foreign", "reason"),
    [
        (EXPIRED, False, "the Kubernetes API's certificate has expired"),
        (OTHER, False, "the Kubernetes API's certificate is for another host name"),
        ("localhost", True, "the Kubernetes API's certificate is not signed by the cluster's authority"),
    ],
)
def test_each_fault_has_its_own_words(
    server: Server, tmp_path_factory: pytest.TempPathFactory, host: str, is_foreign: bool, reason: str
) -> None:
    kube = prepared(server)
    assert isinstance(kube.read(REF), Workload)
    other = Authority(tmp_path_factory.mktemp("other")).bundle
    authority = (other if is_foreign else server.authority).read_bytes()
    faulty = KubeWorkloads(Named(server, host, authority), lambda: 0.0, sleep=lambda _: None)
    found = faulty.read(REF)
    faulty.close()
    assert isinstance(found, NotChecked)
    assert found.reason == reason
