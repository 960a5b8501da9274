"""What an add-on update will meet on the Deployment where EKS stores no replicaCount."""

from dataclasses import replace

import pytest

from eksaddon.domain.desired import DesiredState, ResolveConflicts
from eksaddon.domain.workload import NotChecked, Owner, Scaler, ScalerKind, Workload
from tests.support.planner import COREFILE, managed, planned, rules, wants

SIX = Workload(6, 30, 0, COREFILE, (1, 33))
STORED = {"computeType": "ec2", "corefile": COREFILE}
KUBECTL = Owner("kubectl-scale", "Update", 0.0)


def found(workload: Workload, mode: ResolveConflicts) -> set[tuple[str, str]]:
    desired = replace(wants(20), resolve_conflicts=mode)
    return rules(planned(managed(STORED), desired, workload))


def test_replicas_that_fall_are_shown_with_who_scales_them_again() -> None:
    plan = planned(managed(STORED), wants(20), SIX)
    (one,) = [each for each in plan.diagnostics if each.rule == "replicas-fall"]
    assert one.summary == "the update lowers the running replicas from 6 to 2"
    scaled = replace(SIX, scalers=(Scaler("hpa", 2, 9),))
    plan = planned(managed(STORED), wants(20), scaled)
    (one,) = [each for each in plan.diagnostics if each.rule == "replicas-fall"]
    assert one.summary.endswith("; hpa scales up again")


@pytest.mark.parametrize(
    "scaler",
    [
        Scaler("hpa", 2, 9),
        Scaler("dns-autoscaler", None, None, ScalerKind.PROPORTIONAL),
        Scaler("coredns", 2, 9, ScalerKind.KEDA),
    ],
    ids=str,
)
def test_no_autoscaler_silences_the_warning(scaler: Scaler) -> None:
    plan = planned(managed(STORED), wants(20), replace(SIX, scalers=(scaler,)))
    (one,) = [each for each in plan.diagnostics if each.rule == "replicas-fall"]
    assert one.summary == f"the update lowers the running replicas from 6 to 2; {scaler} scales up again"
    assert plan.weakens


@pytest.mark.parametrize(
    ("desired", "workload", "is_said"),
    [
        (replace(wants(None), values={"replicaCount": 3}), NotChecked("timed out", "retry"), True),
        (replace(wants(None), values={"replicaCount": 3}), NotChecked("no need", is_chosen=True), False),
        (wants(20), NotChecked("timed out"), False),
    ],
)
def test_a_cluster_that_could_not_be_read_is_noted_once(
    desired: DesiredState, workload: NotChecked, is_said: bool
) -> None:
    found = planned(managed(STORED), desired, workload).diagnostics
    noted = [one.summary for one in found if one.rule == "update-not-foreseen"]
    assert noted == ["conflicts with the live objects could not be checked: timed out"] * is_said


def test_autoscalers_that_could_not_be_looked_for_are_reported() -> None:
    plan = planned(managed(STORED), wants(20), replace(SIX, scalers_unread="access denied"))
    (one,) = [each for each in plan.diagnostics if each.rule == "autoscalers-not-read"]
    assert one.summary == "some autoscalers could not be looked for: access denied"


@pytest.mark.parametrize(
    ("mode", "rule"),
    [
        (ResolveConflicts.NONE, ("update-conflict", "error")),
        (ResolveConflicts.OVERWRITE, ("replicas-fall", "warning")),
    ],
)
def test_the_owner_of_replicas_decides_the_effect_of_the_update(
    mode: ResolveConflicts, rule: tuple[str, str]
) -> None:
    assert rule in found(replace(SIX, replicas_owner=KUBECTL), mode)


def test_preserve_keeps_replicas_that_no_one_asked_to_change() -> None:
    rules_found = {rule for rule, _ in found(replace(SIX, replicas_owner=KUBECTL), ResolveConflicts.PRESERVE)}
    assert not rules_found & {"update-conflict", "update-not-in-force", "replicas-fall"}


def test_more_replicas_than_run_are_no_finding() -> None:
    assert not {rule for rule, _ in found(replace(SIX, replicas=1), ResolveConflicts.NONE)} & {
        "replicas-fall"
    }
