"""The three columns: desired, held by EKS, live; and what an update would make of a live value."""

import json
from dataclasses import replace

import pytest

from eksaddon.domain.desired import DesiredState, Lameduck, ResolveConflicts
from eksaddon.domain.json import Json
from eksaddon.domain.live import Fate, LiveField
from eksaddon.domain.workload import Budget, ForeignField, NotChecked, Owner, Scaler, Workload
from eksaddon.plan.live_fields import Documents, live_fields

COREFILE = ".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n}\n"
LAMEDUCK = 'corefile[".:53"].health.lameduck'
GRACE, SLEEP = "terminationGracePeriodSeconds", "lifecycle.preStop.sleep.seconds"
EKS, KUBECTL = Owner("eks", "Apply"), Owner("kubectl-edit", "Update", 1_767_225_600.0)
RUNS = Workload(2, 30, 0, COREFILE, (1, 33), corefile_owner=EKS, replicas_owner=EKS)
HELD: dict[str, Json] = {"replicaCount": 2, "corefile": COREFILE}


def seen(
    workload: Workload,
    desired: DesiredState | None = None,
    held: dict[str, Json] | None = None,
    planned: dict[str, Json] | None = None,
) -> dict[str, LiveField]:
    stored = HELD if held is None else held
    documents = Documents(stored, stored if planned is None else planned)
    return {one.path: one for one in live_fields(documents, desired or DesiredState(), workload)}


def columns(one: LiveField) -> tuple[Json, Json, Json]:
    return one.desired, one.held, one.live


def test_a_cluster_that_was_not_read_has_no_columns():
    assert live_fields(Documents(HELD, HELD), DesiredState(), NotChecked("why")) == ()


def test_where_all_agree_nothing_is_worth_telling():
    assert not [one for one in seen(RUNS).values() if one.is_worth_telling]
    assert columns(seen(RUNS)["replicaCount"]) == (None, 2, 2)


def test_desired_stored_and_live_values_are_compared():
    planned: dict[str, Json] = {"replicaCount": 3, "corefile": COREFILE.replace("5s", "20s")}
    desired = DesiredState(
        values={"replicaCount": 3}, lameduck=Lameduck("20s", 20 * 10**9), grace_seconds=45, pre_stop_seconds=5
    )
    rows = seen(RUNS, desired, planned=planned)
    assert {path: columns(one) for path, one in rows.items()} == {
        LAMEDUCK: ("20s", "5s", "5s"),
        "replicaCount": (3, 2, 2),
        GRACE: (45, None, 30),
        SLEEP: (5, None, 0),
    }
    assert all(one.deviates and not one.is_foreign for one in rows.values())


def test_an_edit_of_the_live_corefile_is_told_directive_by_directive():
    live = COREFILE.replace("errors", "log").replace("5s", "2s")
    rows = seen(replace(RUNS, corefile=live, corefile_owner=KUBECTL))
    assert {path: columns(one) for path, one in rows.items() if one.is_foreign} == {
        LAMEDUCK: ("5s", "5s", "2s"),
        'corefile[".:53"].errors': (None, "errors", None),
        'corefile[".:53"].log': (None, None, "log"),
    }
    edited = rows[LAMEDUCK]
    assert [edited.fates.under(mode) for mode in ResolveConflicts] == [Fate.FAILS, Fate.KEPT, Fate.LOST]


def test_a_health_that_differs_in_more_than_lameduck_has_a_row_of_its_own():
    live = COREFILE.replace("health {", "health :9090 {")
    (row,) = [one for one in seen(replace(RUNS, corefile=live)).values() if one.is_foreign]
    assert columns(row) == (None, "health { lameduck 5s }", "health :9090 { lameduck 5s }")


def test_server_blocks_that_came_went_or_changed_their_zones_are_reported():
    other = "a.example:53 {\n    log\n}\n"
    added = seen(replace(RUNS, corefile=COREFILE + other))
    assert columns(added['corefile["a.example.:53"]']) == (None, None, "a server block")
    gone = seen(RUNS, held={"corefile": COREFILE + other})
    assert columns(gone['corefile["a.example.:53"]']) == (None, "a server block", None)
    zones = seen(replace(RUNS, corefile=COREFILE.replace(".:53", ".:53 b.example:53")))
    assert columns(zones['corefile[".:53"] zones']) == (None, None, "b.example.:53")


