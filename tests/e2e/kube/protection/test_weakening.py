"""Replicas that run on a real API server never fall unasked, whether or not a change names them."""

from collections.abc import Iterator

import pytest

from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.exit_codes import of_plan, of_run
from eksaddon.app.runs.rollout import open_run
from eksaddon.apply.result import result_of
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Blocked, Changed
from eksaddon.domain.run.result import RunResult
from tests.e2e.kube.cluster.api import MERGE
from tests.e2e.kube.cluster.control_plane import ADMIN, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.edits import named
from tests.e2e.kube.test_both_planes import RAISE, Stage, stage_of

pytestmark = pytest.mark.e2e

OVERWRITE = RAISE.replace("{", "{resolveConflicts: overwrite, ", 1)


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    with stage_of(server, Kubelet(server.api())) as made:
        yield made


def run(stage: Stage, fleet: str, run_id: str) -> RunResult:
    plan = stage.plan(fleet)
    finished = open_run(plan, stage.book.known(), stage.store, stage.session, Conduct(), run_id=run_id)
    return result_of(finished.run_progress)


def replicas(server: Server) -> int:
    found = server.api(ADMIN).get("Deployment", "coredns")["spec"]["replicas"]
    assert isinstance(found, int)
    return found


def test_a_scaled_deployment_is_not_scaled_down_by_another_change(stage: Stage, server: Server) -> None:
    server.api().patch(named("Deployment", "apps/v1", spec={"replicas": 6}), "kubectl", kind=MERGE)
    plan = stage.plan(OVERWRITE)
    assert [one.action for one in plan.clusters] == [Action.BLOCKED]
    assert plan.clusters[0].reason.startswith("weakens DNS: replicas from 6 to 2")
    assert of_plan(plan, detailed=False) is ExitCode.REFUSED

    refused = run(stage, OVERWRITE, "refused")
    assert [type(one.outcome) for one in refused.results] == [Blocked]
    assert of_run(refused) is ExitCode.REFUSED
    assert (stage.writes, replicas(server)) == ([], 6)

    allowed = run(stage, OVERWRITE.replace("{", "{allowWeaken: true, ", 1), "allowed")
    assert [type(one.outcome) for one in allowed.results] == [Changed]
    assert (of_run(allowed), replicas(server)) == (ExitCode.DONE, 2)
