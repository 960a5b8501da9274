"""What runs against what EKS holds, and who owns the fields that a plan wants."""

import json
from dataclasses import replace
from typing import Any

import pytest

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, Plane, WorkloadWrite
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NO_COREFILE, PAUSED, Budget, NotChecked, Owner, Scaler, Workload
from eksaddon.plan.inputs import Situation
from eksaddon.plan.live import live_findings
from eksaddon.plan.planner import resolve
from eksaddon.plan.workload_changes import workload_diagnostics, workload_write
from eksaddon.schema import packaged_schema

VERSION = "v1.11.4-eksbuild.40"
COREFILE = (
    ".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n    forward . 1.1.1.1\n}\n"
)
STORED = '{"replicaCount": 2, "corefile": %s}'
EDITED = COREFILE.replace("errors", "log")
EKS = Owner("eks", "Apply", 0.0)
KUBECTL = Owner("kubectl-edit", "Update", 1_767_225_600.0)
RUNS = Workload(2, 30, 0, COREFILE, (1, 33))


def situation(workload: Workload | NotChecked, text: str | None = None, **desired: object) -> Situation:

    stored = STORED % json.dumps(COREFILE) if text is None else text
    ref = ClusterRef("111122223333", "eu-west-1", "prod")
    schema = packaged_schema(VERSION)
    assert schema is not None
    wanted = DesiredState(**desired)  # type: ignore[arg-type]  # by name
    return Situation(Managed(ref, VERSION, "ACTIVE", stored), wanted, workload, schema)


def told(workload: Workload, text: str | None = None) -> list[tuple[str, str, str]]:
    return [(one.rule, one.summary, one.detail) for one in live_findings(situation(workload, text))]


def test_live_values_equal_to_the_stored_ones_have_no_finding():
    assert told(RUNS) == []
    assert told(replace(RUNS, corefile=COREFILE.replace("    ", "  "))) == []
    assert told(replace(RUNS, corefile=None)) == []


def test_a_hand_edit_of_the_corefile_is_found_with_who_and_when_and_what_an_update_does_to_it():
    ((rule, summary, detail),) = told(replace(RUNS, corefile=EDITED, corefile_owner=KUBECTL))
    assert rule == "live-corefile"
    assert summary.endswith(
        "differs from EKS's configuration: last written by kubectl-edit on 2026-01-01 00:00 UTC"
    )
    assert detail == (
        "an add-on update with none fails, with preserve keeps the live value, with overwrite replaces it"
    )


@pytest.mark.parametrize("owner", [None, EKS, Owner("helm", "Apply")])
def test_an_owner_is_only_named_where_it_is_another(owner):
    ((_, summary, _),) = told(replace(RUNS, corefile=EDITED, corefile_owner=owner))
    assert summary.endswith("last written by helm") == (owner is not None and owner.manager == "helm")


def test_other_replicas_than_held_are_found_unless_the_addon_scales_them():
    ((rule, summary, _),) = told(replace(RUNS, replicas=5))
    assert (rule, summary) == ("live-replicas", "the Deployment has 5 replicas, but replicaCount in EKS is 2")
    assert len(told(replace(RUNS, replicas=5, scalers=(Scaler("hpa", 2, 9),)))) == 1
    assert told(replace(RUNS, replicas=5), '{"replicaCount": 2, "autoScaling": {"enabled": true}}') == []


def test_what_cannot_be_seen_or_read_is_not_a_finding():
    assert list(live_findings(situation(NotChecked("why")))) == []
    assert told(RUNS, "{") == []
    assert told(replace(RUNS, corefile=EDITED), "{}") == []


def rules(desired: DesiredState, workload: Workload, *, force: bool = False) -> dict[str, Severity]:
    return {one.rule: one.severity for one in workload_diagnostics(desired, workload, force=force)}


WANTED = DesiredState(grace_seconds=45, pre_stop_seconds=5)


def test_a_pre_stop_that_the_server_does_not_know_blocks_the_plan():
    assert rules(WANTED, replace(RUNS, version=(1, 29))) == {"pre-stop-unsupported": Severity.ERROR}
    assert rules(DesiredState(grace_seconds=45), replace(RUNS, version=(1, 29))) == {}
    blocked = resolve(situation(replace(RUNS, version=(1, 29)), grace_seconds=45, pre_stop_seconds=5))
    assert blocked.action == "blocked"


def test_several_budgets_and_another_pre_stop_are_worth_a_warning():
    two = replace(RUNS, budgets=(Budget("a"), Budget("b")), other_pre_stop="exec")
    assert rules(DesiredState(), two) == {
        "several-budgets": Severity.WARNING,
        "pre-stop-foreign": Severity.WARNING,
    }


def test_fields_of_others_are_told_before_anything_fails_on_them():
    owned = replace(RUNS, grace_owner=KUBECTL, pre_stop_owner=EKS)
    (grace, sleep) = workload_diagnostics(WANTED, owned)
    assert grace.summary == "terminationGracePeriodSeconds is managed by kubectl-edit, which set it to 30"
    assert "--force-conflicts" in grace.detail
    assert "managed by eks" in sleep.summary
    assert all("takes it over" in one.detail for one in workload_diagnostics(WANTED, owned, force=True))
    assert rules(WANTED, replace(owned, grace_seconds=45, pre_stop_seconds=5)) == {}


def test_a_hint_is_told_where_a_plane_cannot_be_seen():
    (one,) = workload_diagnostics(WANTED, NotChecked("the Kubernetes API refuses", "add an access entry"))
    assert one.detail.startswith("add an access entry; ")
    assert workload_diagnostics(DesiredState(), NotChecked("x")) == ()


