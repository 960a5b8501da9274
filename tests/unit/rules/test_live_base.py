"""Whether the live objects are still those that a plan was made from."""

from dataclasses import replace

import pytest

from eksaddon.domain.basis import LiveBase, PodsState
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.workload import RollingOut, RolloutStuck, Scaler, Workload
from eksaddon.rules.live_base import Expected, base_digest, live_base, moved, pods_state

BEFORE, PLANNED, EDITED = ".:53 {\n}\n", ".:53 {\n    errors\n}\n", ".:53 {\n    log\n}\n"
CHANGED = "the live Corefile was changed after the plan was made"
DELETED = "the live Corefile was deleted after the plan was made"


@pytest.mark.parametrize(
    ("base", "live", "reason"),
    [
        (BEFORE, BEFORE, ""),
        (BEFORE, PLANNED, ""),
        (BEFORE, EDITED, CHANGED),
        (BEFORE, None, DELETED),
        (None, EDITED, ""),
        (None, None, ""),
    ],
)
def test_only_the_base_and_the_planned_corefile_are_expected(base, live, reason):
    assert moved(base_digest(base), {PLANNED}, live) == reason


PODS = (Pod("a", 30, template="1"), Pod("b", 30, template="1"))
LIVE = Workload(2, 30, 0, BEFORE, pods=PODS)
OLDER = (*PODS, Pod("c", 30, template="0"))
ROLLING = RollingOut("1 of 2")
EXPECTED = Expected(
    live_base(LIVE, {}),
    base_digest(BEFORE),
    frozenset({PLANNED}),
    2,
    frozenset({3}),
    frozenset({30, 45}),
    frozenset({0, 5}),
)


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (LIVE, PodsState.STEADY),
        (replace(LIVE, rollout=ROLLING), PodsState.REPLACED),
        (replace(LIVE, rollout=ROLLING, pods=OLDER), PodsState.ROLLING),
        (
            replace(LIVE, rollout=ROLLING, pods=(*PODS, replace(OLDER[2], phase="Failed"))),
            PodsState.REPLACED,
        ),
        (replace(LIVE, rollout=RolloutStuck("ImagePullBackOff")), PodsState.STUCK),
    ],
)
def test_pods_that_are_replaced_by_others_of_the_same_template_are_steady(seen, state):
    assert pods_state(seen) is state


@pytest.mark.parametrize(
    ("seen", "stored", "is_scaled"),
    [
        (LIVE, {}, False),
        (LIVE, {"autoScaling": {"enabled": True}}, True),
        (LIVE, {"autoScaling": {"enabled": False}}, False),
        (replace(LIVE, scalers=(Scaler("hpa", 2, 9),)), {}, True),
    ],
)
def test_an_autoscaler_of_any_kind_is_part_of_the_base(seen, stored, is_scaled):
    assert live_base(replace(seen, other_pre_stop="exec"), stored) == LiveBase(30, 0, "exec", is_scaled)


@pytest.mark.parametrize(
    "seen",
    [
        LIVE,
        replace(LIVE, corefile=PLANNED),
        replace(LIVE, replicas=3),
        replace(LIVE, scaled_down=ScaledDown(2, 0)),
        replace(LIVE, rollout=ROLLING),
        replace(LIVE, grace_seconds=45, pre_stop_seconds=5),
    ],
)
def test_planned_and_resulting_values_are_expected(seen):
    assert EXPECTED.moved(seen) == ""


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (replace(LIVE, corefile=EDITED), CHANGED),
        (replace(LIVE, replicas=6), "the Deployment was scaled from 2 to 6 replicas after the plan was made"),
        (replace(LIVE, replicas=1), "the Deployment was scaled from 2 to 1 replicas after the plan was made"),
        (
            replace(LIVE, replicas=0, scaled_down=ScaledDown(2, 0)),
            "`eksdns prove` scaled CoreDNS from 2 to 0 replicas after the plan was made",
        ),
        (replace(LIVE, grace_seconds=20), "the grace period was changed to 20 s after the plan was made"),
        (replace(LIVE, pre_stop_seconds=9), "preStop was changed to 9 s after the plan was made"),
        (
            replace(LIVE, other_pre_stop="exec"),
            "a preStop hook of type exec was added after the plan was made",
        ),
        (
            replace(LIVE, pods=OLDER, rollout=ROLLING),
            "a rollout has begun that the plan did not know: the rollout is in progress: 1 of 2",
        ),
        (
            replace(LIVE, rollout=RolloutStuck("no quota")),
            "a rollout is stuck that the plan did not know: the rollout is stuck: no quota",
        ),
    ],
)
def test_anything_else_is_stale(seen, reason):
    assert EXPECTED.moved(seen) == reason


def test_a_rollout_that_was_known_may_end_or_get_stuck():
    rolling = replace(EXPECTED, base=replace(EXPECTED.base, pods=PodsState.ROLLING))
    for seen in (
        LIVE,
        replace(LIVE, pods=OLDER, rollout=ROLLING),
        replace(LIVE, rollout=RolloutStuck("no quota")),
    ):
        assert rolling.moved(seen) == ""


def test_an_autoscaler_may_take_replicas_away_but_add_none():
    scaled = replace(EXPECTED, base=replace(EXPECTED.base, is_scaled=True), replicas=5)
    assert scaled.moved(replace(LIVE, replicas=4)) == ""
    assert scaled.moved(replace(LIVE, replicas=6))


def test_fields_that_are_not_compared_may_have_any_value():
    nothing = Expected(replace(EXPECTED.base, hook="exec", pods=PodsState.STUCK))
    stuck = RolloutStuck("no quota")
    assert nothing.moved(Workload(9, 1, 1, None, other_pre_stop="exec", rollout=stuck, pods=OLDER)) == ""
