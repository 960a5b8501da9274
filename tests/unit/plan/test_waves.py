"""Membership of waves: decided once, the same whatever order the targets come in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import EmptyWave, SpreadBy, Strategy, Unmatched, Wave
from eksaddon.domain.selection import Match
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.plan.waves import staged

WRITE = AddonWrite(None, "{}", ResolveConflicts.NONE)
DEV, PROD = Match(labels=(("env", ("dev",)),)), Match(labels=(("env", ("prod",)),))


def cluster(number: int, env: str, action: Action = Action.UPDATE, region: str = "eu-west-1") -> ClusterPlan:
    ref = ClusterRef(f"{number % 3:012}", region, f"{env}-{number}")
    write = WRITE if action is Action.UPDATE else None
    return ClusterPlan(Target(ref, labels=(("env", env),)), action, "", write=write)


def plan(*clusters: ClusterPlan) -> Plan:
    return Plan(clusters, 0.0, "d")


def members(made: Plan, wave: str) -> list[str]:
    return [each.target.ref.name for each in made.clusters if each.wave == wave]


FLEET = tuple(cluster(number, "dev" if number < 4 else "prod") for number in range(10))
STRATEGY = Strategy((Wave("canary", DEV, limit=1), Wave("dev", DEV), Wave("prod", PROD)))


@given(st.permutations(FLEET))
def test_the_first_wave_that_selects_a_target_takes_it_whatever_their_order(clusters):
    made = staged(plan(*clusters), STRATEGY)
    assert made == replace(staged(plan(*FLEET), STRATEGY), clusters=made.clusters)
    assert [len(members(made, wave)) for wave in made.waves] == [1, 3, 6]
    assert made.clusters == staged(plan(*FLEET), STRATEGY).clusters


def test_targets_without_changes_do_not_count_towards_the_limit():
    done = tuple(replace(each, action=Action.IN_SYNC, write=None) for each in FLEET[:3])
    made = staged(plan(*done, *FLEET[3:]), STRATEGY)
    pending = [each for each in made.clusters if each.wave == "canary" and each.action is Action.UPDATE]
    assert [each.target.ref.name for each in pending] == ["dev-3"]


def test_the_digest_holds_the_strategy():
    other = replace(STRATEGY, waves=(replace(STRATEGY.waves[0], soak=60), *STRATEGY.waves[1:]))
    assert staged(plan(*FLEET), STRATEGY).digest != staged(plan(*FLEET), other).digest


def test_targets_that_no_wave_selects_are_an_error_that_names_them():
    strange = plan(*(cluster(number, "test-1") for number in range(5)))
    with pytest.raises(EksdnsError, match=r"no wave selects .*test-1.* and 2 more") as caught:
        staged(strange, STRATEGY)
    assert caught.value.exit_code is ExitCode.REFUSED
    with pytest.raises(EksdnsError, match=r"no wave selects 000000000001/eu-west-1/test-1$"):
        staged(plan(cluster(1, "test")), STRATEGY)


def test_a_target_without_changes_need_not_be_selected():
    made = staged(plan(cluster(1, "test", Action.IN_SYNC)), STRATEGY)
    assert [each.wave for each in made.clusters] == [""]


def test_targets_that_no_wave_selects_can_join_the_last_or_be_excluded():
    last = staged(plan(cluster(1, "test")), replace(STRATEGY, unmatched=Unmatched.LAST_WAVE))
    assert members(last, "prod") == ["test-1"]
    (left,) = staged(plan(cluster(1, "test")), replace(STRATEGY, unmatched=Unmatched.EXCLUDE)).clusters
    assert (left.action, left.reason, left.write) == (Action.SKIPPED, "not selected by any wave", None)
    (same,) = staged(
        plan(cluster(1, "test", Action.IN_SYNC)), replace(STRATEGY, unmatched=Unmatched.EXCLUDE)
    ).clusters
    assert same.action is Action.IN_SYNC


def test_an_empty_wave_may_be_an_error():
    strict = replace(STRATEGY, empty_wave=EmptyWave.ERROR)
    assert staged(plan(*FLEET), strict).waves == ("canary", "dev", "prod")
    with pytest.raises(EksdnsError, match="wave prod has no target"):
        staged(plan(*FLEET[:4]), strict)


@pytest.mark.parametrize("by", [SpreadBy.ACCOUNT, SpreadBy.REGION])
def test_a_wave_that_is_spread_takes_one_of_each_after_the_other(by):
    regions = ("eu-west-1", "us-east-1", "ap-south-1")
    fleet = [cluster(number, "prod", region=regions[number // 3]) for number in range(9)]
    made = staged(plan(*fleet), Strategy((Wave("prod", spread_by=by),)))
    keys = [
        each.target.ref.account if by is SpreadBy.ACCOUNT else each.target.ref.region
        for each in made.clusters
    ]
    for start in (0, 3, 6):
        assert len(set(keys[start : start + 3])) == 3
