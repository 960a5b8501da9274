"""Documents as they are stored: what form they have, and what a plan makes of it."""

import json
from dataclasses import replace

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.plan import Action
from eksaddon.domain.update import UpdateRecord
from eksaddon.plan.fleet import Planner
from eksaddon.schema import AddonSchema, packaged_schema
from eksaddon.values import same_values
from tests.support.planner import (
    COREFILE,
    NO_PLANE,
    STORED,
    TARGET,
    VERSION,
    changes,
    managed,
    planned,
    rules,
    wants,
)


@pytest.mark.parametrize(
    "text", [None, "", " \n", "{}", "null"], ids=["never set", "empty", "blank", "braces", "null"]
)
def test_every_form_of_nothing_is_nothing(text):
    assert changes(planned(managed(text), wants(replicaCount=3))) == [("replicaCount", None, 3)]


def test_yaml_is_edited_in_place():
    text = "# ours\nreplicaCount: 2 # two\ncomputeType: ec2\n"
    plan = planned(managed(text), wants(replicaCount=3))
    assert plan.write is not None
    assert plan.write.text == text.replace("replicaCount: 2", "replicaCount: 3")


STUBS = (
    COREFILE
    + """
corp.example:53 {
    errors
    forward . 10.0.0.2
}
"""
)


def test_a_block_without_health_has_no_lameduck_to_show():
    plan = planned(managed({"corefile": STUBS}), wants(20))
    assert changes(plan) == [('corefile[".:53"].health.lameduck', "5s", "20s")]


def test_a_bare_health_gets_its_first_lameduck():
    bare = COREFILE.replace("health {\n        lameduck 5s\n      }", "health")
    assert changes(planned(managed({"corefile": bare}), wants(20))) == [
        ('corefile[".:53"].health.lameduck', None, "20s")
    ]


def test_a_document_that_cannot_be_edited_in_place_is_rewritten_and_the_plan_says_so():
    text = "replicaCount: &count 2\nautoScaling: {enabled: false, minReplicas: *count}\n"
    plan = planned(managed(text), wants(replicaCount=3))
    assert plan.write is not None
    assert ("values-reformatted", "info") in rules(plan)
    assert same_values(
        plan.write.text, '{"replicaCount": 3, "autoScaling": {"enabled": false, "minReplicas": 2}}'
    )


def test_yaml_that_parsers_read_differently_is_pointed_out_where_it_is_sent_again():
    text = "replicaCount: 2\npodLabels: {enabled: yes}\n"
    assert ("values-ambiguous", "warning") in rules(planned(managed(text), wants(replicaCount=3)))
    assert rules(planned(managed(text), wants(replicaCount=2))) == {("propagation", "warning")}


def test_a_pattern_that_cannot_be_read_is_a_warning_for_its_key_and_blocks_nothing_else():
    known = packaged_schema(VERSION)
    assert isinstance(known, AddonSchema)
    document = json.loads(json.dumps(known.document))
    document["definitions"]["Coredns"]["properties"]["computeType"]["pattern"] = "(?<x>y)"
    planner = Planner({VERSION: replace(known, document=document)})
    plan = planner.plan(TARGET, managed(STORED), wants(None, replicaCount=3), NO_PLANE)
    assert plan.action is Action.UPDATE
    (finding,) = [one for one in plan.diagnostics if one.rule == "schema-pattern-unread"]
    assert "computeType" in finding.summary
    wrong = planner.plan(TARGET, managed(STORED), wants(None, replicaCount="three"), NO_PLANE)
    assert wrong.action is Action.BLOCKED


@pytest.mark.parametrize("replicas", [3, 9], ids=["the same change", "another change"])
def test_a_document_that_eks_shows_late_is_not_a_base_for_another(replicas):
    wanted = json.dumps({**STORED, "replicaCount": replicas})
    brought = UpdateRecord("u1", "Successful", params=(("ConfigurationValues", wanted),))
    plan = planned(managed(STORED, update=brought), wants(None, replicaCount=3))
    assert (plan.action, plan.changes) == (Action.BLOCKED, ())
    assert "still shows the document from before" in plan.reason


def test_a_history_that_could_not_be_read_is_named_beside_the_change():
    plan = planned(managed(STORED, update=Trouble(Cause.DENIED, "no")), wants(None, replicaCount=3))
    assert plan.action is Action.UPDATE
    (finding,) = [one for one in plan.diagnostics if one.rule == "update-unseen"]
    assert finding.summary == "the update history of the add-on could not be read: access-denied: no"


def test_a_document_that_a_newer_update_replaced_is_not_in_sync():
    brought = UpdateRecord("u1", "Successful", params=(("ConfigurationValues", '{"replicaCount": 9}'),))
    plan = planned(managed(STORED, update=brought), wants(None, replicaCount=2))
    assert plan.action is Action.UPDATE
    assert "update-running" in {one.rule for one in plan.diagnostics}
