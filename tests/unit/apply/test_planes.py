"""When a restart of the pods has to wait for a reload of the Corefile."""

import json

import pytest

from eksaddon.apply.planes import combined, reload_wait
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan, Plane
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, RolledBack
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef, Target

UP, DOWN = (Plane.WORKLOAD, Plane.ADDON), (Plane.ADDON, Plane.WORKLOAD)


def progress(
    order: tuple[Plane, ...],
    *,
    restores: bool = False,
    version: str = "v1.12.4-eksbuild.1",
    after: str = "new",
) -> TargetProgress:
    write = AddonWrite(
        json.dumps({"corefile": "old"}), json.dumps({"corefile": after}), ResolveConflicts.NONE
    )
    target = Target(ClusterRef("111122223333", "eu-west-1", "prod"))
    plan = ClusterPlan(target, Action.UPDATE, "", version=version, write=write, order=order)
    return TargetProgress(plan, restores=restores)


@pytest.mark.parametrize(
    ("order", "restores", "seconds"), [(DOWN, False, 40), (UP, False, 0), (UP, True, 40), (DOWN, True, 0)]
)
def test_writes_after_the_corefile_wait(order, restores, seconds):
    assert reload_wait(progress(order, restores=restores)) == seconds


def test_nothing_waits_without_a_reload_or_without_the_fault():
    assert reload_wait(progress((Plane.WORKLOAD,))) == 0
    assert reload_wait(progress(DOWN, after="old")) == 0
    assert reload_wait(progress(DOWN, version="v1.13.0-eksbuild.1")) == 0
    assert reload_wait(progress(DOWN, version="unknown")) == 0


UNREAD = InSync("no permission")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Changed(""), Changed("u1", "note")], Changed("u1", "note")),
        ([Changed(""), UNREAD], Changed("", "", "no permission")),
        ([InSync(), UNREAD], UNREAD),
        ([RolledBack("u1"), RolledBack("")], RolledBack("u1")),
    ],
)
def test_a_target_with_an_unread_plane_is_not_verified(outcomes: list[Outcome], expected: Outcome) -> None:
    assert combined(outcomes) == expected
