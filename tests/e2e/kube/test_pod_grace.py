"""Pods keep the grace that the Corefile in force needs, on a real API server with its real controllers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eksaddon.app.runs.exit_codes import of_run
from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.kube.apply_answer import Applied
from eksaddon.domain.plan import Plane, WorkloadWrite
from eksaddon.domain.run.outcome import Changed, Failed, Outcome
from eksaddon.domain.workload import RolledOut, Workload
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import DriftState
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.api import MERGE, NAMESPACE, Api, Document
from tests.e2e.kube.cluster.control_plane import ADMIN, EKS, Server
from tests.e2e.kube.cluster.kubelet import UNREADY, Kubelet, Obstacle
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.edits import named
from tests.e2e.kube.rollouts import HOLD_SECONDS
from tests.e2e.kube.test_both_planes import COREFILE, INSTALLED, LOWER, RAISE, REF, Stage, stage_of
from tests.e2e.kube.watching import Watcher, watching

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

HIGH = RAISE.replace("20s", "40s").replace("45s", "60s")
LAMEDUCK_ALONE = HIGH.replace(", terminationGracePeriod: 60s, preStop: 5s", "")


@pytest.fixture
def kubelet(server: Server) -> Kubelet:
    return Kubelet(server.api())


@pytest.fixture
def stage(server: Server, kubelet: Kubelet) -> Iterator[Stage]:
    with stage_of(server, kubelet, replace(INSTALLED, progress_deadline=1)) as made:
        rolled_out(made)
        yield made


@pytest.fixture(autouse=True)
def watcher(stage: Stage) -> Iterator[Watcher]:
    server = stage.server
    with watching(server.api(ADMIN)) as found:
        yield found


def applied(stage: Stage, fleet: str, run_id: str) -> tuple[Outcome, ExitCode]:
    result = stage.run(stage.plan(fleet), run_id)
    (one,) = result.results
    return one.outcome, of_run(result)


def rolled_out(stage: Stage) -> None:
    """The controllers have seen that the obstacle is gone."""

    def is_done() -> bool:
        found = stage.session.workloads.read(REF)
        return isinstance(found, Workload) and found.rollout == RolledOut()

    until(is_done, seconds=HOLD_SECONDS, what="the rollout is complete")


def full(api: Api) -> None:
    """No pod more than the two that run; the controller that counts is not there, so the status says it."""
    quota: Document = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "pods", "namespace": NAMESPACE},
        "spec": {"hard": {"pods": "2"}},
    }
    api.create(quota)
    api.patch(quota | {"status": {"hard": {"pods": "2"}, "used": {"pods": "2"}}}, "test", part="status")


def roomy(api: Api) -> None:
    api.delete("ResourceQuota", "pods")


def test_the_same_apply_again_over_a_rollout_whose_image_cannot_be_pulled(
    stage: Stage, kubelet: Kubelet
) -> None:
    kubelet.starts_pods = False
    first, code = applied(stage, HIGH, "first")
    assert isinstance(first, Failed)
    assert "ImagePullBackOff" in first.trouble.message
    assert code is ExitCode.ERROR

    second, code = applied(stage, HIGH, "second")
    assert isinstance(second, Failed)
    assert "ImagePullBackOff" in second.trouble.message
    assert code is ExitCode.ERROR

    (alone,) = stage.plan(LAMEDUCK_ALONE).clusters
    assert alone.order == (Plane.ADDON,), "the template is as desired by now"
    guarded, code = applied(stage, LAMEDUCK_ALONE, "alone")
    assert isinstance(guarded, Failed)
    assert guarded.trouble.cause is Cause.POD_GRACE
    assert "ImagePullBackOff" in guarded.trouble.message
    assert code is ExitCode.ERROR
    assert set(stage.writes) == {"workload"}
    assert stage.live()[2] == COREFILE % "5s"

    kubelet.starts_pods = True
    rolled_out(stage)
    third, code = applied(stage, HIGH, "third")
    assert isinstance(third, Changed)
    assert code is ExitCode.DONE
    assert stage.live() == (60, 5, COREFILE % "40s")
    assert isinstance(applied(stage, LOWER, "down")[0], Changed)


@pytest.mark.parametrize("obstacle", [Obstacle.UNSCHEDULABLE, Obstacle.CRASH_LOOP, Obstacle.NOT_READY])
def test_the_reason_why_new_pods_do_not_start_is_named_and_delays_the_lameduck(
    stage: Stage, kubelet: Kubelet, obstacle: Obstacle
) -> None:
    kubelet.starts_pods, kubelet.obstacle = False, obstacle
    for run_id in "first", "second":
        outcome, code = applied(stage, HIGH, run_id)
        assert isinstance(outcome, Failed)
        said = UNREADY if obstacle is Obstacle.NOT_READY else obstacle
        assert said in outcome.trouble.message
        assert code is ExitCode.ERROR
    assert set(stage.writes) == {"workload"}
    assert stage.live()[2] == COREFILE % "5s"


def test_a_full_quota_is_named_and_holds_the_lameduck_back(stage: Stage, server: Server) -> None:
    full(server.api())
    for run_id in "first", "second":
        outcome, code = applied(stage, HIGH, run_id)
        assert isinstance(outcome, Failed)
        assert "exceeded quota: pods" in outcome.trouble.message
        assert code is ExitCode.ERROR
    assert set(stage.writes) == {"workload"}
    roomy(server.api())
    rolled_out(stage)
    outcome, code = applied(stage, HIGH, "third")
    assert isinstance(outcome, Changed), outcome
    assert code is ExitCode.DONE


def test_a_paused_deployment_holds_the_lameduck_back(stage: Stage, server: Server) -> None:
    server.api().patch(named("Deployment", "apps/v1", spec={"paused": True}), "alice", kind=MERGE)
    first, code = applied(stage, HIGH, "first")
    assert isinstance(first, Failed)
    assert "paused" in first.trouble.message
    assert code is ExitCode.ERROR
    second, code = applied(stage, HIGH, "second")
    assert isinstance(second, Failed)
    assert "paused" in second.trouble.message
    assert code is ExitCode.ERROR
    assert set(stage.writes) == {"workload"}


def test_a_fresh_apply_after_a_kill_in_mid_rollout_waits_for_the_pods(stage: Stage, kubelet: Kubelet) -> None:
    patient = replace(INSTALLED, progress_deadline=600)
    update(stage.server.api(EKS), patient, ResolveConflicts.OVERWRITE)
    kubelet.ends_pods = False
    assert stage.session.workloads.write(REF, WorkloadWrite(60, 5)) == Applied(), "what the killed one wrote"
    stage.writes.clear()
    (cluster,) = stage.plan(LAMEDUCK_ALONE).clusters
    assert cluster.order == (Plane.ADDON,)
    kubelet.ends_pods = True
    outcome, code = applied(stage, LAMEDUCK_ALONE, "fresh")
    assert isinstance(outcome, Changed)
    assert code is ExitCode.DONE
    assert stage.writes == ["addon"]
    assert stage.live() == (60, 5, COREFILE % "40s")


GRACE_ALONE = """
version: 1
coredns: {terminationGracePeriod: 60s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""


def test_a_grace_alone_is_not_done_before_its_pods_are_and_drift_says_so(
    stage: Stage, kubelet: Kubelet
) -> None:
    kubelet.starts_pods = False
    for run_id in "first", "second":
        outcome, code = applied(stage, GRACE_ALONE, run_id)
        assert isinstance(outcome, Failed)
        assert "ImagePullBackOff" in outcome.trouble.message
        assert code is ExitCode.ERROR
    (cluster,) = stage.plan(GRACE_ALONE).clusters
    assert drift_state(cluster) is DriftState.DRIFTED
    assert "rollout-unfinished" in {one.rule for one in cluster.diagnostics}
    kubelet.starts_pods = True
    rolled_out(stage)
    (cluster,) = stage.plan(GRACE_ALONE).clusters
    assert drift_state(cluster) is DriftState.IN_SYNC


def test_evicted_pods_and_those_of_others_hold_no_rollout_up(stage: Stage, server: Server) -> None:
    api = server.api()
    for name, phase in ("coredns-evicted", "Failed"), ("other-dns", "Running"):
        spec = {"containers": [{"name": "coredns", "image": "registry.invalid/dns"}], "nodeName": "node-1"}
        spec |= {"serviceAccountName": "coredns"}
        about = {"name": name, "namespace": NAMESPACE, "labels": {"k8s-app": "kube-dns"}}
        document: Document = {"apiVersion": "v1", "kind": "Pod", "metadata": about}
        api.create(document | {"spec": spec})
        status = {"phase": phase, "reason": "Evicted" if phase == "Failed" else ""}
        api.patch(document | {"status": status}, "kubelet", part="status")
    outcome, code = applied(stage, GRACE_ALONE, "run")
    assert isinstance(outcome, Changed), outcome
    assert code is ExitCode.DONE
    (cluster,) = stage.plan(GRACE_ALONE).clusters
    assert drift_state(cluster) is DriftState.IN_SYNC
