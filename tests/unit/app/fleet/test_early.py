"""What is planned while others are read is what would be planned afterwards."""

from dataclasses import replace

import pytest

from eksaddon.app.fleet.early import EarlyPlans
from eksaddon.app.fleet.plan import make_plan, observe
from tests.support.simulation import fleet_of, simulate

SCENARIO = """
version: 1
accounts:
  - {id: "111122223333", name: shop, regions: [eu-west-1, us-east-1], roles: {eksdns-apply: {}}}
  - {id: "222233334444", name: pay, regions: [eu-west-1], roles: {eksdns-apply: {}}}
documents: {two: {values: {replicaCount: 2}}, three: {values: {replicaCount: 3}}}
clusters:
  - {name: "a-{n}", count: 4, account: "111122223333", region: eu-west-1, document: two}
  - {name: "b-{n}", count: 4, account: "222233334444", region: eu-west-1, document: three}
  - {name: ill, account: "222233334444", region: eu-west-1, document: two, addonStatus: DEGRADED}
"""
FLEET = """
version: 1
coredns: {%s}
accounts:
  - {id: "111122223333", role: eksdns-apply, regions: [eu-west-1, us-east-1]}
  - {id: "222233334444", role: eksdns-apply, regions: [eu-west-1]}
"""


@pytest.mark.parametrize(
    ("coredns", "early_situations"),
    [("replicaCount: 3", 2), ("lameduck: 20s", 0), ("replicaCount: 3, addonVersion: latest", 0)],
    ids=["decided early", "live objects are read", "the version may move"],
)
def test_an_early_plan_is_the_plan_and_costs_the_same_calls(coredns: str, early_situations: int) -> None:
    fleet = fleet_of(FLEET % coredns)
    without, simulation = simulate(SCENARIO), simulate(SCENARIO)
    seen = observe(fleet, without.session, without.book)
    expected = make_plan(fleet, without.session, seen, strict=False)

    early = EarlyPlans(fleet, simulation.session)
    seen = observe(fleet, simulation.session, simulation.book, early=early)
    assert len({id(one.made.changes) for one in early.planner._begun.values()}) == early_situations
    plan = make_plan(fleet, simulation.session, seen, strict=False, early=early)
    assert replace(plan, created_at=0) == replace(expected, created_at=0)
    assert simulation.world.calls.counts == without.world.calls.counts


def test_progress_says_of_how_many_about_until_everything_is_listed() -> None:
    simulation, told = simulate(SCENARIO), list[tuple[int, int, bool]]()
    observe(
        fleet_of(FLEET % "replicaCount: 3"),
        simulation.session,
        simulation.book,
        lambda *now: told.append(now),
    )
    assert [(done, is_exact) for done, _, is_exact in told] == [(n, n > 4) for n in range(1, 10)]
    assert {total for _, total, is_exact in told if is_exact} == {9}
    assert {total for _, total, is_exact in told if not is_exact} <= {12, 6}
