"""Plans that show anything but what they would write: each contradiction has its sentence."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from eksaddon.domain.basis import CorefileBase
from eksaddon.domain.desired import DesiredState, Lameduck
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.plan import Action, ClusterPlan, Plan, WorkloadWrite
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.selection import Match
from eksaddon.domain.target import Account, AssumedRole, ClusterRef, Target
from eksaddon.domain.workload import Workload
from eksaddon.plan.fleet import Planner, plan_fleet
from eksaddon.plan.verify import contradictions, foreign_accounts
from eksaddon.plan.waves import staged
from eksaddon.schema import AddonSchema, SchemaSource, packaged_schema
from tests.support.planner import COREFILE, STORED

VERSION = "v1.11.4-eksbuild.51"
ACCOUNT = "111122223333"
SEEN = Workload(2, 30, 0, COREFILE, (1, 33))
DESIRED = DesiredState(
    values={"replicaCount": 3}, lameduck=Lameduck("20s", 20 * 10**9), grace_seconds=45, pre_stop_seconds=5
)


def target(name: str) -> Target:
    return Target(ClusterRef(ACCOUNT, "eu-west-1", name), "shop", (("env", "dev"),))


def made() -> Plan:
    """An update of both planes, a target in sync, and one without the add-on."""
    corefile = COREFILE.replace("5s", "20s")
    as_desired = {**STORED, "replicaCount": 3, "corefile": corefile}
    rows = [
        (target("a"), Managed(target("a").ref, VERSION, "ACTIVE", json.dumps(STORED)), SEEN),
        (
            target("b"),
            Managed(target("b").ref, VERSION, "ACTIVE", json.dumps(as_desired)),
            replace(SEEN, corefile=corefile, grace_seconds=45, pre_stop_seconds=5, replicas=3),
        ),
        (target("c"), NotInstalled(target("c").ref), SEEN),
    ]
    schema = packaged_schema(VERSION)
    assert schema is not None
    return plan_fleet(rows, lambda _: DESIRED, Planner({VERSION: schema}, force=True), now=1000.0)  # type: ignore[arg-type]  # str values


NOT_MANAGED = CorefileBase.NOT_MANAGED
PLAN = made()
STAGED = staged(PLAN, Strategy((Wave("dev", Match(labels=(("env", ("dev",)),))),)))


def _undue(cluster: ClusterPlan) -> Diagnostic:
    """A finding of a rule that the target's own findings have."""
    return replace(cluster.diagnostics[0], summary="undue")


def edited(place: int, change: Callable[[ClusterPlan], ClusterPlan]) -> list[str]:
    clusters = list(PLAN.clusters)
    clusters[place] = change(clusters[place])
    return list(contradictions(replace(PLAN, clusters=tuple(clusters))))


def test_the_sample_is_what_the_tests_need_and_does_not_contradict_itself() -> None:
    assert [each.action for each in PLAN.clusters] == [Action.UPDATE, Action.IN_SYNC, Action.SKIPPED]
    assert PLAN.clusters[0].write is not None
    assert PLAN.clusters[0].workload is not None
    assert list(contradictions(PLAN)) == []
    assert list(contradictions(STAGED)) == []


@pytest.mark.parametrize(
    ("place", "change", "sentence"),
    [
        (0, lambda one: replace(one, basis=None), "it does not contain the observed state"),
        (0, lambda one: replace(one, write=None, workload=None), "there is nothing to write"),
        (0, lambda one: replace(one, write=replace(one.write, text="{")), "cannot be read"),
        (0, lambda one: replace(one, cut_ns=(0, 5)), "the accepted cut of preStop and lameduck differs"),
        (0, lambda one: replace(one, order=one.order[::-1]), "not in the safe order"),
        (0, lambda one: replace(one, reason="because"), "its reason is 'because'"),
        (0, lambda one: replace(one, changes=()), "the changes shown differ from those"),
        (0, lambda one: replace(one, unverified="no access"), "it does not say that it continues"),
        (0, lambda one: replace(one, basis=replace(one.basis, corefile=None)), ""),
        (
            0,
            lambda one: replace(one, basis=replace(one.basis, base=CorefileBase.NOT_MANAGED)),
            "its base Corefile",
        ),
        (
            0,
            lambda one: replace(one, write=replace(one.write, before="{}")),
            "to replace differs",
        ),
        (0, lambda one: replace(one, kept=WorkloadWrite(44, 5)), "to keep differ from those to write"),
        (
            0,
            lambda one: replace(one, diagnostics=(_undue(one), *one.diagnostics)),
            "not apply: undue",
        ),
        (1, lambda one: replace(one, changes=PLAN.clusters[0].changes), "in sync, but shows changes"),
        (1, lambda one: replace(one, write=PLAN.clusters[0].write), "but it contains a write"),
        (2, lambda one: replace(one, order=PLAN.clusters[0].order), "but it contains a write"),
    ],
)
def test_an_edited_target_is_named_with_its_contradiction(
    place: int, change: Callable[[ClusterPlan], ClusterPlan], sentence: str
) -> None:
    found = edited(place, change)
    assert any(str(PLAN.clusters[place].target) in each and sentence in each for each in found), found


