"""The readiness probe's timing on a real API server, where EKS's manifest names it."""

import pytest

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.kube.apply_answer import Applied, ApplyConflict, WriteRefused
from eksaddon.domain.kube.readiness import STOCK_READINESS, Readiness
from eksaddon.domain.plan import WorkloadWrite
from tests.e2e.kube.cluster.adapters import REF, prepared, seen
from tests.e2e.kube.cluster.addon_manager import ConfigurationConflict, Updated, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release
from tests.e2e.kube.cluster.control_plane import EKS, Server

pytestmark = pytest.mark.e2e

FAST = WorkloadWrite(45, 5, readiness=Readiness(5, 1))


def test_only_force_takes_the_timing_over_from_eks(server: Server) -> None:
    kube = prepared(server)
    before = seen(kube)
    assert before.readiness == STOCK_READINESS
    assert {owner.manager for owner in before.readiness_owners if owner} == {"eks"}
    refused = kube.write(REF, FAST)
    assert isinstance(refused, ApplyConflict)
    assert {each.manager for each in refused.conflicts} == {"eks"}
    assert kube.write(REF, FAST, force=True) == Applied()
    after = seen(kube)
    assert after.readiness == Readiness(5, 1, 1)
    assert [owner.manager for owner in after.readiness_owners if owner] == ["eksdns", "eksdns", "eks"]
    assert (after.grace_seconds, after.pre_stop_seconds) == (45, 5)


def test_the_rest_of_the_probe_stays_as_it_is(server: Server) -> None:
    kube = prepared(server)
    assert kube.write(REF, FAST, force=True) == Applied()
    (container,) = server.api().get("Deployment", "coredns")["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": 8181, "scheme": "HTTP"}


@pytest.mark.parametrize(
    ("mode", "result", "probe"),
    [
        (ResolveConflicts.NONE, ConfigurationConflict, Readiness(5, 1, 1)),
        (ResolveConflicts.PRESERVE, Updated, Readiness(5, 1, 1)),
        (ResolveConflicts.OVERWRITE, Updated, STOCK_READINESS),
    ],
)
def test_what_an_update_of_the_addon_does_to_it(
    server: Server, mode: ResolveConflicts, result: type, probe: Readiness
) -> None:
    kube = prepared(server)
    kube.write(REF, FAST, force=True)
    assert isinstance(update(server.api(EKS), Release(NEXT_VERSION), mode), result)
    assert seen(kube).readiness == probe


def test_a_probe_without_a_time_is_refused(server: Server) -> None:
    kube = prepared(server)
    refused = kube.write(REF, WorkloadWrite(None, None, readiness=Readiness(-1)), force=True, dry_run=True)
    assert isinstance(refused, WriteRefused)
