"""Pods keep the grace that the Corefile in force needs, on a real API server with its real controllers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import open_run
from eksaddon.apply.result import result_of
from eksaddon.domain.cause import Cause
from eksaddon.domain.plan import Plane
from eksaddon.domain.run.outcome import Changed, Failed, Outcome
from tests.e2e.kube.cluster.api import MERGE
from tests.e2e.kube.cluster.control_plane import ADMIN, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.edits import named
from tests.e2e.kube.test_both_planes import COREFILE, INSTALLED, LOWER, RAISE, Stage, stage_of
from tests.e2e.kube.watching import Watcher, watching

pytestmark = pytest.mark.e2e

HIGH = RAISE.replace("20s", "40s").replace("45s", "60s")


@pytest.fixture
def kubelet(server: Server) -> Kubelet:
    return Kubelet(server.api())


@pytest.fixture
def stage(server: Server, kubelet: Kubelet) -> Iterator[Stage]:
    with stage_of(server, kubelet, replace(INSTALLED, progress_deadline=2)) as made:
        yield made


@pytest.fixture(autouse=True)
def watcher(stage: Stage) -> Iterator[Watcher]:
    server = stage.server
    with watching(server.api(ADMIN)) as found:
        yield found


def applied(stage: Stage, fleet: str, run_id: str) -> Outcome:
    finished = open_run(
        stage.plan(fleet), stage.book.known(), stage.store, stage.session, Conduct(), run_id=run_id
    )
    (one,) = result_of(finished.run_progress).results
    return one.outcome


def test_the_same_apply_again_over_a_rollout_whose_image_cannot_be_pulled(
    stage: Stage, kubelet: Kubelet
) -> None:
    kubelet.starts_pods = False
    first = applied(stage, HIGH, "first")
    assert isinstance(first, Failed)
    assert "ImagePullBackOff" in first.trouble.message

    (again,) = stage.plan(HIGH).clusters
    assert again.order == (Plane.ADDON,), "the template is as desired by now"
    second = applied(stage, HIGH, "second")
    assert isinstance(second, Failed)
    assert second.trouble.cause is Cause.POD_GRACE
    assert "ImagePullBackOff" in second.trouble.message
    assert stage.writes == ["workload"]
    assert stage.live()[2] == COREFILE % "5s"

    kubelet.starts_pods = True
    assert isinstance(applied(stage, HIGH, "third"), Changed)
    assert stage.live() == (60, 5, COREFILE % "40s")
    assert isinstance(applied(stage, LOWER, "down"), Changed)


def test_a_paused_deployment_holds_the_lameduck_back(stage: Stage, server: Server) -> None:
    server.api().patch(named("Deployment", "apps/v1", spec={"paused": True}), "alice", kind=MERGE)
    first = applied(stage, HIGH, "first")
    assert isinstance(first, Failed)
    assert "paused" in first.trouble.message
    second = applied(stage, HIGH, "second")
    assert isinstance(second, Failed)
    assert second.trouble.cause is Cause.POD_GRACE
    assert stage.writes == ["workload"]
