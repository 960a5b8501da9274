from dataclasses import replace

from eksaddon.domain.corefile.desired import CorefileSetting, DesiredCorefile
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.probing.trial import Judged, NotTried, Tried
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.trials.corefile import NOT_TRIED, RULE, CorefileMove, corefile_move, with_corefile_trials
from tests.support.planner import COREFILE, REF, STORED, managed, planned, wants


def changed() -> ClusterPlan:
    desired = DesiredState(corefile=DesiredCorefile(settings=(CorefileSetting("cache.ttl", ("60",)),)))
    return planned(managed(STORED), desired)


def test_a_changed_corefile_is_tried_in_the_coredns_that_will_read_it() -> None:
    move = corefile_move(changed())
    assert move is not None
    assert (move.coredns, move.before) == ("1.11.4", COREFILE)
    assert "cache 60" in move.after


def test_a_new_coredns_is_tried_with_the_corefile_that_stays() -> None:
    plan = planned(managed(STORED), wants(replicaCount=3))
    assert plan.write is not None
    moved = replace(plan, write=replace(plan.write, version="v1.14.7-eksbuild.10"))
    assert corefile_move(moved) == CorefileMove("1.14.7", COREFILE, COREFILE)
    assert moved.write is not None
    without = replace(moved, write=replace(moved.write, text='{"replicaCount":3}'))
    assert corefile_move(without) == CorefileMove("1.14.7", COREFILE, COREFILE)


def test_nothing_is_tried_where_nothing_new_is_read() -> None:
    plan = planned(managed(STORED), wants(replicaCount=3))
    assert plan.write is not None
    assert plan.basis is not None
    assert corefile_move(plan) is None
    assert corefile_move(replace(plan, write=None)) is None
    assert corefile_move(replace(plan, write=replace(plan.write, text="{"))) is None
    assert corefile_move(replace(changed(), version="odd")) is None
    unknown = replace(plan, basis=replace(plan.basis, corefile=None))
    assert corefile_move(replace(unknown, write=replace(plan.write, text="{}"))) is None


def after(judged: Judged) -> ClusterPlan:
    clusters = (changed(), replace(changed(), target=replace(changed().target, ref=replace(REF, name="b"))))
    plan = Plan(clusters, 0.0, plan_digest(clusters))
    found = with_corefile_trials(plan, {REF: judged})
    assert found.clusters[1] == clusters[1]
    assert found.digest == plan_digest(found.clusters)
    assert with_corefile_trials(plan, {}) is plan
    return found.clusters[0]


def test_a_failed_trial_blocks_the_cluster() -> None:
    found = after(Tried("1.11.4", ("a gets SERVFAIL", "b gets REFUSED")))
    assert (found.action, found.write) == (Action.BLOCKED, None)
    assert found.reason.endswith("fails with the new Corefile: a gets SERVFAIL; b gets REFUSED")
    assert found.diagnostics[0].rule == RULE


def test_a_passed_trial_and_one_that_was_not_made_are_distinguished() -> None:
    assert [one.rule for one in after(Tried("1.11.4", ())).diagnostics][-1] == RULE
    not_tried = after(NotTried("no CoreDNS"))
    assert not_tried.action is Action.UPDATE
    assert not_tried.diagnostics[-1].rule == NOT_TRIED
    assert not_tried.diagnostics[-1].summary == "the Corefile was not tried: no CoreDNS"
