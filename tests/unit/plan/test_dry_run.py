"""What a dry run on the API server makes of a plan."""

import pytest

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    FieldConflict,
    Overridden,
    Override,
    WriteForbidden,
    WriteRefused,
)
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.plan.fleet import Planner
from eksaddon.plan.trials.dry_run import TEMPLATE, template_tried, tried, with_template_trials, with_trials
from eksaddon.schema import packaged_schema

REF = ClusterRef("111122223333", "eu-west-1", "prod")
VERSION = "v1.11.4-eksbuild.40"


def cluster() -> ClusterPlan:
    schema = packaged_schema(VERSION)
    assert schema is not None
    desired = DesiredState(values={"replicaCount": 3}, grace_seconds=45)
    observed = Managed(REF, VERSION, "ACTIVE", '{"replicaCount": 2}')
    return Planner({VERSION: schema}).plan(Target(REF), observed, desired, Workload(2, 30, 0, None, (1, 33)))


def test_values_that_the_server_accepts_are_unchanged() -> None:
    assert cluster().workload is not None
    assert tried(cluster(), Applied()) == cluster()


def test_a_change_that_the_server_would_reject_is_blocked_in_both_planes() -> None:
    refusals: dict[str, ApplyAnswer] = {
        "apply-conflict": ApplyConflict((FieldConflict("helm", ".spec.x"),)),
        "apply-refused": WriteRefused("the sleep is longer than the grace"),
        "apply-overridden": Overridden((Override("terminationGracePeriodSeconds", 45, 30),)),
    }
    for rule, answer in refusals.items():
        found = tried(cluster(), answer)
        assert (found.action, found.writes, found.order, found.kept) == (Action.BLOCKED, False, (), None)
        assert (found.diagnostics[0].rule, found.diagnostics[0].severity) == (rule, Severity.ERROR)
        assert found.changes == cluster().changes
        assert found.reason == found.diagnostics[0].summary
    assert "is managed by helm" in tried(cluster(), refusals["apply-conflict"]).reason


def test_a_trial_that_was_not_possible_is_reported_and_the_plan_continues() -> None:
    found = tried(cluster(), NotChecked("the role may not patch"))
    assert found.writes
    assert [one.rule for one in found.diagnostics if one.severity is Severity.INFO][-1] == "apply-not-tried"


def test_credentials_that_may_not_patch_can_plan_and_cannot_apply() -> None:
    answer = WriteForbidden("cannot patch", "grant it")
    found = tried(cluster(), answer)
    assert found.writes
    assert found.diagnostics[-1].rule == "apply-not-tried"
    blocked = tried(cluster(), answer, writes=True)
    assert (blocked.action, blocked.writes) == (Action.BLOCKED, False)
    assert (blocked.diagnostics[0].rule, blocked.diagnostics[0].detail) == ("apply-forbidden", "grant it")


def test_values_set_by_admission_are_named() -> None:
    answer = Overridden((Override("terminationGracePeriodSeconds", 45, 30),))
    assert "terminationGracePeriodSeconds becomes 30 instead of 45" in tried(cluster(), answer).reason


def test_a_plan_that_changed_by_it_is_another_plan() -> None:
    plan = Plan((cluster(),), 0.0, "before")
    assert with_trials(plan, {}) is plan
    blocked = with_trials(plan, {REF: WriteRefused("no")})
    assert [one.action for one in blocked.clusters] == [Action.BLOCKED]
    assert blocked.digest != with_trials(plan, {REF: Applied()}).digest
    other = ClusterRef("111122223333", "eu-west-1", "other")
    assert with_trials(plan, {other: WriteRefused("no")}).clusters == plan.clusters


def test_a_pod_template_that_the_server_would_reject_is_blocked() -> None:
    answer = WriteRefused("spec.template.spec.tolerations[0].operator: Invalid value", is_invalid=True)
    plan = Plan((cluster(),), 0.0, "")
    blocked = with_template_trials(plan, {REF: answer})
    assert with_template_trials(plan, {}) is plan
    other = ClusterRef(REF.account, REF.region, "other")
    assert with_template_trials(plan, {other: answer}).clusters == plan.clusters
    (found,) = blocked.clusters
    assert (found.action, found.writes) == (Action.BLOCKED, False)
    assert found.reason.endswith("tolerations[0].operator: Invalid value")
    assert blocked.digest


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        (WriteRefused("denied by a webhook", "ask"), Severity.WARNING),
        (WriteForbidden("no patch"), Severity.INFO),
        (NotChecked("timed out"), Severity.INFO),
    ],
)
def test_denials_of_the_planning_role_are_reported(answer: ApplyAnswer, severity: Severity) -> None:
    found = template_tried(cluster(), answer)
    assert found.writes
    assert found.diagnostics[-1].severity is severity
    assert (found.diagnostics[-1].rule == TEMPLATE) is (severity is Severity.WARNING)


@pytest.mark.parametrize("answer", [Applied(), ApplyConflict(()), Overridden(())])
def test_a_template_that_the_server_takes_changes_nothing(answer: ApplyAnswer) -> None:
    assert template_tried(cluster(), answer) == cluster()
