"""What eksdns reads and writes of a cluster, through a real API server."""

import pytest

from eksaddon.domain.kube.apply_answer import Applied, ApplyConflict, FieldConflict, WriteRefused
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.workload import NotChecked, RollingOut
from tests.e2e.kube.cluster.adapters import REF, adapter, prepared, seen
from tests.e2e.kube.cluster.control_plane import ADMIN, KUBECTL, Server
from tests.e2e.kube.edits import termination
from tests.support.network.authority import Authority
from tests.support.network.connect_proxy import connect_proxy

pytestmark = pytest.mark.e2e

GRACE = ".spec.template.spec.terminationGracePeriodSeconds"


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
    found = adapter(server, ADMIN, other).read(REF)
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