@pytest.mark.parametrize("live", [None, ".:53 {", ""])
def test_a_corefile_that_is_gone_or_cannot_be_read_is_reported_as_a_whole(live):
    (row,) = [one for one in seen(replace(RUNS, corefile=live)).values() if one.is_foreign]
    assert columns(row) == (None, COREFILE, live or None)


def test_a_live_corefile_is_not_an_edit_where_eks_holds_none():
    desired = DesiredState(lameduck=Lameduck("20s", 20 * 10**9))
    planned: dict[str, Json] = {"corefile": COREFILE.replace("5s", "20s")}
    (row,) = seen(RUNS, desired, held={}, planned=planned).values()
    assert (columns(row), row.is_foreign, row.deviates) == (("20s", None, "5s"), False, True)
    assert seen(replace(RUNS, corefile=None), held={}) == {}
    assert seen(RUNS, held={}) == {}


def test_replicas_that_a_scaler_sets_are_shown_and_are_no_drift():
    scaled = replace(RUNS, replicas=5, scalers=(Scaler("hpa", 2, 9),))
    assert not seen(scaled)["replicaCount"].deviates
    assert seen(replace(RUNS, replicas=5))["replicaCount"].deviates
    held: dict[str, Json] = {"replicaCount": 2, "autoScaling": {"enabled": True}}
    assert not seen(replace(RUNS, replicas=5), held=held)["replicaCount"].deviates


def test_any_update_resets_values_set_by_eks():
    row = seen(replace(RUNS, replicas=5))["replicaCount"]
    assert {row.fates.under(mode) for mode in ResolveConflicts} == {Fate.LOST}


def test_of_a_field_that_the_configuration_excludes_no_one_knows_whether_eks_sets_it():
    desired = DesiredState(values={"replicaCount": 3})
    row = seen(replace(RUNS, replicas_owner=KUBECTL), desired, held={}, planned={})["replicaCount"]
    assert (row.fates.none, row.fates.overwrite) == (Fate.FAILS_IF_SET, Fate.LOST_IF_SET)
    assert not row.is_foreign


def test_one_budget_is_compared_and_of_several_none():
    held: dict[str, Json] = {"podDisruptionBudget": {"maxUnavailable": 1}}
    desired = DesiredState(values={"podDisruptionBudget": {"minAvailable": "50%"}})
    rows = seen(replace(RUNS, corefile=None, budgets=(Budget("b", max_unavailable="2"),)), desired, held)
    assert columns(rows["podDisruptionBudget.maxUnavailable"]) == (None, "1", "2")
    assert columns(rows["podDisruptionBudget.minAvailable"]) == ("50%", None, None)
    two = replace(RUNS, corefile=None, budgets=(Budget("a"), Budget("b")))
    assert seen(two, desired, held) == {}
    gone = seen(replace(RUNS, corefile=None), held=held)
    assert columns(gone["podDisruptionBudget.maxUnavailable"]) == (None, "1", None)


def test_a_grace_that_another_user_set_is_reported_and_survives_any_update():
    row = seen(replace(RUNS, grace_seconds=40, grace_owner=KUBECTL))[GRACE]
    assert columns(row) == (None, None, 40)
    assert {row.fates.under(mode) for mode in ResolveConflicts} == {Fate.KEPT}
    assert GRACE not in seen(replace(RUNS, grace_owner=EKS))
    owned = seen(replace(RUNS, grace_owner=EKS), DesiredState(grace_seconds=45))[GRACE]
    assert owned.fates.overwrite is Fate.SAME


def test_other_fields_of_others_are_reported_and_are_no_drift():
    memory = ForeignField("Deployment", "spec.x", "1Gi", KUBECTL)
    row = seen(replace(RUNS, foreign=(memory,)))["Deployment spec.x"]
    assert (row.live, row.owner, row.deviates, row.is_worth_telling) == ("1Gi", KUBECTL, False, True)
    assert json.loads(json.dumps(row.fates.none)) == "failsIfSet"
