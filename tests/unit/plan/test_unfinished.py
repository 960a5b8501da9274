"""Plans over a Deployment that is as desired while older pods still run."""

from dataclasses import replace

from eksaddon.domain.plan import Action, Plane
from eksaddon.domain.workload import RollingOut, Workload
from tests.support.planner import COREFILE, STORED, managed, planned, wants

OLD_PODS = Workload(2, 30, 5, COREFILE, (1, 33), rollout=RollingOut("1 of 2 pods are updated"))
CUT = replace(wants(), grace_seconds=30, pre_stop_seconds=25)
FITS = replace(wants(), grace_seconds=30, pre_stop_seconds=5)


def test_the_rollout_is_followed_by_the_same_apply() -> None:
    plan = planned(managed(STORED), FITS, OLD_PODS)
    assert (plan.action, plan.order) == (Action.UPDATE, (Plane.WORKLOAD,))


def test_strict_blocks_it_for_a_warning() -> None:
    running = replace(OLD_PODS, pre_stop_seconds=25)
    assert planned(managed(STORED), CUT, running).action is Action.UPDATE
    plan = planned(managed(STORED), CUT, running, strict=True)
    assert plan.action is Action.BLOCKED
    assert not plan.writes