def test_a_key_that_only_the_live_schema_of_a_newer_version_has_is_no_contradiction() -> None:
    newer, known = "v1.14.9-eksbuild.1", packaged_schema("v1.14.9-eksbuild.1")
    assert known is not None
    properties = {"newKey": {"type": "string"}, "replicaCount": {"type": "integer"}}
    live = AddonSchema(newer, {"type": "object", "properties": properties}, SchemaSource.LIVE)
    row = (target("a"), Managed(target("a").ref, newer, "ACTIVE", "{}"), SEEN)
    desired = DesiredState(values={"newKey": "x"})
    plan = plan_fleet([row], lambda _: desired, Planner({newer: live}), now=1000.0)
    assert plan.clusters[0].action is Action.UPDATE
    assert not list(contradictions(plan))
    refused = plan_fleet([row], lambda _: desired, Planner({newer: known}), now=1000.0)
    assert refused.clusters[0].action is Action.BLOCKED


def test_a_target_that_no_wave_selects_is_named() -> None:
    elsewhere = replace(PLAN.clusters[0].target, labels=(("env", "prod"),))
    found = contradictions(replace(STAGED, clusters=(replace(STAGED.clusters[0], target=elsewhere),)))
    assert "its targets are not in the waves that its strategy assigns" in list(found)


def test_a_plan_that_changes_one_field_of_the_deployment_shows_only_that() -> None:
    desired = replace(DESIRED, values={}, lameduck=None, pre_stop_seconds=None)
    schema = packaged_schema(VERSION)
    assert schema is not None
    row = (target("a"), Managed(target("a").ref, VERSION, "ACTIVE", json.dumps(STORED)), SEEN)
    plan = plan_fleet([row], lambda _: desired, Planner({VERSION: schema}, force=True), now=1000.0)
    assert len(plan.clusters[0].changes) == 1
    assert list(contradictions(plan)) == []


def test_a_target_that_is_there_twice_is_named() -> None:
    plan = replace(PLAN, clusters=(*PLAN.clusters, PLAN.clusters[2]))
    assert "a target is in the plan twice" in list(contradictions(plan))


def test_waves_that_are_not_those_of_the_strategy_are_named() -> None:
    assert "it assigns waves, but does not list them" in list(contradictions(replace(STAGED, waves=())))
    other = replace(STAGED, waves=("prod",))
    assert "its list of waves does not match its strategy" in list(contradictions(other))
    moved = replace(STAGED, clusters=tuple(replace(each, wave="") for each in STAGED.clusters))
    assert "its targets are not in the waves that its strategy assigns" in list(contradictions(moved))


def test_another_digest_than_the_plans_own_is_named() -> None:
    assert "its digest does not match its content" in list(contradictions(replace(PLAN, digest="0" * 64)))


def test_an_account_must_be_known_and_entered_by_a_role_of_its_own() -> None:
    own = Account(ACCOUNT, access=AssumedRole((f"arn:aws:iam::{ACCOUNT}:role/x",)))
    foreign = Account(ACCOUNT, access=AssumedRole(("arn:aws:iam::999999999999:role/x",)))
    assert list(foreign_accounts(PLAN, (own,))) == []
    (unknown,) = foreign_accounts(PLAN, ())
    assert unknown.endswith("it does not contain how its account is accessed")
    (strange,) = foreign_accounts(PLAN, (foreign,))
    assert strange.startswith(f"the role for account {ACCOUNT} belongs to another account")