def test_fields_set_by_eksdns_and_no_longer_desired_stay():
    ours = Owner("eksdns", "Apply")
    live = replace(RUNS, grace_seconds=40, pre_stop_seconds=7, grace_owner=ours, pre_stop_owner=ours)
    write = workload_write(DesiredState(grace_seconds=45), live, force=False)
    assert write == WorkloadWrite(45, 7, (40, 7))
    theirs = replace(live, pre_stop_owner=KUBECTL)
    assert workload_write(DesiredState(grace_seconds=45), theirs, force=True) == WorkloadWrite(
        45, None, (40, 7), force=True
    )
    assert workload_write(DesiredState(grace_seconds=40), live, force=False) is None
    assert workload_write(WANTED, NotChecked("x"), force=False) is None


@pytest.mark.parametrize(
    ("desired", "order"),
    [
        ({"values": {"replicaCount": 3}}, (Plane.ADDON,)),
        ({"grace_seconds": 45}, (Plane.WORKLOAD,)),
        ({"values": {"replicaCount": 3}, "grace_seconds": 45}, (Plane.WORKLOAD, Plane.ADDON)),
        ({"values": {"replicaCount": 2}}, ()),
    ],
)
def test_a_plan_names_the_planes_that_it_writes(desired, order):
    assert resolve(situation(RUNS, **desired)).order == order


def test_without_a_corefile_the_order_is_that_of_the_grace_alone():
    desired = {"values": {"replicaCount": 3}, "grace_seconds": 45}
    assert resolve(situation(RUNS, '{"replicaCount": 2}', **desired)).order == (Plane.WORKLOAD, Plane.ADDON)


@pytest.mark.parametrize("desired", [{}, {"values": {"replicaCount": 2}}, {"values": {"replicaCount": 5}}])
def test_replicas_that_a_proof_left_block_every_plan_with_that_reason(desired: dict[str, Any]) -> None:
    left = replace(RUNS, replicas=0, scaled_down=ScaledDown(2, 0))
    found = resolve(situation(left, **desired))
    (one,) = (each for each in found.diagnostics if each.severity is Severity.ERROR)
    assert (found.action, found.reason, one.rule) == (Action.BLOCKED, one.summary, "scaled-down")
    assert "live-replicas" not in {each.rule for each in found.diagnostics}
    assert found.text is None


def test_the_reason_is_what_the_proof_left_even_if_more_speaks_against_the_plan() -> None:
    left = replace(RUNS, replicas=0, version=(1, 29), scaled_down=ScaledDown(2, 0))
    found = resolve(situation(left, pre_stop_seconds=5))
    assert found.reason.startswith("`eksdns prove` scaled CoreDNS from 2 to 0 replicas")
    assert found.reason.endswith(", and 1 more")


def test_replicas_that_were_set_since_the_proof_block_nothing() -> None:
    found = resolve(situation(replace(RUNS, scaled_down=ScaledDown(2, 0))))
    assert found.action is Action.IN_SYNC
    assert {each.rule: each.severity for each in found.diagnostics}["scaled-down"] is Severity.INFO


def test_live_objects_that_were_to_be_seen_and_could_not_be_are_unverified_whatever_is_desired():
    failed = resolve(situation(NotChecked("timed out", "check the network"), values={"replicaCount": 2}))
    assert failed.action is Action.IN_SYNC
    assert failed.reason == "the add-on plane is in sync; timed out"
    assert failed.unverified == "timed out"
    (finding,) = [one for one in failed.diagnostics if one.rule == "workload-not-checked"]
    assert (finding.severity, finding.summary) == (
        Severity.WARNING,
        "workload plane unreadable: timed out",
    )
    chosen = resolve(situation(NotChecked("not asked", is_chosen=True), values={"replicaCount": 2}))
    assert (chosen.reason, chosen.unverified) == ("in sync", "")
    assert not [one for one in chosen.diagnostics if one.rule == "workload-not-checked"]


@pytest.mark.parametrize(
    ("desired", "severity"), [({}, Severity.WARNING), ({"grace_seconds": 45}, Severity.ERROR)]
)
def test_a_corefile_that_is_missing_is_no_sync_and_no_pod_is_started_with_it(desired, severity):
    gone = replace(RUNS, corefile=None, pods=(Pod("coredns-1", 30),))
    found = resolve(situation(gone, values={"replicaCount": 2}, **desired))
    (finding,) = [one for one in found.diagnostics if one.rule == "corefile-next-start"]
    assert (finding.severity, finding.summary) == (severity, NO_COREFILE)
    assert found.reason == NO_COREFILE
    others = replace(gone, pods=(Pod("coredns-1", 30, reads_corefile=False),))
    assert resolve(situation(others, values={"replicaCount": 2})).reason == "in sync"


@pytest.mark.parametrize(
    ("owner", "detail"),
    [
        (EKS, "any add-on update restores"),
        (KUBECTL, "an add-on update with none fails"),
        (None, "an add-on update with none"),
    ],
)
def test_what_an_update_does_to_other_replicas_depends_on_who_set_them(owner, detail):
    scaled = replace(RUNS, replicas=5, replicas_owner=owner)
    (found,) = [text for rule, _, text in told(scaled) if rule == "live-replicas"]
    assert found.startswith(detail)


def test_a_paused_deployment_is_named_before_something_is_written_to_it():
    ((rule, summary, _),) = told(replace(RUNS, is_paused=True))
    assert (rule, summary) == ("rollout-paused", PAUSED)
    assert resolve(situation(replace(RUNS, is_paused=True), grace_seconds=45)).action is Action.UPDATE
