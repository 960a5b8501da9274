"""What eksdns reads and writes of a cluster, through a real API server."""

from base64 import b64encode
from collections.abc import Iterator

import pytest

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.kube.apply_answer import Applied, ApplyConflict, FieldConflict, WriteRefused
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked, RollingOut, Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.ports import Reach
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.control_plane import ADMIN, EKS, EKSDNS, KUBECTL, Server
from tests.e2e.kube.edits import termination
from tests.support.network.authority import Authority
from tests.support.network.connect_proxy import connect_proxy

pytestmark = pytest.mark.e2e

REF = ClusterRef("111122223333", "eu-west-1", "real")
GRACE = ".spec.template.spec.terminationGracePeriodSeconds"


class Directory:
    """Leads to the API server of the test as one of its users."""

    def __init__(self, server: Server, user: str, authority: bytes = b"") -> None:
        self.server = server
        self.user = user
        self.authority = authority or server.authority.read_bytes()

    def reach(self, _: ClusterRef) -> Reach:
        token = self.server.tokens[self.user]
        return Reach(self.server.url, b64encode(self.authority).decode(), lambda: token)


@pytest.fixture(autouse=True)
def opened() -> Iterator[list[KubeWorkloads]]:
    """Every adapter of a test, closed after it; other modules leave theirs open."""
    close_all()
    yield OPENED
    close_all()


OPENED: list[KubeWorkloads] = []


def close_all() -> None:
    while OPENED:
        OPENED.pop().close()


def adapter(server: Server, user: str = EKSDNS) -> KubeWorkloads:
    OPENED.append(KubeWorkloads(Directory(server, user), lambda: 0.0))
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


def test_the_role_is_enough_to_read_and_to_write(server: Server) -> None:
    kube = prepared(server)
    before = seen(kube)
    assert (before.grace_seconds, before.pre_stop_seconds, before.replicas) == (30, 0, 2)
    assert before.corefile_owner is not None
    assert before.corefile_owner.manager == "eks"
    assert [budget.max_unavailable for budget in before.budgets] == ["1"]
    assert kube.write(REF, WorkloadWrite(45, 5)) == Applied()
    after = seen(kube)
    assert (after.grace_seconds, after.pre_stop_seconds) == (45, 5)
    assert after.grace_owner is not None
    assert after.grace_owner.manager == "eksdns"
    assert isinstance(after.rollout, RollingOut)


def test_a_dry_run_is_judged_and_not_kept(server: Server) -> None:
    kube = prepared(server)
    assert kube.write(REF, WorkloadWrite(45, 5), dry_run=True) == Applied()
    assert isinstance(kube.write(REF, WorkloadWrite(45, 50), dry_run=True), WriteRefused)
    assert seen(kube).grace_seconds == 30


def test_another_manager_is_named_with_its_field_until_it_is_forced(server: Server) -> None:
    kube = prepared(server)
    server.api(KUBECTL).apply(termination(20, None), "kubectl-edit", force=True)
    assert kube.write(REF, WorkloadWrite(45, None)) == ApplyConflict((FieldConflict("kubectl-edit", GRACE),))
    assert kube.write(REF, WorkloadWrite(45, None), force=True) == Applied()


def test_what_is_excluded_is_returned(server: Server) -> None:
    kube = prepared(server)
    kube.write(REF, WorkloadWrite(45, 5))
    assert kube.write(REF, WorkloadWrite(None, None)) == Applied()
    found = seen(kube)
    assert (found.grace_seconds, found.pre_stop_seconds) == (30, 0)


def test_an_old_server_takes_the_grace_alone(old_server: Server) -> None:
    kube = prepared(old_server)
    refusal = kube.write(REF, WorkloadWrite(45, 5))
    assert isinstance(refusal, WriteRefused)
    assert "1.29" in refusal.reason
    assert kube.write(REF, WorkloadWrite(45, None)) == Applied()
    assert seen(kube).grace_seconds == 45


def test_without_rights_or_without_coredns_nothing_is_checked(server: Server) -> None:
    refused = adapter(server).read(REF)
    assert isinstance(refused, NotChecked)
    assert "forbidden" in refused.reason
    absent = adapter(server, ADMIN).read(REF)
    assert isinstance(absent, NotChecked)
    assert "not found" in absent.reason


def test_a_certificate_of_another_authority_is_refused(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Authority(tmp_path_factory.mktemp("other")).bundle.read_bytes()
    found = KubeWorkloads(Directory(server, ADMIN, other), lambda: 0.0).read(REF)
    assert isinstance(found, NotChecked)
    assert "certificate" in found.reason


def test_a_proxy_of_the_environment_is_used_and_sees_only_tls(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(server)
    with connect_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert seen(adapter(server)).replicas == 2
        assert proxy.asked == [server.url.removeprefix("https://")]
        monkeypatch.setenv("NO_PROXY", "localhost")
        assert seen(adapter(server)).replicas == 2
    assert len(proxy.asked) == 1
