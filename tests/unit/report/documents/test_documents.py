"""The JSON documents that other programs read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.document import schema_of
from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan, Plane
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.report.documents.documents import document, drift_document, plan_document, run_document
from eksaddon.report.documents.published import DOCUMENTS
from eksaddon.report.documents.read import read_document
from eksaddon.report.model.build import drift_model, timestamp
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import STATES, DriftState, Kind
from tests.support.examples import examples
from tests.support.report.reports import (
    BROKEN,
    COREFILE,
    GRACE,
    NOT_CHECKED,
    NOW,
    REPLICAS,
    cluster_plan,
    fleet_plan,
    fleet_run,
    hostile_plan,
    hostile_run,
)
from tests.support.report.strategies import report_models


def closed(schema: Any) -> Any:
    """The schema with every object closed, so that an undeclared key fails."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **inner} if "properties" in schema else inner


VALIDATORS = {kind: Draft202012Validator(closed(schema_of(DOCUMENTS[kind]))) for kind in Kind}


def one(action: Action = Action.UPDATE, **more: Any) -> ClusterPlan:
    ref = ClusterRef("111122223333", "eu-west-1", "shop")
    return ClusterPlan(Target(ref, "shop-prod", (("env", "prod"),)), action, "1 change", **more)


def test_a_plan_is_written_as_specified():
    made = one(version="v1.11.4-eksbuild.51", changes=(REPLICAS,), diagnostics=(BROKEN,), fingerprint="f1")
    plan = Plan((replace(made, wave="canary"),), NOW, "d1")
    assert plan_document(plan) == {
        "schemaVersion": 2,
        "kind": "plan",
        "digest": "d1",
        "waves": [],
        "createdAt": "2026-01-02T03:04:05Z",
        "summary": {"targets": 1, "update": 1, "inSync": 0, "blocked": 0, "skipped": 0, "unreachable": 0},
        "clusters": [
            {
                "account": "111122223333",
                "region": "eu-west-1",
                "name": "shop",
                "addonVersion": "v1.11.4-eksbuild.51",
                "action": "update",
                "reason": "1 change",
                "cause": None,
                "hint": "",
                "fingerprint": "f1",
                "wave": "canary",
                "changes": [
                    {
                        "plane": "addon",
                        "path": "replicaCount",
                        "before": 2,
                        "after": 3,
                        "origin": {"source": "eksdns.yaml", "line": 3, "column": 17},
                    }
                ],
                "diagnostics": [
                    {
                        "severity": "error",
                        "rule": "replica-bounds",
                        "summary": "replicaCount -5 is below 1",
                        "detail": "set it to at least 2",
                        "location": {"source": "eksdns.yaml", "line": 9, "column": 5},
                    }
                ],
                "accountName": "shop-prod",
                "labels": {"env": ["prod"]},
            }
        ],
    }


def test_a_run_tells_outcome_cause_update_and_whole_seconds():
    trouble = Trouble(Cause.CONFLICT, "conflicts on spec.replicas")
    result = TargetResult(one(), Failed(trouble, "u1"), 61.7)
    told: Any = run_document(RunResult("r1", RunState.FAILED, (result,), "d1", NOW))
    assert (told["kind"], told["runId"], told["state"], told["digest"]) == ("run", "r1", "failed", "d1")
    assert told["summary"] == {
        "targets": 1,
        "changed": 0,
        "inSync": 0,
        "skipped": 0,
        "blocked": 0,
        "stale": 0,
        "failed": 1,
        "unreachable": 0,
        "unproven": 0,
        "updating": 0,
        "rolledBack": 0,
    }
    cluster = told["clusters"][0]
    assert cluster["outcome"] == "failed"
    assert cluster["reason"] == "conflicts on spec.replicas"
    assert cluster["cause"] == "configuration-conflict"
    assert cluster["hint"] == "these fields are managed by other controllers; see --resolve-conflicts"
    assert (cluster["updateId"], cluster["seconds"]) == ("u1", 62)
    assert isinstance(cluster["seconds"], int)


@pytest.mark.parametrize(
    ("outcome", "word", "reason", "update"),
    [
        (Changed("u"), "changed", "", "u"),
        (InSync(), "inSync", "", None),
        (Skipped("Auto Mode"), "skipped", "Auto Mode", None),
        (Blocked("a rule"), "blocked", "a rule", None),
        (Stale("moved"), "stale", "moved", None),
        (Failed(Trouble(Cause.DENIED, "no")), "failed", "no", None),
        (UnreachableTarget(Trouble(Cause.DENIED, "no")), "unreachable", "no", None),
        (Unproven(Trouble(Cause.STILL_RUNNING, "slow"), "u"), "unproven", "slow", "u"),
        (RolledBack("u"), "rolledBack", "", "u"),
    ],
)
def test_every_outcome_has_its_word(outcome, word, reason, update):
    result = RunResult("r", RunState.SUCCEEDED, (TargetResult(one(), outcome, 0.0),), "d", NOW)
    told: Any = run_document(result)
    cluster = told["clusters"][0]
    assert outcome_word(outcome) == cluster["outcome"] == word
    assert (cluster["reason"], cluster["updateId"]) == (reason, update)
    assert told["summary"][word] == 1


