"""One odd reply in place of the real API server's own blocks its cluster, and nothing else."""

from collections.abc import Callable

import httpx2
import pytest

from eksaddon.app.runs.exit_codes import of_plan, of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action
from eksaddon.kube.network.tls import transport
from tests.e2e.kube.cluster.adapters import Directory
from tests.e2e.kube.cluster.control_plane import EKS, EKSDNS, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.test_both_planes import COREFILE, REF, stage_of

pytestmark = pytest.mark.e2e

FLEET = """
version: 1
coredns: {lameduck: 20s, terminationGracePeriod: 45s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
LARGE = b" " * (17 * 1024 * 1024)
"""More than eksdns reads of a reply."""

Oddity = Callable[[httpx2.Response], httpx2.Response]
ODD: dict[str, Oddity] = {
    "cut": lambda real: httpx2.Response(200, content=real.read()[:-40]),
    "without a content type": lambda _: httpx2.Response(200, content=b"<html>welcome</html>"),
    "of another kind": lambda _: httpx2.Response(200, json={"kind": "Table", "apiVersion": "meta.k8s.io/v1"}),
    "an empty object": lambda _: httpx2.Response(200, json={}),
    "a list": lambda _: httpx2.Response(200, json=[]),
    "too large": lambda _: httpx2.Response(200, content=LARGE),
    "a redirect": lambda _: httpx2.Response(307),
    "unauthorized": lambda _: httpx2.Response(401),
    "a proxy's timeout": lambda _: httpx2.Response(504),
    "an echo of the token": lambda real: httpx2.Response(403, text=real.request.headers["authorization"]),
}


class Odd(httpx2.BaseTransport):
    """Replaces the replies about one path.

    Attributes:
        oddity: None to pass every reply on.
        replaced: How many replies were replaced.
    """

    def __init__(self, inner: httpx2.BaseTransport, end: str) -> None:
        self._inner = inner
        self._end = end
        self.oddity: Oddity | None = None
        self.replaced = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        real = self._inner.handle_request(request)
        if self.oddity is None or not request.url.path.endswith(self._end):
            return real
        self.replaced += 1
        real.read()
        real.request = request
        return self.oddity(real)


@pytest.mark.parametrize("end", ["/deployments", "/pods", "/version"])
def test_an_odd_reply_blocks_its_cluster_and_the_next_plan_goes_through(server: Server, end: str) -> None:
    reach = Directory(server, EKS).reach(REF)
    with transport(reach.endpoint, reach.authority) as inner:
        odd = Odd(inner, end)
        with stage_of(server, Kubelet(server.api()), transport=odd) as stage:
            for number, (name, oddity) in enumerate(ODD.items()):
                odd.replaced, odd.oddity = 0, oddity
                plan = stage.plan(FLEET)
                (cluster,) = plan.clusters
                assert odd.replaced, name
                assert cluster.action is Action.BLOCKED, name
                assert server.tokens[EKSDNS] not in repr(plan), name
                assert cluster.reason.startswith("workload plane unreadable"), (name, cluster.reason)
                assert of_plan(plan, detailed=False) is ExitCode.REFUSED
                assert of_run(stage.run(plan, f"run-{number}")) is ExitCode.REFUSED
            odd.oddity = None
            assert stage.writes == []
            assert stage.live()[2] == COREFILE % "5s"
            assert [one.action for one in stage.plan(FLEET).clusters] == [Action.UPDATE]
