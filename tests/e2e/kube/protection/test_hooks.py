"""What others set on the real Deployment, taken over where that was asked for: reverted fields and hooks."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import open_run
from eksaddon.apply.result import result_of
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.run.outcome import Changed, Outcome
from eksaddon.domain.workload import Workload
from tests.e2e.kube.cluster.api import Document
from tests.e2e.kube.cluster.control_plane import KUBECTL, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.edits import named, termination
from tests.e2e.kube.test_both_planes import INSTALLED, RAISE, REF, Eks, Stage, stage_of
from tests.support.simulation import fleet_of

pytestmark = pytest.mark.e2e

REAPPLY = RAISE.replace("{", "{resolveConflicts: overwrite, workload: {reapply: true}, ", 1)
NONE = "version: 1\ncoredns: {preStop: 0s, allowWeaken: true}" + RAISE.partition("}")[2]
SOME = "version: 1\ncoredns: {terminationGracePeriod: 45s, preStop: 5s}" + RAISE.partition("}")[2]
EXEC = {"exec": {"command": ["sleep", "5"]}}
HTTP = {"httpGet": {"path": "/bye", "port": 8080}}


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    with stage_of(server, Kubelet(server.api())) as made:
        yield made


def live(stage: Stage) -> Workload:
    found = stage.session.workloads.read(REF)
    assert isinstance(found, Workload), found
    return found


def plan(stage: Stage, fleet: str, *, force: bool = False) -> Plan:
    chosen = fleet_of(fleet)
    seen = observe(chosen, stage.session, stage.book)
    return make_plan(chosen, stage.session, seen, strict=False, live=True, tries=True, force=force)


def applied(stage: Stage, made: Plan, run_id: str) -> Outcome:
    finished = open_run(made, stage.book.known(), stage.store, stage.session, Conduct(), run_id=run_id)
    (one,) = result_of(finished.run_progress).results
    return one.outcome


def hook(handler: Document) -> Document:
    container = {"name": "coredns", "lifecycle": {"preStop": handler}}
    return named("Deployment", "apps/v1", spec={"template": {"spec": {"containers": [container]}}})


def test_grace_that_eks_took_is_taken_from_eks(stage: Stage) -> None:
    assert isinstance(applied(stage, plan(stage, REAPPLY), "up"), Changed)
    eks = stage.session.addons
    assert isinstance(eks, Eks)
    eks._release = replace(INSTALLED, grace=30)  # the next version of the add-on names it
    more = REAPPLY.replace("{", "{replicaCount: 3, ", 1)
    outcome = applied(stage, plan(stage, more), "more")
    assert isinstance(outcome, Changed)
    assert outcome.note == "the add-on update reverted grace period to 30 s by eks; applied again by force"
    found = live(stage)
    assert (found.grace_seconds, found.pre_stop_seconds) == (45, 5)
    assert found.grace_owner is not None
    assert found.grace_owner.manager == "eksdns"
    assert stage.writes == ["workload", "addon", "addon", "workload"]


@pytest.mark.parametrize("manager", ["kubectl-edit", "gitops"])
def test_a_sleep_of_another_manager_is_removed_by_force_alone(
    stage: Stage, server: Server, manager: str
) -> None:
    api = server.api(KUBECTL)
    if manager == "gitops":
        api.apply(termination(None, 7), manager)
    else:
        api.patch(termination(None, 7), manager)
    (blocked,) = plan(stage, NONE).clusters
    assert blocked.action is Action.BLOCKED
    assert f"sleep of 7 s is managed by {manager}; an apply cannot remove it" in blocked.reason
    assert isinstance(applied(stage, plan(stage, NONE, force=True), "none"), Changed)
    found = live(stage)
    assert (found.pre_stop_seconds, found.pre_stop_owner) == (0, None)
    assert [one.action for one in plan(stage, NONE).clusters] == [Action.IN_SYNC]


@pytest.mark.parametrize("handler", [EXEC, HTTP])
def test_a_hook_of_another_kind_is_replaced_by_force_alone(
    stage: Stage, server: Server, handler: Document
) -> None:
    server.api(KUBECTL).patch(hook(handler), "kubectl-edit")
    (blocked,) = plan(stage, SOME).clusters
    assert blocked.action is Action.BLOCKED
    assert isinstance(applied(stage, plan(stage, SOME, force=True), "some"), Changed)
    found = live(stage)
    assert (found.grace_seconds, found.pre_stop_seconds, found.other_pre_stop) == (45, 5, "")
    assert found.pre_stop_owner is not None
    assert (found.pre_stop_owner.manager, found.pre_stop_owner.operation) == ("eksdns", "Apply")
