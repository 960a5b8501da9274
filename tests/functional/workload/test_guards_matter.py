"""Each guard of the workload plane taken out, one at a time: what it prevents happens then.

Without these tests, a guard that never acts would look like one that is never needed.
"""

from dataclasses import replace

import pytest

from eksaddon.apply.guard import Permit
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.kube.apply_answer import Applied
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Changed, Failed, Outcome
from eksaddon.domain.workload import RolledOut
from eksaddon.kube.troubles import FAULTS
from eksaddon.sim.addon.lifecycle import Addon
from eksaddon.sim.api.faults import Fault, Match, Refuse
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.state import ScaledBy, Scaler, Workload
from tests.functional.workload import test_hooks as hooks
from tests.functional.workload import test_odd_endpoints as odd
from tests.functional.workload import test_reapply as reapply
from tests.functional.workload.test_corefile_edits import OTHER_KEY, WANTED, edited
from tests.functional.workload.test_pod_grace import ALONE, RAISE, lameduck
from tests.functional.workload.test_two_planes import ACCOUNTS, REF, live, planned, stage, writes
from tests.support.simulation import Simulation, right_before_the_update

pytestmark = pytest.mark.slow

GRACE = "version: 1\ncoredns: {terminationGracePeriod: 45s}\n" + ACCOUNTS


def only(simulation: Simulation, fleet: str, run_id: str = "run") -> Outcome:
    (one,) = simulation.apply(planned(simulation, fleet), run_id=run_id).results
    return one.outcome


