"""What the real API server did not show is asked for again, or holds the write back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest

from eksaddon.app.runs.exit_codes import of_plan, of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Changed
from eksaddon.kube.network.tls import transport
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import DriftState
from tests.e2e.kube.cluster.access import Grant, install
from tests.e2e.kube.cluster.adapters import Directory
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.edits import termination
from tests.e2e.kube.test_both_planes import COREFILE, REF, Stage, stage_of

pytestmark = pytest.mark.e2e

RAISE = """
version: 1
coredns: {lameduck: 20s%s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
BOTH = RAISE % ", terminationGracePeriod: 45s, preStop: 5s"
ALLOWED = ", allowUnverifiedWorkload: true"


class Interrupted(httpx2.BaseTransport):
    """Answers a request 503 itself where somebody says so, and passes the others on."""

    def __init__(self, inner: httpx2.BaseTransport, refuses: Callable[[httpx2.Request], bool]) -> None:
        self._inner = inner
        self._refuses = refuses

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not self._refuses(request):
            return self._inner.handle_request(request)
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 503, "message": "busy"}
        return httpx2.Response(503, json=status)


@contextmanager
def interrupted(server: Server, refuses: Callable[[httpx2.Request], bool]) -> Iterator[Stage]:
    reach = Directory(server, EKS).reach(REF)
    with transport(reach.endpoint, reach.authority) as inner:
        carrier = Interrupted(inner, refuses)
        with stage_of(server, Kubelet(server.api()), transport=carrier) as stage:
            yield stage


def test_one_answer_of_503_costs_nothing(server: Server) -> None:
    met: list[str] = []

    def once(request: httpx2.Request) -> bool:
        met.append(request.url.path)
        return len(met) == 1

    with interrupted(server, once) as stage:
        result = stage.run(stage.plan(BOTH), "run")
        assert [type(one.outcome) for one in result.results] == [Changed]
        assert of_run(result) is ExitCode.DONE
        assert stage.writes == ["workload", "addon"]
        assert stage.live() == (45, 5, COREFILE % "20s")
    assert met.count("/version") == 2


@pytest.mark.parametrize("fleet", [BOTH, RAISE % ""], ids=["both planes", "lameduck alone"])
def test_a_server_that_stays_busy_blocks_and_is_never_in_sync(server: Server, fleet: str) -> None:
    with interrupted(server, lambda request: request.url.path.endswith("/pods")) as stage:
        plan = stage.plan(fleet)
        (cluster,) = plan.clusters
        assert cluster.action is Action.BLOCKED
        assert cluster.reason.startswith("workload plane unreadable")
        assert drift_state(cluster) is not DriftState.IN_SYNC
        assert of_plan(plan, detailed=False) is ExitCode.REFUSED
        assert of_run(stage.run(plan, "run")) is ExitCode.REFUSED
        assert stage.writes == []


def test_a_server_that_goes_away_after_planning_is_written_to_in_neither_plane(server: Server) -> None:
    gone: list[bool] = []
    with interrupted(server, lambda _: bool(gone)) as stage:
        plan = stage.plan(RAISE % "")
        gone.append(True)
        result = stage.run(plan, "run")
        assert of_run(result) is ExitCode.ERROR
        assert "nothing was written" in str(result.results[0].outcome)
        gone.clear()
        assert stage.writes == []
        assert stage.live()[2] == COREFILE % "5s"


def test_a_role_without_one_list_blocks_until_the_user_allows_it(server: Server) -> None:
    with stage_of(server, Kubelet(server.api())) as stage:
        install(server.api(), without=Grant("list", "", "pods"))
        plan = stage.plan(BOTH)
        (cluster,) = plan.clusters
        assert cluster.action is Action.BLOCKED
        assert "pods" in cluster.reason
        assert of_run(stage.run(plan, "blocked")) is ExitCode.REFUSED

        result = stage.run(stage.plan(RAISE % ALLOWED), "allowed")
        (one,) = result.results
        assert isinstance(one.outcome, Changed)
        assert one.outcome.unverified
        assert of_run(result) is ExitCode.PARTIAL
        assert stage.writes == ["addon"]


def test_a_lameduck_alone_looks_at_the_live_grace(server: Server) -> None:
    with stage_of(server, Kubelet(server.api())) as stage:
        server.api().apply(termination(10, None), "kubectl-edit", force=True)
        plan = stage.plan(RAISE % "")
        (cluster,) = plan.clusters
        assert cluster.action is Action.BLOCKED
        assert "against a grace period of 10 s" in cluster.reason
        assert of_plan(plan, detailed=False) is ExitCode.REFUSED
        assert drift_state(cluster) is DriftState.DRIFTED
