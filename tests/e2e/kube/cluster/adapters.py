"""eksdns's own adapter, connected to the API server of a test."""

from base64 import b64encode

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.ports import Reach
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.control_plane import ADMIN, EKS, EKSDNS, Server

REF = ClusterRef("111122223333", "eu-west-1", "real")


class Directory:
    """Leads to the API server of the test as one of its users."""

    def __init__(self, server: Server, user: str, authority: bytes = b"") -> None:
        self.server = server
        self.user = user
        self.authority = authority or server.authority.read_bytes()

    def reach(self, _: ClusterRef) -> Reach:
        token = self.server.tokens[self.user]
        return Reach(self.server.url, b64encode(self.authority).decode(), lambda: token)


OPENED: list[KubeWorkloads] = []
"""Closed after each test."""


def close_all() -> None:
    while OPENED:
        OPENED.pop().close()


def adapter(server: Server, user: str = EKSDNS, authority: bytes = b"") -> KubeWorkloads:
    OPENED.append(KubeWorkloads(Directory(server, user, authority), lambda: 0.0))
    return OPENED[-1]


def prepared(server: Server, release: Release | None = None) -> KubeWorkloads:
    """The add-on, the Role of configs/access, and eksdns with no more rights than that."""
    update(server.api(EKS), release or Release(), ResolveConflicts.OVERWRITE)
    install(server.api(ADMIN))
    return adapter(server)


def seen(kube: KubeWorkloads) -> Workload:
    found = kube.read(REF)
    assert isinstance(found, Workload), found
    return found