@pytest.mark.parametrize("is_guarded", [True, False])
def test_the_pods_are_read_before_a_lameduck(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    """A: a template that is as desired says nothing of the pods."""
    simulation = stage(workload="stuck: image-pull")
    only(simulation, RAISE, "first")
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.guard.short_pods", lambda *_a, **_k: ())
    assert isinstance(only(simulation, ALONE, "second"), Failed if is_guarded else Changed)
    assert lameduck(simulation) == ("5s" if is_guarded else "40s")


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_terminating_pod_counts(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr(Pod, "may_answer", property(lambda pod: not pod.is_ending))
    simulation = stage(workload="pods: [{name: old, ending: true, grace: 10}]")
    only(simulation, "version: 1\ncoredns: {lameduck: 20s}\n" + ACCOUNTS)
    assert lameduck(simulation) == ("5s" if is_guarded else "20s")


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_plane_that_could_not_be_read_blocks(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    """B: one API server that does not answer, and the lameduck alone would be written."""
    if not is_guarded:
        monkeypatch.setattr("eksaddon.plan.workload_changes.is_blocking", lambda *_: False)
        monkeypatch.setattr("eksaddon.apply.guard._blind", lambda *_: Permit())
    simulation = stage(workload="api: no-entry")
    outcome = only(simulation, "version: 1\ncoredns: {lameduck: 20s}\n" + ACCOUNTS)
    assert isinstance(outcome, Changed) is not is_guarded
    assert (writes(simulation) == []) is is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize("fleet", [WANTED % ("overwrite", ""), OTHER_KEY % ("overwrite", "")])
def test_a_hand_edit_is_not_lost_unasked(
    monkeypatch: pytest.MonkeyPatch, fleet: str, *, is_guarded: bool
) -> None:
    """C: overwrite replaces the live Corefile."""
    if not is_guarded:
        monkeypatch.setattr("eksaddon.plan.foreseen._edited", lambda *_: ())
    simulation = edited("stored")
    only(simulation, fleet)
    assert ("corp.example" in (live(simulation).corefile or "")) is is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
def test_an_unfinished_rollout_is_not_in_sync(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    simulation = stage(workload="stuck: image-pull")
    only(simulation, GRACE)
    if not is_guarded:
        monkeypatch.setattr("eksaddon.kube.reading.rollout", lambda *_: RolledOut())
    (cluster,) = planned(simulation, GRACE).clusters
    assert (cluster.action is Action.IN_SYNC) is not is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
def test_admission_is_asked_before_the_add_on_is_written(
    monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool
) -> None:
    lower = (
        "version: 1\n"
        "coredns: {allowWeaken: true, lameduck: 5s, terminationGracePeriod: 30s, preStop: 5s}\n" + ACCOUNTS
    )
    simulation = stage()
    assert isinstance(only(simulation, lower.replace("5s, t", "20s, t").replace("30s", "45s")), Changed)
    plan = planned(simulation, lower)
    for verb in "patch", "dry-run":
        denied = Refuse(403, "Forbidden", 'admission webhook "policy.example" denied the request: no')
        match = Match(service="kubernetes", operation=f"{verb} deployments")
        simulation.world.add_fault(Fault(denied, match))
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.workload._of_answer", lambda _: None)
    before = simulation.count("UpdateAddon")
    simulation.apply(plan, run_id="down")
    assert (simulation.count("UpdateAddon") == before) is is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_mutating_policy_is_found_while_planning(
    monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.kube.clusters.outcome", lambda *_: Applied())
    simulation = stage(workload="policyGrace: 30")
    planned(simulation, GRACE)
    write = planned(simulation, GRACE).clusters[0].workload
    assert write is not None
    answer = simulation.session.workloads.write(REF, write, dry_run=True)
    assert isinstance(answer, Applied) is not is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize("kind", list(ScaledBy))
def test_replicas_do_not_fall_unasked(
    monkeypatch: pytest.MonkeyPatch, kind: ScaledBy, *, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.plan.planner.weakening_findings", lambda *_a, **_k: ())
    simulation = stage()
    simulation.world.change_workload(REF, lambda old: replace(old, scaler=Scaler(2, 9, kind)))
    simulation.world.change(REF, lambda addon: replace(addon, foreign={"replicaCount": 6}))
    mode = ResolveConflicts.OVERWRITE
    fleet = f"version: 1\ncoredns: {{podDisruptionBudget: {{maxUnavailable: 1}}, resolveConflicts: {mode}}}\n"
    (cluster,) = planned(simulation, fleet + ACCOUNTS).clusters
    assert (cluster.action is Action.BLOCKED) is is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_corefile_that_will_be_refused_blocks_new_pods(
    monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.plan.planner.next_start", lambda *_: ())
    simulation = stage()
    text = ".:53 {\n    errors\n    health\n    ready\n    proxy . 10.0.0.2\n}\n"

    def edit(addon: Addon) -> Addon:
        held = replace(addon.live, keys={**addon.live.keys, "corefile": text})
        return replace(addon, live=held, foreign={"corefile": text})

    simulation.world.change(REF, edit)
    (cluster,) = planned(simulation, GRACE).clusters
    assert (cluster.action is Action.BLOCKED) is is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_grace_that_eks_took_is_taken_back(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    """7: without force, the API server answers with a conflict, and the grace stays EKS's."""
    simulation = reapply.raised()
    plan = planned(simulation, reapply.MORE)
    simulation.world.change_workload(REF, reapply.owned_by_eks)
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.workload.is_anothers", lambda _: True)
    outcome = reapply.applied(simulation, plan)
    assert isinstance(outcome, Changed if is_guarded else Failed)
    assert live(simulation).grace_seconds == (45 if is_guarded else 30)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_grace_that_a_user_set_is_not_taken(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    """7: force is for what EKS took, and for nothing else."""
    simulation = reapply.raised()
    plan = planned(simulation, reapply.MORE)
    layer = Layer("kubectl-edit", "Update", simulation.session.clock.now(), termination_fields(40, None))

    def edit(old: Workload) -> Workload:
        return replace(old, layers=(*old.layers, layer))

    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.workload.is_anothers", lambda _: False)
    edited_since = right_before_the_update(simulation, lambda: simulation.world.change_workload(REF, edit))
    outcome = reapply.applied(edited_since, plan)
    assert isinstance(outcome, Failed if is_guarded else Changed)
    assert live(simulation).grace_seconds == (40 if is_guarded else 45)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_reapply_is_proven(monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> None:
    """7: the answer of the apply is no proof that its pods start."""
    simulation = reapply.raised()
    plan = planned(simulation, reapply.MORE)
    simulation.world.change_workload(REF, reapply.owned_by_eks)

    def jam() -> None:
        simulation.world.change_workload(REF, lambda old: replace(old, stuck=True))

    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.workload.WorkloadUpdate._rolled_out", accepted)
    outcome = reapply.applied(right_before_the_update(simulation, jam), plan)
    assert isinstance(outcome, Failed if is_guarded else Changed)


async def accepted(_: object) -> Changed:
    return Changed("")


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize("workload", [hooks.SLEEP, hooks.HOOK % hooks.EXEC], ids=["sleep", "exec"])
def test_a_hook_that_stays_is_not_promised_to_go(
    monkeypatch: pytest.MonkeyPatch, workload: str, *, is_guarded: bool
) -> None:
    """8: an apply without force cannot remove it, whatever the plan says."""
    if not is_guarded:
        monkeypatch.setattr("eksaddon.plan.workload_changes._hook_to_replace", lambda *_: "")
    simulation = stage(workload=workload)
    (cluster,) = planned(simulation, hooks.NONE).clusters
    assert (cluster.action is Action.BLOCKED) is is_guarded


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize("workload", [hooks.SLEEP, hooks.HOOK % hooks.EXEC], ids=["sleep", "exec"])
def test_force_really_removes_a_hook(
    monkeypatch: pytest.MonkeyPatch, workload: str, *, is_guarded: bool
) -> None:
    """8: server-side apply alone leaves the handler of another manager in place."""
    if not is_guarded:
        monkeypatch.setattr("eksaddon.kube.writing.has_hook", lambda _: False)
    simulation = stage(workload=workload)
    outcome = hooks.forced(simulation, hooks.NONE)
    found = live(simulation)
    is_gone = (found.pre_stop_seconds, found.other_pre_stop) == (0, "")
    assert (is_gone, isinstance(outcome, Changed)) == (is_guarded, is_guarded)


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize("name", odd.ODD)
def test_an_odd_reply_leaves_the_edge_as_an_outcome(
    monkeypatch: pytest.MonkeyPatch, name: str, *, is_guarded: bool
) -> None:
    """10: without the edge's translation, one endpoint ends the command of the whole fleet."""
    if not is_guarded:
        monkeypatch.setattr("eksaddon.kube.clusters.FAULTS", ())
    simulation = stage()
    simulation.world.add_fault(Fault(odd.ODD[name], Match(service="kubernetes")))
    if is_guarded:
        (cluster,) = planned(simulation, GRACE).clusters
        assert cluster.reason.startswith("workload plane unreadable")
    else:
        with pytest.raises(FAULTS):
            planned(simulation, GRACE)