@pytest.mark.parametrize(
    ("cluster", "state"),
    [
        (one(Action.IN_SYNC), DriftState.IN_SYNC),
        (one(Action.UPDATE, changes=(REPLICAS,)), DriftState.DRIFTED),
        (one(Action.BLOCKED, changes=(COREFILE,), diagnostics=(BROKEN,)), DriftState.DRIFTED),
        (one(Action.BLOCKED, diagnostics=(BROKEN,)), DriftState.UNVERIFIED),
        (one(Action.SKIPPED), DriftState.SKIPPED),
        (one(Action.UNREACHABLE), DriftState.UNREACHABLE),
        (one(Action.IN_SYNC, changes=(GRACE,), diagnostics=(NOT_CHECKED,)), DriftState.UNVERIFIED),
        (one(Action.BLOCKED, changes=(GRACE,), diagnostics=(NOT_CHECKED,)), DriftState.UNVERIFIED),
        (one(Action.UPDATE, changes=(REPLICAS, GRACE), diagnostics=(NOT_CHECKED,)), DriftState.DRIFTED),
        (one(Action.BLOCKED, changes=(Change(Plane.WORKLOAD, "g", 30, 45),)), DriftState.DRIFTED),
    ],
)
def test_only_what_was_compared_in_full_is_in_sync(cluster, state):
    assert drift_state(cluster) is state
    told: Any = drift_document(Plan((cluster,), NOW, ""))
    assert told["clusters"][0]["state"] == state.value
    assert told["summary"] == {"targets": 1, **{each.value: int(each is state) for each in DriftState}}


def test_an_unseen_plane_is_given_as_the_reason():
    silent = replace(one(Action.IN_SYNC, diagnostics=(NOT_CHECKED,)), reason="")
    told = drift_model(Plan((silent, replace(silent, diagnostics=())), NOW, ""))
    assert [entry.reason for entry in told.entries] == [NOT_CHECKED.summary, ""]
    running = replace(NOT_CHECKED, rule="update-running", summary="an update is running")
    update = replace(one(Action.UPDATE, diagnostics=(running,)), reason="")
    (entry,) = drift_model(Plan((update,), NOW, "")).entries
    assert (entry.state, entry.reason) == (DriftState.UNVERIFIED, "an update is running")
    blocked = replace(one(Action.BLOCKED), reason="")
    assert drift_model(Plan((blocked,), NOW, "")).entries[0].reason == "not checked"


@pytest.mark.parametrize("size", [0, 1, 40])
def test_counts_add_up_to_the_targets(size):
    for made in (
        plan_document(fleet_plan(size)),
        drift_document(fleet_plan(size)),
        run_document(fleet_run(size)),
    ):
        told: Any = made
        targets = told["summary"].pop("targets")
        assert targets == size == len(told["clusters"]) == sum(told["summary"].values())


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (Kind.PLAN, plan_document(fleet_plan(40))),
        (Kind.DRIFT, drift_document(fleet_plan(40))),
        (Kind.RUN, run_document(fleet_run(40))),
        (Kind.PLAN, plan_document(hostile_plan())),
        (Kind.RUN, run_document(hostile_run())),
    ],
)
def test_fleets_validate_against_the_published_schema(kind, made):
    VALIDATORS[kind].validate(json.loads(json.dumps(made)))


@pytest.mark.parametrize("kind", Kind)
def test_the_published_schema_is_a_schema_that_allows_new_keys(kind):
    schema: Any = schema_of(DOCUMENTS[kind])
    Draft202012Validator.check_schema(schema)
    told = json.loads(
        json.dumps(document(ReportModel(kind, "2026-01-02T03:04:05Z", (), run_state="running")))
    )
    Draft202012Validator(schema).validate({**told, "more": 1})


def test_every_state_is_counted():
    for kind in Kind:
        told: Any = document(ReportModel(kind, "", (), run_state="running"))
        assert {state.word for state in STATES[kind]} == set(told["summary"]) - {"targets"}


@examples(60)
@given(report_models())
def test_any_document_validates_and_reads_back_as_it_was(report_model: ReportModel):
    text = json.dumps(document(report_model))
    VALIDATORS[report_model.kind].validate(json.loads(text))
    read = read_document(text, "x.json")
    assert read == report_model
    for ours, theirs in zip(report_model.entries, read.entries, strict=True):
        assert [change.origin for change in ours.changes] == [change.origin for change in theirs.changes]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1970-01-01T00:00:00Z"), (NOW, "2026-01-02T03:04:05Z"), (2e9, "2033-05-18T03:33:20Z")],
)
def test_times_are_utc_in_whole_seconds(seconds, text):
    assert timestamp(seconds) == text


def test_a_label_may_have_several_values():
    told: Any = plan_document(Plan((cluster_plan(0),), NOW, ""))
    assert told["clusters"][0]["labels"]["path"] == ["/Workloads", "/Workloads/dev"]
