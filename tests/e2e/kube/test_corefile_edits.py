"""An edit of the live ConfigMap on a real API server survives, or is given up by choice."""

from collections.abc import Iterator

import pytest

from eksaddon.app.runs.exit_codes import of_plan, of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Changed
from tests.e2e.kube.cluster.control_plane import KUBECTL, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.edits import named
from tests.e2e.kube.test_both_planes import COREFILE, SCENARIO, Stage, stage_of

pytestmark = pytest.mark.e2e

FLEET = """
version: 1
coredns: {lameduck: 20s, resolveConflicts: %s%s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
HOSTS = "    hosts {\n        10.1.2.3 db.corp\n        fallthrough\n    }\n    reload\n"
STUB = "corp.example:53 {\n    forward . 10.0.0.2\n}\n"
EDITED = COREFILE.replace("    reload\n", HOSTS) + STUB
NOTHING_STORED = SCENARIO.replace("document: low, ", "").replace("documents: {low", "documents: {high")


def edit(server: Server) -> None:
    document = named("ConfigMap", "v1", data={"Corefile": EDITED % "5s"})
    server.api(KUBECTL).patch(document, "kubectl-edit")


@pytest.fixture(params=[SCENARIO, NOTHING_STORED], ids=["stored", "nothing stored"])
def stage(server: Server, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with stage_of(server, Kubelet(server.api()), scenario=request.param) as made:
        edit(server)
        yield made


def test_overwrite_keeps_the_edits_that_it_is_told_to_keep(stage: Stage) -> None:
    result = stage.run(stage.plan(FLEET % ("overwrite", ", corefileBase: live")), "run")
    assert [type(one.outcome) for one in result.results] == [Changed]
    assert of_run(result) is ExitCode.DONE
    assert stage.live()[2] == EDITED % "20s"


@pytest.mark.parametrize("mode", ["preserve", "none"])
def test_a_change_that_would_not_take_effect_is_not_sent(stage: Stage, mode: str) -> None:
    plan = stage.plan(FLEET % (mode, ", corefileBase: live"))
    (cluster,) = plan.clusters
    assert cluster.action is Action.BLOCKED
    assert "kubectl-edit" in cluster.reason
    assert of_plan(plan, detailed=False) is ExitCode.REFUSED
    assert of_run(stage.run(plan, "run")) is ExitCode.REFUSED
    assert stage.writes == []
    assert stage.live()[2] == EDITED % "5s"


def test_unasked_overwrite_loses_nothing(stage: Stage) -> None:
    """Nothing stored, the live text is the base; else the choice is the user's."""
    plan = stage.plan(FLEET % ("overwrite", ""))
    is_blocked = plan.clusters[0].action is Action.BLOCKED
    result = stage.run(plan, "run")
    assert of_run(result) is (ExitCode.REFUSED if is_blocked else ExitCode.DONE)
    if is_blocked:
        assert "differs from the stored one (kubectl-edit set it on 20" in plan.clusters[0].reason
    assert stage.live()[2] == EDITED % ("5s" if is_blocked else "20s")
