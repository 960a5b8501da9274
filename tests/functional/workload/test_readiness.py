"""The readiness probe of simulated Deployments, where EKS manages its fields."""

from dataclasses import replace

from eksaddon.app.runs.asks import rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run
from eksaddon.apply.result import result_of
from eksaddon.domain.kube.readiness import STOCK_READINESS, Readiness
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Stale
from eksaddon.sim.workload.applying import Layer
from eksaddon.sim.workload.fields import flatten
from tests.functional.workload.test_two_planes import ACCOUNTS, REF, live, planned, stage, writes

FLEET = "version: 1\ncoredns: {readinessProbe: {periodSeconds: 5, failureThreshold: 1}%s}\n" + ACCOUNTS
FAST = FLEET % ""
OVERWRITING = FLEET % ", replicaCount: 3, resolveConflicts: overwrite"
REAPPLYING = FLEET % ", replicaCount: 3, resolveConflicts: overwrite, workload: {reapply: true}"
CONTAINER = ("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"coredns"}')


def test_a_probe_that_eks_manages_is_taken_over_only_by_force():
    simulation = stage()
    (refused,) = simulation.apply(planned(simulation, FAST)).results
    assert isinstance(refused.outcome, Failed)
    assert "managed by eks" in refused.outcome.trouble.message
    assert live(simulation).readiness == STOCK_READINESS
    (forced,) = simulation.apply(planned(simulation, FAST, force=True), run_id="run-2").results
    assert isinstance(forced.outcome, Changed)
    assert live(simulation).readiness == Readiness(5, 1, 1)


def test_a_rollback_gives_the_probe_its_old_values():
    simulation = stage()
    simulation.apply(planned(simulation, FAST, force=True))
    finished = continue_run(
        "run-1", rolling_back(""), simulation.store, lambda _: simulation.session, Conduct()
    )
    assert [type(one.outcome) for one in result_of(finished.run_progress).results] == [RolledBack]
    assert live(simulation).readiness == STOCK_READINESS


def test_an_update_that_takes_the_probe_back_fails_or_is_repaired():
    simulation = stage()
    (result,) = simulation.apply(planned(simulation, OVERWRITING, force=True)).results
    assert isinstance(result.outcome, Failed)
    assert result.outcome.trouble.message == (
        "the add-on update reverted readinessProbe.periodSeconds to 10 by eks, "
        "readinessProbe.failureThreshold to 3 by eks"
    )
    simulation = stage()
    (result,) = simulation.apply(planned(simulation, REAPPLYING, force=True)).results
    assert isinstance(result.outcome, Changed)
    assert live(simulation).readiness == Readiness(5, 1, 1)
    assert writes(simulation)[-1] == "patch deployments"


def test_a_probe_that_a_user_changed_after_planning_is_stale():
    simulation = stage()
    plan = planned(simulation, FAST, force=True)
    fields = flatten({"readinessProbe": {"periodSeconds": 7}}, CONTAINER)
    layer = Layer("kubectl-edit", "Update", 0.0, fields)
    simulation.world.change_workload(REF, lambda old: replace(old, layers=(layer,)))
    (result,) = simulation.apply(plan).results
    assert result.outcome == Stale("the readiness probe was changed after planning")
